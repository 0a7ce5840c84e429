"""Where names live while a function runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from bnlint.readers.source.interpreter.values import Class, Function, Presumed, Value
from bnlint.readers.source.modules import Module


class Raised(Exception):  # noqa: N818  it is no error of ours
    """The program raises here."""


class Cut(Exception):  # noqa: N818
    """A budget is used up; what follows is unknown."""


@dataclass(slots=True, eq=False)
class Frame:
    """The names of one running function, class body or module.

    Attributes:
        module: the module whose globals it sees.
        names: its local names.
        outer: the frame its function closes over.
        function: the running function; ``None`` for a module or class body.
        owner: the class the running method was found in, for ``super()``.
        is_module: its names are the module's globals.
        declared: names declared ``global`` or ``nonlocal`` and the frame they live in (``None``:
            the module's globals).
        presumed: the parameters whose default callers may replace.
        defaulted: the names whose value depends on the default of a parameter.
        result: the value that ``return`` gave.
        yielded: the values that a generator yielded.
    """

    module: Module
    names: dict[str, Value]
    outer: Frame | None = None
    function: Function | None = None
    owner: Class | None = None
    is_module: bool = False
    declared: dict[str, Frame | None] = field(default_factory=dict)
    presumed: Presumed = field(default_factory=dict)
    defaulted: set[str] = field(default_factory=set)
    result: Value = None
    yielded: list[Value] = field(default_factory=list)

    @property
    def is_class_body(self) -> bool:
        """Whether the names are those of a class that is being defined."""
        return self.owner is not None and self.function is None
