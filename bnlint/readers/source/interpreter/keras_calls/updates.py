"""What a TensorFlow 1 program shows of the updates of moving statistics.

There they are ops of their own, in the collection `UPDATE_OPS`, which the program has to run with
each training step. Whether it does is inferred from the text: of the file that trains, and of all
files of the project that were read with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_STEPS: Final = re.compile(r"\.(?:minimize|apply_gradients)\(")
_TRAINS: Final = re.compile(r"\bSession\(|\bEstimatorSpec\(|\bsess(?:ion)?\.run\(")
# What collects them, or makes them part of the layer; rather one word too many.
_COLLECTS: Final = re.compile(
    r"update_?ops|updates_collections|create_train_op|optimize_loss|gan_train_ops"
    r"|get_updates_for|\.updates\b",
    re.IGNORECASE,
)


def are_dropped(main: str, others: Iterable[str]) -> bool:
    """Whether a program trains step by step and nowhere collects the updates.

    Args:
        main: the text of the file that is read for itself. Unless it runs the steps, other code
            does, which may collect the updates as well.
        others: the texts of the files that were read with it.
    """
    if _TRAINS.search(main) is None:
        return False
    texts = (main, *others)
    return any(map(_STEPS.search, texts)) and not any(map(_COLLECTS.search, texts))
