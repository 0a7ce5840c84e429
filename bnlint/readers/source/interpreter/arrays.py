"""Arrays of numbers: how many samples they hold, where the program shows it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from bnlint.graph import Tensor
from bnlint.readers.source.interpreter.values import Arguments, Unknown, Value
from bnlint.readers.source.parsing import program as ir

LIBRARIES: Final = ("numpy.", "tensorflow.", "jax.", "keras.", "tf_keras.")
_SHAPE_FIRST: Final = frozenset(
    {"zeros", "ones", "empty", "full", "fill", "random", "random_sample", "standard_normal"}
)
_DRAWN: Final = frozenset({"normal", "uniform", "randint", "integers", "choice", "binomial"})
_OF_SIZES: Final = frozenset({"rand", "randn"})
_CONVERTED: Final = frozenset(
    {"array", "asarray", "constant", "convert_to_tensor", "float32", "to_categorical", "cast"}
)
_KEEPS_ROWS: Final = frozenset({"astype", "copy", "clip", "round", "numpy"})
_KEEPS_BATCHES: Final = frozenset({"shuffle", "prefetch", "cache", "map", "with_options"})


class Array(Unknown):
    """An array of which the number of samples is known.

    Attributes:
        rows: how many samples.
        batch: how many of them a dataset gives at a time; ``None`` for one that is no dataset, or
            gives them one by one.
        is_dataset: it gives batches.
    """

    __slots__ = ("batch", "is_dataset", "rows")

    def __init__(
        self, key: Hashable, rows: int, *, is_dataset: bool = False, batch: int | None = None
    ) -> None:
        super().__init__(key)
        self.rows = rows
        self.is_dataset = is_dataset
        self.batch = batch


def rows_of(value: Value) -> int | None:
    """How many samples ``fit`` is given, where that is known."""
    if isinstance(value, Array):
        return value.rows
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)) and value:
        if isinstance(value[0], (list, tuple, int, float)):
            return None
        return rows_of(value[0])
    return None


def made(path: str, arguments: Arguments, node: object) -> Array | None:
    """What a function of numpy, TensorFlow or Keras gives, where it is an array of known rows."""
    if arguments.open or any(isinstance(value, Tensor) for value in arguments.values()):
        return None
    name = path.rpartition(".")[2]
    first = arguments.get(0, "shape")
    rows: int | None = None
    if name == "from_tensor_slices":
        count = rows_of(first)
        return None if count is None else Array((node, None), count, is_dataset=True)
    if name in _OF_SIZES:
        rows = _first(arguments.positional)
    elif name in _SHAPE_FIRST or (name in _DRAWN and not path.startswith("numpy.")):
        rows = _first(arguments.keywords.get("size", first))
    elif name in _DRAWN:
        rows = _first(arguments.get(2, "size"))
    elif name in ("reshape", "expand_dims"):
        return _reshaped(name, first, arguments.get(1, "shape"), arguments, node)
    elif name in _CONVERTED:
        rows = first.rows if isinstance(first, Array) else _length(first)
    return None if rows is None else Array((node, None), rows)


def drawn(name: str, arguments: Arguments, node: object) -> Array | None:
    """``rng.normal(size=(6, 4))``, ``state.reshape(1, -1)`` of something unknown."""
    if arguments.open:
        return None
    rows: int | None = None
    if name in _DRAWN:
        rows = _first(arguments.keywords.get("size"))
    elif name in ("random", "standard_normal"):
        rows = _first(arguments.get(0, "size"))
    elif name == "reshape" and arguments.positional:
        given = arguments.positional[0]
        rows = _first(given if isinstance(given, (list, tuple)) else arguments.positional)
        rows = rows if rows == 1 else None  # of pictures it may be anything
    return None if rows is None else Array((node, None), rows)


def method(value: Array, name: str, arguments: Arguments, node: object) -> Array | None:
    """A method of an array or dataset of known rows."""
    if not value.is_dataset:
        if name in _KEEPS_ROWS:
            return Array((node, None), value.rows)
        return drawn(name, arguments, node)
    first = arguments.get(0, "batch_size", arguments.keywords.get("count"))
    if name in _KEEPS_BATCHES:
        return Array((node, None), value.rows, is_dataset=True, batch=value.batch)
    if not isinstance(first, int) or first < 1:
        return None
    if name == "batch":
        return Array((node, None), value.rows, is_dataset=True, batch=first)
    if name == "repeat":
        return Array((node, None), value.rows * first, is_dataset=True, batch=value.batch)
    if name == "take":
        rows = min(value.rows, first * (value.batch or 1))
        return Array((node, None), rows, is_dataset=True, batch=value.batch)
    return None


def item(value: Unknown, index: Value, node: object) -> Array | None:
    """``x[:10]``, ``x[None]``."""
    parts = index if isinstance(index, tuple) else (index,)
    first = parts[0] if parts else Ellipsis
    if first is None:
        return Array((node, None), 1)
    if not (isinstance(value, Array) and isinstance(first, slice) and first.step is None):
        return None
    if all(part is None or isinstance(part, int) for part in (first.start, first.stop)):
        return Array((node, None), len(range(value.rows)[first]))
    return None


def _reshaped(
    name: str, value: Value, given: Value, arguments: Arguments, node: object
) -> Array | None:
    if isinstance(value, Unknown) and value.from_parameter:
        return None  # it may be a tensor
    if name == "expand_dims":
        axis = arguments.get(1, "axis")
        return Array((node, None), 1) if axis == 0 else None
    rows = _first(arguments.keywords.get("newshape", given))
    return None if rows is None else Array((node, None), rows)


def _first(shape: Value) -> int | None:
    if isinstance(shape, (list, tuple)):
        shape = shape[0] if shape else None
    known = isinstance(shape, int) and not isinstance(shape, bool) and shape > 0
    return shape if known else None


def _length(value: Value) -> int | None:
    """The rows of a list that is written out."""
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple) and value:
        return len(value)
    return None


def is_index_of_rows(node: ir.Expr) -> bool:
    """Whether ``x[node]`` may be an array of known rows."""
    if isinstance(node, ir.Tuple):
        return bool(node.elts) and is_index_of_rows(node.elts[0])
    if isinstance(node, ir.Attribute):
        return node.attr == "newaxis"
    return isinstance(node, ir.Slice) or (isinstance(node, ir.Const) and node.value is None)
