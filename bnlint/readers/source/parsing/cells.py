"""Positions in a program that is made of a notebook's cells, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bnlint.findings import Location
from bnlint.readers.source.parsing.text import Lines

if TYPE_CHECKING:
    from bnlint.readers.source.parsing.program import Span


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell's part of the program.

    Attributes:
        number: of the cell, from 1, over all cells of the notebook.
        lines: its lines in the program.
        margin: how many characters were taken from the beginning of its lines.
        flush: the lines, from 1, that begin further left and stayed as they are.
    """

    number: int
    lines: tuple[str, ...]
    margin: int = 0
    flush: frozenset[int] = frozenset()

    def margin_of(self, line: int) -> int:
        """How many characters were taken from the beginning of a line."""
        return 0 if line in self.flush else self.margin


class CellLines(Lines):
    """The lines of all cells, for turning spans of the program into places in cells."""

    __slots__ = ("_cells", "_first_of", "_firsts")

    def __init__(self, cells: Sequence[Placed]) -> None:
        super().__init__("\n".join(line for cell in cells for line in cell.lines))
        self._cells = tuple(cells)
        self._firsts: list[int] = []
        line = 1
        for cell in cells:
            self._firsts.append(line)
            line += len(cell.lines)
        self._first_of = dict(zip((cell.number for cell in cells), self._firsts, strict=True))

    def location(self, filename: str, span: Span) -> Location:
        where = super().location(filename, span)
        index = max(bisect_right(self._firsts, where.line) - 1, 0)
        if index >= len(self._cells):
            return where
        cell, before = self._cells[index], self._firsts[index] - 1
        line, end_line = where.line - before, min(where.end_line - before, len(cell.lines))
        return Location(
            filename,
            line,
            where.column + cell.margin_of(line),
            end_line,
            where.end_column + cell.margin_of(end_line),
            cell.number,
        )

    def number(self, location: Location) -> int:
        return self._first_of.get(location.cell or 0, 1) + location.line - 1

    def in_program(self, location: Location) -> Location:
        """The same range in the program, as if it were a file of its own."""
        first = self._first_of.get(location.cell or 0, 1)
        index = max(bisect_right(self._firsts, first) - 1, 0)
        cell = self._cells[index] if self._cells else Placed(1, ())
        return Location(
            location.filename,
            location.line + first - 1,
            max(location.column - cell.margin_of(location.line), 1),
            location.end_line + first - 1,
            max(location.end_column - cell.margin_of(location.end_line), 1),
        )

    def in_cell(self, location: Location) -> Location:
        """The range of a cell that is this range of the program; it ends where the cell does."""
        index = max(bisect_right(self._firsts, location.line) - 1, 0)
        cell, before = self._cells[index], self._firsts[index] - 1
        end_line, end_column = location.end_line - before, location.end_column
        if end_line > len(cell.lines):
            end_line, end_column = len(cell.lines), len(cell.lines[-1]) + 1
        line = location.line - before
        return Location(
            location.filename,
            line,
            location.column + cell.margin_of(line),
            end_line,
            end_column + cell.margin_of(end_line),
            cell.number,
        )
