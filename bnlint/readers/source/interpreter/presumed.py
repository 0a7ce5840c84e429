"""Defaults that hold only because nobody in sight passes something else.

``norm="batch"`` and ``dropout=None`` are themselves where a run starts with a function. A test of
such a parameter is a choice all the same: what is found may turn on it, and somebody else may pass
another value. The other side of that choice gives the default up.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bnlint import keras_api
from bnlint.readers.source.interpreter.decisions import FIRST_FORMATS, FORMATS, is_format
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Instance,
    Presumed,
    PresumedFormat,
    Symbol,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

Evaluate: TypeAlias = Callable[[ir.Expr, Frame], Value]

_NOTHING: Final = (object(), None)


class Holder(NamedTuple):
    """A parameter, or an attribute that was set to one, which still has the presumed default.

    Attributes:
        names: where it is kept.
        name: its name there.
        default: what it is.
        passed: what it is where somebody passes something else.
    """

    names: dict[str, Value]
    name: str
    default: Value
    passed: Unknown

    def give_up(self) -> None:
        """Let it be what somebody passes."""
        self.names[self.name] = self.passed

    def keep(self) -> None:
        """Let it be the default."""
        self.names[self.name] = self.default


def held_by(expression: ir.Expr, frame: Frame) -> Holder | None:
    """The holder of ``norm`` or ``self.norm``, if its value is a presumed default."""
    if isinstance(expression, ir.Name):
        scope: Frame | None = frame
        while scope is not None and expression.id not in scope.names:
            scope = scope.outer
        return None if scope is None else _among(scope.presumed, scope.names, expression.id)
    if isinstance(expression, ir.Attribute) and isinstance(expression.value, ir.Name):
        owner = frame.names.get(expression.value.id)
        if isinstance(owner, Instance):
            return _among(owner.presumed, owner.attributes, expression.attr)
    return None


def _among(presumed: Presumed, names: dict[str, Value], name: str) -> Holder | None:
    default, passed = presumed.get(name, _NOTHING)
    if passed is None or names.get(name) is not default:
        return None
    return Holder(names, name, default, passed)


def holders_in(expression: ir.Expr, frame: Frame) -> list[Holder]:
    """The holders that an expression is about: ``norm == "batch"``, ``self.norm or "batch"``.

    None where more is run than a plain computation, which must not happen twice.
    """
    found = (held_by(part, frame) for part in _plainly_read(expression))
    return [holder for holder in found if holder is not None]


@lru_cache(maxsize=8192)
def _plainly_read(expression: ir.Expr) -> tuple[ir.Expr, ...]:
    """The names and attributes that a plain computation reads."""
    found: list[ir.Expr] = []
    for part in ir.walk((expression,)):
        match part:
            case ir.Name() | ir.Attribute(value=ir.Name()):
                found.append(part)
            case ir.Call(func=ir.Name(id=name)) if name in _PLAIN_FUNCTIONS:
                pass
            case ir.Call(func=ir.Attribute(attr=name)) if name in _PLAIN_METHODS:
                pass
            case _ if part.__class__ not in _PLAIN_PARTS:
                return ()
    return tuple(found)


_PLAIN_FUNCTIONS: Final = frozenset({"bool", "isinstance", "len", "str"})
_PLAIN_METHODS: Final = frozenset(
    {"casefold", "endswith", "get", "lower", "replace", "startswith", "strip", "upper"}
)
_PLAIN_PARTS: Final = frozenset(
    {
        *(ir.Arg, ir.Attribute, ir.BoolOp, ir.Compare, ir.Const, ir.Dict, ir.IfExp, ir.List),
        *(ir.NamedExpr, ir.Set, ir.Subscript, ir.Tuple, ir.UnaryOp),
    }
)


@contextlib.contextmanager
def given_up(holders: Iterable[Holder]) -> Iterator[None]:
    """Within the block the holders are what somebody may pass."""
    for holder in holders:
        holder.give_up()
    try:
        yield
    finally:
        for holder in holders:
            holder.keep()


def if_passed(expression: ir.Expr, frame: Frame, evaluate: Evaluate) -> Unknown | None:
    """What an expression is where somebody passes something else than the defaults in it; ``None``
    where it reads none, or is the same then.
    """
    holder = held_by(expression, frame)
    if holder is not None:
        return holder.passed
    holders = holders_in(expression, frame)
    if not holders:
        return None
    with given_up(holders):
        value = evaluate(expression, frame)
    return value if isinstance(value, Unknown) else None


def handed_on(
    call: ir.Call, frame: Frame, arguments: Arguments, evaluate: Evaluate
) -> dict[int | str, tuple[Value, Unknown]]:
    """The arguments of a call that rest on presumed defaults, by position or keyword."""
    found: dict[int | str, tuple[Value, Unknown]] = {}
    for index, argument in enumerate(call.args):
        if argument.star:
            break
        passed = if_passed(argument.value, frame, evaluate)
        if passed is not None:
            key = argument.keyword
            value = arguments.positional[index] if key is None else arguments.keywords[key]
            found[key or index] = (value, passed)
    return found


Passed: TypeAlias = "Unknown | tuple[Passed, ...] | None"
"""What is assigned where somebody passes something else; one for each target of an unpacking."""


def passed_to(target: ir.Expr, expression: ir.Expr, frame: Frame, evaluate: Evaluate) -> Passed:
    """What ``target = expression`` assigns where somebody passes something else."""
    if isinstance(target, _UNPACKED):
        if not isinstance(expression, _UNPACKED):
            return None
        pairs = zip(target.elts, expression.elts, strict=False)
        return tuple(passed_to(*pair, frame, evaluate) for pair in pairs)
    return if_passed(expression, frame, evaluate)


_UNPACKED: Final = (ir.Tuple, ir.List)


def keep(target: ir.Expr, passed: Passed, frame: Frame, evaluate: Evaluate) -> None:
    """A name or an attribute that was assigned holds what rests on a default, or no longer does."""
    if isinstance(target, _UNPACKED):
        of_each = passed if isinstance(passed, tuple) else (None,) * len(target.elts)
        for element, each in zip(target.elts, of_each, strict=False):
            keep(element, each, frame, evaluate)
    elif isinstance(target, ir.Name):
        _note(frame.presumed, frame.names, target.id, passed)
    elif isinstance(target, ir.Attribute):
        owner = evaluate(target.value, frame)
        if isinstance(owner, Instance):
            _note(owner.presumed, owner.attributes, target.attr, passed)


def _note(presumed: Presumed, names: dict[str, Value], name: str, passed: Passed) -> None:
    presumed.pop(name, None)
    if isinstance(passed, Unknown) and name in names:
        presumed[name] = (names[name], passed)


def settled_format(interpreter: Interpreter, given: PresumedFormat, node: object) -> str:
    """The default of a parameter, or the other data format: callers choose between the two."""
    default = str(given)
    condition = replace(
        is_format(given.passed, default), default=default in FIRST_FORMATS, is_presumed=True
    )
    is_first = interpreter.choose(Unknown(condition.key, condition=condition), node)
    return default if is_first == condition.default else FORMATS[default]


_ABOUT_THE_LIBRARY: Final = frozenset({"__version__", "VERSION", "_BACKEND"})


def opened(value: Value) -> Value:
    """What a module that is not read calls ``FLAG`` may be anything: an open question.

    Keras's own names are known, but not which version runs, nor the flags that a program asks
    TensorFlow for.
    """
    if value.__class__ is not Symbol or value.is_module:
        return value
    if keras_api.is_keras_path(value.path) and not (
        ".FLAGS." in value.path or value.name in _ABOUT_THE_LIBRARY
    ):
        return value
    return Unknown(("symbol", value.path), value.written or value.name)


# What a default decides


def rests_on_default(node: ir.Expr, frame: Frame) -> bool:
    """Whether a value depends on the default of a parameter."""
    if not frame.defaulted and frame.outer is None and frame.owner is None:
        return False
    names = loaded_in(node)
    scope: Frame | None = frame
    while scope is not None:
        if not scope.defaulted.isdisjoint(names):
            return True
        for name in ("self", "cls"):
            owner = scope.names.get(name) if name in names else None
            if isinstance(owner, Instance) and not owner.defaulted.isdisjoint(names):
                return True
        scope = scope.outer
    return False


def rest_on_default(call: ir.Call, frame: Frame) -> frozenset[int | str]:
    """The arguments of a call that depend on a default, by position or keyword."""
    return frozenset(
        argument.keyword or index
        for index, argument in enumerate(call.args)
        if not argument.star
        and argument.value.__class__ is not ir.Const
        and rests_on_default(argument.value, frame)
    )


@lru_cache(maxsize=8192)
def loaded_in(node: ir.Expr | ir.Stmt) -> frozenset[str]:
    """The names and attributes that a node reads; not those that it only sets."""
    found: set[str] = set()
    skipped: set[int] = set()
    for part in ir.walk((node,)):
        match part:
            case ir.Assign(targets=targets):
                skipped.update(id(name) for target in targets for name in _plain_names(target))
            case ir.For(target=target):
                skipped.update(id(name) for name in _plain_names(target))
            case ir.Name(id=name) if id(part) not in skipped:
                found.add(name)
            case ir.Attribute(attr=name):
                found.add(name)
    return frozenset(found)


def _plain_names(target: ir.Expr) -> list[ir.Expr]:
    if isinstance(target, (ir.Tuple, ir.List)):
        return [name for element in target.elts for name in _plain_names(element)]
    return [target] if isinstance(target, ir.Name) else []
