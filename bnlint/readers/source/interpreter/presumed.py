"""Defaults that hold only because nobody in sight passes something else.

``norm="batch"`` and ``dropout=None`` are themselves where a run starts with a function. A test of
such a parameter is a choice all the same: what is found may turn on it, and somebody else may pass
another value. The other side of that choice gives the default up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from bnlint import keras_api
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.values import Instance, Presumed, Symbol, Unknown, Value
from bnlint.readers.source.parsing import program as ir

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
        return _among(frame.presumed, frame.names, expression.id)
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


def tested_in(test: ir.Expr, frame: Frame) -> Holder | None:
    """The holder that a test is about: ``norm``, ``norm == "batch"``, ``self.norm is None``."""
    return held_by(test.left if isinstance(test, ir.Compare) else test, frame)


def handed_on(call: ir.Call, frame: Frame) -> dict[int | str, tuple[Value, Unknown]]:
    """The arguments of a call that are presumed defaults, by position or keyword."""
    found: dict[int | str, tuple[Value, Unknown]] = {}
    for index, argument in enumerate(call.args):
        if argument.star:
            break
        holder = held_by(argument.value, frame)
        if holder is not None:
            found[argument.keyword or index] = (holder.default, holder.passed)
    return found


def keep_in_attribute(value: ir.Expr, frame: Frame, owner: Value, name: str) -> None:
    """``owner.name = value``: an attribute may hold a presumed default."""
    holder = held_by(value, frame)
    if holder is not None and isinstance(owner, Instance):
        owner.presumed[name] = (holder.default, holder.passed)


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
