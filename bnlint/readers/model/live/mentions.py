"""The names that the methods of a user's class use: the attributes that may be applied there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Final

from bnlint.readers.model.keras_objects import Live, flatten, is_keras_class, sublayers

# Names in a method that may mean any attribute.
ANY_ATTRIBUTE: Final = frozenset(
    {"getattr", "vars", "__dict__", "layers", "_layers", "_flatten_layers", "submodules"}
)
# Methods that compute besides `call`; a loss may use the output of any layer named there.
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
    codes = list(_codes_of(value))
    for code in codes:
        yield from code.co_names
    if not codes and callable(value) and not isinstance(value, type):
        yield from ANY_ATTRIBUTE  # it may use any name


def _codes_of(value: Live) -> Iterator[CodeType]:
    """The code of a method or property, and of the functions in it."""
    function = getattr(value, "__func__", getattr(value, "fget", value))
    function = getattr(function, "python_function", function)
    function = getattr(function, "__wrapped__", function)
    pending = [function.__code__] if isinstance(function, FunctionType) else []
    while pending:
        code = pending.pop()
        yield code
        pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _tuples_in(code: CodeType) -> Iterator[tuple[object, ...]]:
    """The constants that are tuples; the keywords of a call are one."""
    return (constant for constant in code.co_consts if isinstance(constant, tuple))


def layers_in_steps(model: Live) -> list[Live]:
    """The layers that a model's own ``train_step`` or a similar method may apply directly.

    These are the attributes named in the methods that belong to a step.
    """
    names = {name for value in _of_steps(type(model)) for name in names_of(value)}
    if names & ANY_ATTRIBUTE:
        return sublayers(model)
    attributes = [value for name, value in vars(model).items() if name in names]
    return [item for item in flatten(attributes) if hasattr(item, "_flatten_layers")]


def names_training(model: Live) -> bool:
    """Whether a model's own ``train_step`` or a similar method uses a keyword ``training``."""
    codes = [code for value in _of_steps(type(model)) for code in _codes_of(value)]
    return any("training" in each for code in codes for each in _tuples_in(code))


def _of_steps(cls: type) -> list[Live]:
    """The methods that belong to a user's steps: the steps, and other methods that they name.

    ``call`` is not one of them: a model applies its layers there anyway.
    """
    methods = {
        name: each for base in reversed(users_classes(cls)) for name, each in vars(base).items()
    }
    pending = [name for name in methods if name in _STEPS]
    seen = {"call", *pending}
    found: list[Live] = []
    while pending:
        method = methods[pending.pop()]
        found.append(method)
        named = {name for name in names_of(method) if name in methods} - seen
        seen |= named
        pending += named
    return found
