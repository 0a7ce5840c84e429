"""Which Keras a model is of."""

from __future__ import annotations

import re
import sys

from bnlint.keras_api.versions.target import Target


def target_of(model: object) -> Target | None:
    """The version of the library that made ``model``; ``None`` where it can't be inferred."""
    for cls in type(model).__mro__:
        root = cls.__module__.partition(".")[0]
        if root == "tf_keras":  # its version follows TensorFlow's, but it stays Keras 2
            return Target((2,), "the model's own")
        if root == "keras":
            return _target(getattr(sys.modules.get(root), "__version__", ""), "the model's own")
    return None


def target_of_file(version: object) -> Target | None:
    """The version that a file says it was saved with: its ``keras_version``."""
    found = _target(version, "what saved the model")
    # tf_keras writes the number of its TensorFlow.
    return Target((2,), found.why) if found is not None and found.major == 2 else found


def _target(version: object, why: str) -> Target | None:
    match = re.match(r"([123])\.(\d{1,3})(?:\.|$)", str(version))
    return Target((int(match[1]), int(match[2])), why) if match else None
