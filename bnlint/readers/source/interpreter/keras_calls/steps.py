"""How many times a training updates the weights, where the program shows it."""

from __future__ import annotations

from typing import Final

from bnlint.graph import UNKNOWN
from bnlint.graph import Unknown as Unsaid
from bnlint.readers.source.interpreter.arrays import Array, rows_of
from bnlint.readers.source.interpreter.values import Arguments, Value

_BATCH: Final = 32  # the default of `fit`


def updates_of(name: str, arguments: Arguments, batch_size: int | Unsaid | None) -> int | Unsaid:
    """The steps of ``fit`` or ``train_on_batch``, early stopping aside."""
    if name == "train_on_batch":
        return 1
    if name != "fit" or arguments.open or "initial_epoch" in arguments.keywords:
        return UNKNOWN
    epochs = arguments.get(3, "epochs", arguments.keywords.get("nb_epoch", 1))
    steps = arguments.keywords.get("steps_per_epoch")
    if steps is None:
        steps = _steps(arguments, batch_size)
    if not (isinstance(epochs, int) and isinstance(steps, int)):
        return UNKNOWN
    return epochs * steps


def _steps(arguments: Arguments, batch_size: int | Unsaid | None) -> int | None:
    data: Value = arguments.get(0, "x")
    rows = rows_of(data)
    if rows is None:
        return None
    if isinstance(data, Array) and data.is_dataset:
        return rows if data.batch is None else -(-rows // data.batch)
    given = arguments.get(2, "batch_size")
    size = _BATCH if given is None else batch_size
    if rows == 1:
        size = 1
    split = arguments.keywords.get("validation_split", 0)
    if not isinstance(size, int) or size < 1 or not isinstance(split, (int, float)):
        return None
    return -(-int(rows * (1 - split)) // size)
