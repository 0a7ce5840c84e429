"""The names that the methods of a user's class use: what of its attributes may be applied there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Final

from bnlint.model.keras_objects import Live, flatten, is_keras_class, sublayers

# Names in a method that may mean any attribute.
ANY_ATTRIBUTE: Final = frozenset(
    {"getattr", "vars", "__dict__", "layers", "_layers", "_flatten_layers", "submodules"}
)
# What a model computes beside `call`; a loss may be on what any layer named there returns.
_STEPS: Final = frozenset({"train_step", "test_step", "compute_loss", "_compute_loss"})


def users_classes(cls: type) -> list[type]:
    """A class and its bases, as far as they are a user's."""
    return [base for base in cls.__mro__ if not is_keras_class(base) and base is not object]


def names_in(cls: type, without: Iterable[str] = ()) -> Iterator[str]:
    """The names that the methods of one class use.

    Args:
        cls: the class; its bases are not looked at.
        without: the methods to leave out.
    """
    for name, value in vars(cls).items():
        if name not in without:
            yield from names_of(value)


def names_of(value: Live) -> Iterator[str]:
    """The names that one attribute of a class uses: a method, a property, …"""
    function = getattr(value, "__func__", getattr(value, "fget", value))
    function = getattr(function, "python_function", function)
    function = getattr(function, "__wrapped__", function)
    if isinstance(function, FunctionType):
        yield from _names_of_code(function.__code__)
    elif callable(value) and not isinstance(value, type):
        yield from ANY_ATTRIBUTE  # whatever it does


def _names_of_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of_code(constant)


def layers_in_steps(model: Live) -> list[Live]:
    """The layers that a model's own ``train_step`` and the like may apply by themselves.

    Those are the attributes that are named in them, or in other methods of the user's that they
    name; ``call`` is not one of them, as the model applies its layers there anyway.
    """
    methods = {
        name: value
        for base in reversed(users_classes(type(model)))
        for name, value in vars(base).items()
    }
    pending = [name for name in methods if name in _STEPS]
    seen = {"call", *pending}
    names: set[str] = set()
    while pending:
        found = set(names_of(methods[pending.pop()]))
        names |= found
        pending += [name for name in found if name in methods and name not in seen]
        seen |= found
    if names & ANY_ATTRIBUTE:
        return sublayers(model)
    attributes = [value for name, value in vars(model).items() if name in names]
    return [item for item in flatten(attributes) if hasattr(item, "_flatten_layers")]
