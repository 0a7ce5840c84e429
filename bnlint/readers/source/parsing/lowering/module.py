"""Lowers a whole module from LibCST's tree alone: its syntax is newer than the running Python's."""

from __future__ import annotations

from dataclasses import dataclass

from bnlint.readers.source.parsing.lowering.libcst_parser import (
    Unreadable,
    on_a_large_stack,
    parse,
)
from bnlint.readers.source.parsing.lowering.positions import Generated
from bnlint.readers.source.parsing.lowering.statements import Lowering
from bnlint.readers.source.parsing.program import Block


@dataclass(frozen=True, slots=True)
class Lowered:
    """One top-level statement of a module read without :mod:`ast`.

    Attributes:
        block: its program.
        binds: the names it binds.
        line: its first line, decorators included.
        end_line: its last line.
    """

    block: Block
    binds: frozenset[str]
    line: int
    end_line: int


def lower_module(text: str) -> list[Lowered]:
    """The program of a whole module, for syntax that is newer than the running Python's.

    Raises:
        Unreadable: LibCST cannot parse the text either.
    """
    return on_a_large_stack(lambda: _lower_module(text))


def _lower_module(text: str) -> list[Lowered]:
    module = parse(text)
    lowered = []
    try:
        positions = Generated(module, text)
        for statement in module.body:
            lowering = Lowering(positions)
            block = lowering.block([statement])
            first, last = positions.lines(statement)
            lowered.append(Lowered(block, frozenset(lowering.binds), first, last))
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    return lowered
