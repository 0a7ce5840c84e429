"""Where the calls and statements of LibCST's tree stand.

:class:`Counted` numbers them, for a statement whose places :mod:`ast` knows. :class:`Generated`
finds them, where there is no :mod:`ast`, in one pass of LibCST's own code generation that notes
those of calls and statements alone; its metadata providers take as long as two to seven parses.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.lowering.libcst_parser import Unreadable
from bnlint.readers.source.parsing.text import split_lines

if TYPE_CHECKING:
    import libcst as cst

    from bnlint.readers.source.parsing.lowering.statements import Lowering

_Ranges: TypeAlias = dict[int, tuple[int, int, int, int]]


class Positions(Protocol):
    """What a lowering asks for the places of what it lowers."""

    calls: int

    def call(self, node: cst.Call) -> p.Span:
        """Where a call stands."""

    def statement(self, node: cst.CSTNode) -> int:
        """The line of a statement."""

    def suite(self, statements: Any, lowering: Lowering) -> p.Block:  # noqa: ANN401  # a sequence
        """The block of a compound statement."""


class Counted:
    """Numbers calls, statements and blocks in the order in which they are lowered.

    A call's place is ``(number, 0, 0, 0)``, a statement's line its number.

    Args:
        is_cut: whether the blocks were taken out of the text: each becomes a :class:`program.Hole`.
    """

    def __init__(self, *, is_cut: bool) -> None:
        self._is_cut = is_cut
        self.calls = 0
        self.statements = 0
        self.blocks = 0

    def call(self, node: cst.Call) -> p.Span:  # noqa: ARG002
        number = self.calls
        self.calls = number + 1
        return number, 0, 0, 0

    def statement(self, node: cst.CSTNode) -> int:  # noqa: ARG002
        number = self.statements
        self.statements = number + 1
        return number

    def suite(self, statements: Any, lowering: Lowering) -> p.Block:  # noqa: ANN401
        if not self._is_cut:
            return lowering.block(statements)
        number = self.blocks
        self.blocks = number + 1
        return (p.Hole(number),)


class Generated:
    """Places found by generating the code of a module again, to the character."""

    def __init__(self, module: cst.Module, text: str) -> None:
        self._texts = split_lines(text)
        self._ranges = _ranges(module)
        self.calls = 0

    def call(self, node: cst.Call) -> p.Span:
        start_line, start, end_line, end = self._ranges[id(node)]
        return start_line, self._byte(start_line, start), end_line, self._byte(end_line, end)

    def statement(self, node: cst.CSTNode) -> int:
        return self._ranges[id(node)][0]

    def suite(self, statements: Any, lowering: Lowering) -> p.Block:  # noqa: ANN401
        return lowering.block(statements)

    def lines(self, node: Any) -> tuple[int, int]:  # noqa: ANN401  # a statement of any kind
        """The first line of a statement, its decorators included, and its last."""
        first = node.decorators[0] if getattr(node, "decorators", ()) else node
        _, _, last, column = self._ranges[id(node)]
        if column == 0:  # an indented block ends where the next line starts
            last -= 1
        return self._ranges[id(first)][0], last

    def _byte(self, line: int, character: int) -> int:
        text = self._texts[line - 1]
        return character if text.isascii() else len(text[:character].encode("utf-8", "replace"))


def _ranges(module: cst.Module) -> _Ranges:
    recorder = _recorder()(module)
    try:
        module._codegen(recorder)
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    ranges: _Ranges = recorder.ranges
    return ranges


@functools.cache
def _recorder() -> Callable[[cst.Module], Any]:
    """The class that notes places; made here because it needs LibCST to derive from."""
    import libcst as cst
    from libcst._nodes.internal import CodegenState

    recorded = (cst.Call, cst.BaseStatement, cst.BaseSmallStatement, cst.Decorator)

    class Recorder(CodegenState):
        """Counts lines and columns while LibCST writes the code out."""

        def __init__(self, module: cst.Module) -> None:
            super().__init__(module.default_indent, module.default_newline)
            self.line = 1
            self.column = 0
            self.ranges: _Ranges = {}

        def add_indent_tokens(self) -> None:
            for token in self.indent_tokens:
                self.add_token(token)

        def add_token(self, value: str) -> None:
            ends = value.count("\n")
            if ends:
                self.line += ends
                self.column = len(value) - value.rindex("\n") - 1
            else:
                self.column += len(value)

        @contextmanager
        def record_syntactic_position(
            self,
            node: cst.CSTNode,
            *,
            start_node: cst.CSTNode | None = None,  # noqa: ARG002
            end_node: cst.CSTNode | None = None,  # noqa: ARG002
        ) -> Iterator[None]:
            line, column = self.line, self.column
            yield
            if isinstance(node, recorded):
                self.ranges[id(node)] = (line, column, self.line, self.column)

    return Recorder
