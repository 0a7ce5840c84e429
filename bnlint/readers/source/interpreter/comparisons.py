"""Comparisons: known, or the question that decides them in one form, so that it is recognised."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bnlint import keras_api
from bnlint.graph import Layer, Tensor
from bnlint.readers.source.interpreter.decisions import (
    FIRST_FORMATS,
    FORMATS,
    equals,
    is_format,
    is_none,
)
from bnlint.readers.source.interpreter.keras_calls import semantics
from bnlint.readers.source.interpreter.presumed import opened, settled_format
from bnlint.readers.source.interpreter.values import (
    Class,
    Composite,
    Condition,
    Function,
    Instance,
    OpenDict,
    OpenList,
    PresumedFormat,
    Symbol,
    Unknown,
    Value,
    has_unknown_keys,
    is_constant,
    is_key,
)

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_COMPARISONS: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(
    interpreter: Interpreter, op: str, left: Value, right: Value, node: object
) -> bool | Unknown:
    """``left op right`` as far as it is known; ``not``, ``is None`` and ``== True`` are
    brought to one form, so that the same question is recognised.
    """
    if op in ("!=", "is not", "not in"):
        positive = {"!=": "==", "is not": "is", "not in": "in"}[op]
        return interpreter.negate(compare(interpreter, positive, left, right, node))
    if left.__class__ is Symbol and left.path.endswith("InputLayer.__class__.__name__"):
        left = "InputLayer"
    if left.__class__ is Symbol and _is_plain(right):
        left = opened(left)
    elif right.__class__ is Symbol and _is_plain(left):
        right = opened(right)
    if isinstance(left, Unknown):
        left = interpreter.decisions.value_of(left)
    if isinstance(right, Unknown):
        right = interpreter.decisions.value_of(right)
    if op == "==":
        for value in (left, right):
            if isinstance(value, Tensor):
                value.observed = True
    if op in ("==", "is"):
        return _equal(interpreter, left, right, node)
    if op == "in":
        return _contains(interpreter, left, right, node)
    apply = _COMPARISONS.get(op)
    if apply is not None and is_constant(left) and is_constant(right):
        try:
            return bool(apply(left, right))
        except TypeError:
            pass
    for value in (left, right):
        if isinstance(value, Tensor):
            value.leaves = True
    return _question(op, left, right, node)


def _is_plain(value: Value) -> bool:
    return is_constant(value) or isinstance(value, (Unknown, list, dict))


def _is_foreign(value: Value) -> bool:
    """Whether it was returned by something and is not known to be a layer."""
    return isinstance(value, Layer) and not value.calls and keras_api.layer(value.kind) is None


def _question(op: str, left: Value, right: Value, node: object) -> Unknown:
    keys = tuple(
        value.key
        if isinstance(value, Unknown)
        else value
        if is_constant(value) and is_key(value)
        else None
        for value in (left, right)
    )
    if None in keys:
        return Unknown((op, node), condition=Condition(("compare", (op, node)), node))
    return Unknown((op, keys), condition=Condition(("compare", (op, *keys)), node))


def _equal(interpreter: Interpreter, left: Value, right: Value, node: object) -> bool | Unknown:
    if left.__class__ is PresumedFormat:
        left = settled_format(interpreter, left, node)
    if right.__class__ is PresumedFormat:
        right = settled_format(interpreter, right, node)
    if not isinstance(left, Unknown) and isinstance(right, Unknown):
        left, right = right, left
    if isinstance(left, Unknown):
        if left.key == "image_data_format" and isinstance(right, str):
            return semantics.format_question(interpreter, right)
        if right is None:
            return asked(interpreter, left, is_none(left))
        if isinstance(right, bool):
            verdict = interpreter.truth(left)
            return verdict if right else interpreter.negate(verdict)
        if isinstance(right, str) and right in FORMATS:
            verdict = asked(interpreter, left, is_format(left, right))
            return verdict if right in FIRST_FORMATS else interpreter.negate(verdict)
        if is_constant(right) and is_key(right):
            return asked(interpreter, left, equals(left, right))
        return _question("==", left, right, node)
    if is_constant(left) and is_constant(right):
        try:
            return bool(left == right)
        except (TypeError, ValueError):
            return _question("==", left, right, node)
    if left is right:
        return True
    if left is None or right is None:
        return False
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return left.path == right.path
    if _is_foreign(left) or _is_foreign(right):
        return _question("==", left, right, node)
    if isinstance(left, (Function, Class, Symbol, Layer, Tensor, Composite, Instance)) or (
        isinstance(right, (Function, Class, Symbol, Layer, Tensor, Composite, Instance))
    ):
        return False
    return _question("==", left, right, node)


def asked(interpreter: Interpreter, subject: Unknown, condition: Condition) -> bool | Unknown:
    known = interpreter.decisions.known(condition)
    if known is not None:
        interpreter.decisions.consulted += 1
        return known
    return Unknown(
        condition.key,
        subject.label,
        condition=condition,
        from_parameter=subject.from_parameter,
    )


def _contains(interpreter: Interpreter, left: Value, right: Value, node: object) -> bool | Unknown:
    if isinstance(right, dict) and is_key(left):
        if left in right:
            return True
        is_open = isinstance(right, OpenDict) or has_unknown_keys(right)
        return Unknown(("in", node)) if is_open else False
    if isinstance(right, (list, tuple, set, frozenset, str)) and not isinstance(right, OpenList):
        if is_constant(left) and all(is_constant(item) for item in right):
            try:
                return left in right
            except TypeError:
                return False
        if isinstance(left, Unknown) and all(map(is_constant, right)):
            if left.key == "image_data_format":
                return True
            verdicts = [_equal(interpreter, left, item, node) for item in right]
            if any(verdict is True for verdict in verdicts):
                return True
            if all(verdict is False for verdict in verdicts):
                return False
            key = ("in", left.key, tuple(map(repr, right)))
            condition = Condition(("compare", key), left.label, f"one of {list(right)!r}")
            return Unknown(key, left.label, condition=condition)
        if not isinstance(left, Unknown) and any(left is item for item in right):
            return True
    return _question("in", left, right, node)
