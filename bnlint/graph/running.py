"""Which functions of a program run when a layer is constructed or applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Running:
    """One run of a function; two runs of the same function are two of these.

    Attributes:
        name: the name of the function.
        owner: the name of the class that it is a method of, or empty.
        filename: the file that defines it.
        is_nested: another function defines it, so all its callers are inside that function.
        caller: the run that called it.
    """

    name: str
    owner: str
    filename: str
    is_nested: bool
    caller: Running | None

    def outwards(self) -> Iterator[Running]:
        """The run itself and the runs around it, the nearest first."""
        running: Running | None = self
        while running is not None:
            yield running
            running = running.caller
