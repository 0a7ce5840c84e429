"""Which Keras a live model is of."""

from __future__ import annotations

import re
import sys

from bnlint.target_keras import Target


def target_of(model: object) -> Target | None:
    """The version of the library that ``model`` is made with; ``None`` where it can't be told."""
    for cls in type(model).__mro__:
        root = cls.__module__.partition(".")[0]
        if root == "tf_keras":  # counts on with TensorFlow, but stays Keras 2
            return Target((2,), "the model's own")
        if root == "keras":
            version = str(getattr(sys.modules.get(root), "__version__", ""))
            if match := re.match(r"([123])\.(\d+)", version):
                return Target((int(match[1]), int(match[2])), "the model's own")
    return None
