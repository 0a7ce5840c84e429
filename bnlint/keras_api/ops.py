"""Functions and operators on tensors, as layers of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from bnlint.keras_api.activations import ACTIVATIONS, activation_name
from bnlint.keras_api.op_tables import ACTIVATION_FUNCTIONS, FIXED, TABLES
from bnlint.keras_api.spec import REQUIRED, OpSpec

OPERATORS: Final[dict[str, str]] = {
    "+": "Add",
    "-": "Subtract",
    "*": "Multiply",
    "/": "Divide",
    "//": "FloorDivide",
    "%": "Mod",
    "**": "Power",
    "@": "Matmul",
    "[]": "Slice",
    "<": "Compare",
    "<=": "Compare",
    ">": "Compare",
    ">=": "Compare",
    "==": "Compare",
    "!=": "Compare",
    "neg": "Negative",
}
"""Operator -> kind, for tensor and tensor; see :func:`with_a_number`. ``"neg"`` is the unary
minus."""

_ARITHMETIC: Final = frozenset({"Add", "Subtract", "Multiply", "Divide"})
_VARIADIC = frozenset(("einsum",))


@cache
def op(table: str, name: str) -> OpSpec | None:
    """The function ``name`` of one table of :mod:`bnlint.keras_api.op_tables`."""
    row = TABLES[table].get(name)
    if row is None:
        return None
    kind, tensors, params = row
    activation = activation_name(name) if kind == "Activation" else None
    fixed = dict(FIXED.get(kind, {})) if table != "tf.layers" else {}
    if kind == "Activation":
        fixed["activation"] = activation
    return OpSpec(
        name=name,
        kind=kind,
        params=(*((tensor, REQUIRED) for tensor in tensors.split()), *params),
        tensors=tuple(tensors.split()),
        activation=activation,
        builds=table == "tf.layers" or kind.startswith("slim."),
        variadic=name in _VARIADIC,
        fixed=fixed,
    )


def with_a_number(kind: str, operands: Sequence[object]) -> str:
    """The kind of an operator or function of two operands, one of which may be a number.

    Args:
        kind: its kind for two tensors, a value of :data:`OPERATORS`.
        operands: numbers as they are; any other object stands for a tensor.

    Returns:
        ``"ScaleShift"``, which passes a shift on, for a tensor scaled or moved by a number;
        otherwise ``kind``, also for a number that is divided by a tensor.
    """
    if kind not in _ARITHMETIC or len(operands) != 2:
        return kind
    numbers = [
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in operands
    ]
    scales = numbers == [False, True] or (numbers == [True, False] and kind != "Divide")
    return "ScaleShift" if scales else kind


@cache
def activation_op(name: str) -> OpSpec | None:
    """A function of ``keras.activations`` as an op; ``None`` where there is no such function."""
    if name not in ACTIVATIONS:
        return None
    if name in ACTIVATION_FUNCTIONS:
        return op("keras.activations", name)
    canonical = activation_name(name)
    return OpSpec(
        name, "Activation", (("x", REQUIRED),), ("x",), {"activation": canonical}, canonical
    )
