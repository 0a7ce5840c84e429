"""One file as the fixes see it: text, syntax tree and positions."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, TypeAlias

from bnlint.findings import Edit, Location
from bnlint.readers.source.parsing.cells import CellLines

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_NARROWEST, _USUAL, _WIDEST = 79, 88, 120
_MANY_LINES: Final = 100  # enough to know the author's limit
_NEARLY_ALL: Final = 0.99


class Source:
    """The text of one file and its tree. Offsets count characters from 0.

    Args:
        filename: the name that findings use.
        text: the text of the file, with its line ends.
        cells: where the text stands in the file, if the file is a notebook.

    Raises:
        SyntaxError: Python cannot parse the text.
        ValueError: the same.
        RecursionError: the same.
    """

    def __init__(self, filename: str, text: str, cells: CellLines | None = None) -> None:
        self.filename = filename
        self.text = text
        self._cells = cells
        self.tree = ast.parse(text)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    @cached_property
    def newline(self) -> str:
        """The most frequent line end of the file."""
        ends: list[str] = _LINE_END.findall(self.text)
        return max(("\n", "\r\n", "\r"), key=ends.count)

    @cached_property
    def definitions(self) -> frozenset[str]:
        """The names of all its classes and functions, wherever they are."""
        return frozenset(
            node.name for node in self.nodes if isinstance(node, (ast.ClassDef, ast.FunctionDef))
        )

    @cached_property
    def width(self) -> int:
        """How long its lines may become: the length that nearly all lines keep, within limits."""
        code = (line.partition("  #")[0] for line in _LINE_END.split(self.text))
        lengths = sorted(len(line) for line in code if line.strip())
        longest = lengths[int(len(lengths) * _NEARLY_ALL)] if lengths else 0
        narrowest = _NARROWEST if len(lengths) >= _MANY_LINES else _USUAL
        return min(max(longest, narrowest), _WIDEST)

    @cached_property
    def is_hanging(self) -> bool:
        """Whether its calls are broken after the opening parenthesis more often than elsewhere."""
        # Some people break imports and parameters like this, but not calls.
        hanging = len(
            re.findall(
                r"^(?!\s*(?:async )?(?:def|class)\b).*[\w\])]\([ \t]*$", self.text, re.MULTILINE
            )
        )
        return hanging > len(re.findall(r"\([^()\n]+,[ \t]*$", self.text, re.MULTILINE))

    # Places

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column, both from 1."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> tuple[int, int]:
        """Where ``node`` begins and ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._at_byte(node.lineno, node.col_offset),
            self._at_byte(node.end_lineno, node.end_col_offset),
        )

    def code(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """The text of ``node``."""
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """The offset of the first line end after ``offset``."""
        match = _LINE_END.search(self.text, offset)
        return match.start() if match else len(self.text)

    def next_line(self, offset: int) -> int:
        """The offset of the line after ``offset``."""
        match = _LINE_END.search(self.text, offset)
        return match.end() if match else len(self.text)

    def indent(self, offset: int) -> str:
        """The white space that the line of ``offset`` begins with."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip())]

    def _at_byte(self, line: int, byte: int) -> int:
        start = self._starts[line - 1]
        text = self.text[start : start + byte]
        if not text.isascii():
            text = text.encode("utf-8", "replace")[:byte].decode("utf-8", "ignore")
        return start + len(text)

    def edit(self, start: int, end: int, content: str) -> Edit:
        """Replace the text between two offsets."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        where = Location(self.filename, line, column, end_line, end_column)
        return Edit(where if self._cells is None else self._cells.in_cell(where), content)

    def replacing(self, node: ast.expr | ast.stmt, content: str) -> list[Edit]:
        """Give ``node`` another text: the smallest possible edit, none where nothing changes."""
        start, end = self.span(node)
        old = self.text[start:end]
        if old == content:
            return []
        shared = min(len(old), len(content))
        first = next((i for i in range(shared) if old[i] != content[i]), shared)
        last = next((i for i in range(shared - first) if old[-1 - i] != content[-1 - i]), None)
        last = shared - first if last is None else last
        return [self.edit(start + first, end - last, content[first : len(content) - last])]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    # Nodes

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of each node except the module, in the order of `ast.walk`."""
        parents: dict[ast.AST, ast.AST] = {}
        pending: list[ast.AST] = [self.tree]
        for node in pending:  # it grows during the loop
            for name in node._fields:
                value = getattr(node, name, None)
                for child in value if isinstance(value, list) else (value,):
                    # Contexts such as `ast.Load` are shared by all nodes.
                    if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
                        parents[child] = node
                        pending.append(child)
        return parents

    @property
    def nodes(self) -> Iterable[ast.AST]:
        """Every node of the tree except the module."""
        return self.parents

    @cached_property
    def _calls(self) -> dict[int, list[ast.Call]]:
        """All calls, by the line on which they begin."""
        calls: dict[int, list[ast.Call]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call):
                calls.setdefault(node.lineno, []).append(node)
        return calls

    def call(self, where: Location) -> ast.Call | None:
        """The call that is written at ``where``."""
        place = self.place(where)
        if place is None:
            return None
        line, _ = self._place(place[0])
        calls = self._calls.get(line, ())
        return next((call for call in calls if self.span(call) == place), None)

    def place(self, where: Location) -> tuple[int, int] | None:
        """The start and end offset of ``where``; ``None`` in another file."""
        if where.filename != self.filename:
            return None
        if self._cells is not None:
            where = self._cells.in_program(where)
        return self.offset(where.line, where.column), self.offset(where.end_line, where.end_column)

    def calls(self) -> Iterator[ast.Call]:
        """Every call of the file."""
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around ``node``, the innermost first."""
        parents = self.parents
        while (parent := parents.get(node)) is not None:
            yield parent
            node = parent

    def function(self, node: ast.AST) -> Function | None:
        """The function whose body ``node`` is in."""
        for parent in self.above(node):
            if isinstance(parent, Function):
                return parent
        return None

    def owner(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose body ``node`` is in, in a method or not."""
        return next((p for p in self.above(node) if isinstance(p, ast.ClassDef)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that ``node`` belongs to."""
        if isinstance(node, ast.stmt):
            return node
        return next(parent for parent in self.above(node) if isinstance(parent, ast.stmt))

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The block of statements that contains ``statement``."""
        parent = self.parents[statement]
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]
