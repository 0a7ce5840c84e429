"""The gate: what a module's top-level statements are, before LibCST sees any of them.

The standard library's parser is some twenty times faster than LibCST's. It says which statements
bind and read which names, so that only those that matter are lowered; where calls stand, so that
lowering needs no metadata; how deep a statement is nested, so that LibCST's recursion is safe; and
which expressions are mere data, which LibCST would spend gigabytes on.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from bnlint.source import broken, lower_ast
from bnlint.source.broken import SyntaxProblem
from bnlint.source.lower import (
    PLACEHOLDER,
    SHALLOW,
    Anchors,
    Lowered,
    Unreadable,
    lower_module,
)
from bnlint.source.program import (
    Block,
    ClassDef,
    FunctionDef,
    Import,
    ImportFrom,
    Span,
)
from bnlint.source.text import split_lines

__all__ = ["DEPTH_LIMIT", "LITERAL_NODES", "Outline", "SyntaxProblem", "TopLevel", "outline"]

DEPTH_LIMIT: Final = 200
"""LibCST's time is quadratic in nesting: 0.2 s for 200 nested calls, 9 s for 1,000."""

LITERAL_NODES: Final = 2_000
"""Literal data of more nodes than this is not parsed a second time."""

_LITERAL_CHARACTERS: Final = 2 * LITERAL_NODES  # an element and its comma, at the least
_MAX_ELIFS: Final = 2_000
_MAX_PATTERN: Final = 6  # LibCST's time grows fivefold with each level of a pattern
_MAX_PIECES: Final = 3_000  # of one implicitly concatenated string

Kind: TypeAlias = Literal["def", "class", "import", "other"]


def outline(text: str) -> Outline:
    """The outline of a module. Never raises: what does not parse is a problem of the outline.

    Args:
        text: the source, with any line ends. Byte order mark and encoding are the caller's.
    """
    return Outline(text)


class TopLevel:
    """A statement of the module body, or several that share a line.

    Attributes:
        kind: what it is; several statements on a line are ``"other"`` unless all import.
        line: its first line, decorators included, from 1.
        end_line: its last line.
        name: the name of a function or class, else None.
        binds: the names it binds at module level; ``"*"`` for a star import.
    """

    __slots__ = (
        "_block",
        "_census",
        "_loads",
        "_outline",
        "_range",
        "binds",
        "end_line",
        "kind",
        "line",
        "name",
    )

    def __init__(
        self,
        owner: Outline,
        kind: Kind,
        lines: tuple[int, int],
        name: str | None,
        binds: frozenset[str],
        nodes: tuple[int, int] = (0, 0),
        block: Block | None = None,
    ) -> None:
        self._outline = owner
        self._range = nodes
        self._block = block
        self._loads: frozenset[str] | None = None
        self._census: _Census | None = None
        self.kind: Kind = kind
        self.line, self.end_line = lines
        self.name = name
        self.binds = binds

    def __repr__(self) -> str:
        return f"<TopLevel {self.kind} {self.name or ''} {self.line}-{self.end_line}>"

    @property
    def loads(self) -> frozenset[str]:
        """Every identifier read anywhere in it: names, and names of attributes."""
        if self._loads is None:
            self._loads = self._outline.names_in(self)
        return self._loads

    @property
    def literal(self) -> bool:
        """Whether its value is literal data so large that it is taken as unknown."""
        nodes = self._nodes()
        if len(nodes) != 1 or not isinstance(nodes[0], (ast.Assign, ast.AnnAssign, ast.Expr)):
            return False
        return any(each is nodes[0].value for each in self._counted().elided)

    @property
    def too_deep(self) -> bool:
        """Whether it is nested too deeply to be lowered at all."""
        return self._counted().depth > DEPTH_LIMIT

    def lower(self) -> Block:
        """Its program; empty where it is nested too deeply or LibCST cannot read it."""
        if self._block is None:
            self._block = self._lowered()
            self._census = None
        return self._block

    def _lowered(self) -> Block:
        census = self._counted()
        if census.depth > DEPTH_LIMIT:
            return ()
        return lower_ast.lower(self._nodes(), census.elided)

    def named_calls(self) -> Iterator[tuple[Span, str]]:
        """Every call of something with a name, with the last part of that name."""
        for node in self._nodes():
            for each in ast.walk(node):
                if isinstance(each, ast.Call):
                    name = getattr(each.func, "id", None) or getattr(each.func, "attr", None)
                    if name is not None:
                        yield _span(each), name

    def _nodes(self) -> list[ast.stmt]:
        return self._outline.nodes(*self._range)

    def _counted(self) -> _Census:
        if self._census is None:
            self._census = _take_census(self._nodes(), self._outline.lines)
            self._loads = self._census.loads
        return self._census


def _span(node: ast.expr) -> Span:
    return (
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )


class Outline:
    """The top-level statements of a module.

    Attributes:
        problems: what does not parse, in order.
        statements: the module body in order.
        lines: the text's lines without their ends, blank where something was masked.
    """

    def __init__(self, text: str) -> None:
        parsed = broken.parse(split_lines(text))
        self.problems: list[SyntaxProblem] = parsed.problems
        self.lines: list[str] = parsed.lines
        self._tree: ast.Module | None = parsed.tree
        self._is_ast = parsed.tree is not None
        self._node_count: int | None = None
        self._headers: tuple[list[int], list[tuple[int, int]]] | None = None
        self.statements: list[TopLevel] = []
        if parsed.tree is not None:
            self.statements = list(_statements(self, parsed.tree.body))
        else:
            self._read_with_libcst()

    def _read_with_libcst(self) -> None:
        try:
            lowered = lower_module("\n".join(self.lines) + "\n")
        except Unreadable as error:
            self.problems.append(SyntaxProblem(1, 1, 1, 1, str(error)))
            return
        self.statements = [_top_level(self, each) for each in lowered]

    @property
    def node_count(self) -> int:
        """How many syntax nodes the module has, about."""
        if self._node_count is None:
            if self._is_ast:
                self._node_count = sum(1 for _ in ast.walk(self._module()))
            else:
                self._node_count = sum(len(_IDENTIFIER.findall(line)) for line in self.lines) * 2
        return self._node_count

    def statement_range(self, line: int) -> tuple[int, int]:
        """The lines of the simple statement or compound header that ``line`` is in.

        A header includes its decorators. A line outside of any stands for itself.
        """
        if self._headers is None:
            ranges = sorted(self._multi_line_ranges())
            self._headers = ([first for first, _ in ranges], ranges)
        firsts, ranges = self._headers
        index = bisect_right(firsts, line) - 1
        if index >= 0 and ranges[index][0] <= line <= ranges[index][1]:
            return ranges[index]
        return line, line

    def _multi_line_ranges(self) -> Iterator[tuple[int, int]]:
        if not self._is_ast:
            yield from broken.logical_ranges(self.lines)
            return
        for node in ast.walk(self._module()):
            if isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                first, last = _own_lines(node, self.lines)
                if last > first:
                    yield first, last

    def release(self) -> None:
        """Drops the syntax tree; it is parsed again if something still asks for it."""
        self._tree = None
        for statement in self.statements:
            statement._census = None

    def nodes(self, first: int, last: int) -> list[ast.stmt]:
        """The nodes of a top-level statement; none where :mod:`ast` did not read the module."""
        return self._module().body[first:last] if self._is_ast else []

    def names_in(self, statement: TopLevel) -> frozenset[str]:
        """All identifiers that a statement reads."""
        nodes = statement._nodes()
        if nodes:
            return _take_census(nodes, self.lines).loads
        text = "\n".join(self.lines[statement.line - 1 : statement.end_line])
        return frozenset(_IDENTIFIER.findall(text))

    def _module(self) -> ast.Module:
        if self._tree is None:
            tree = broken.parse(self.lines).tree
            assert tree is not None, "what was parsed once is parsed again"
            self._tree = tree
        return self._tree


_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")
_BARE_PARENTHESES: Final = re.compile(r"\((?:\s*\(){7}")
_ADJACENT_STRINGS: Final = re.compile(r"[\"'](?:\s|\\\n)*[a-zA-Z]{0,2}[\"']")


def _pieces(text: str) -> int:
    """How many string literals can be adjacent, at the most: LibCST nests them, ast does not."""
    if text.count('"') + text.count("'") <= 2 * SHALLOW:
        return 0
    return sum(1 for _ in _ADJACENT_STRINGS.finditer(text))


# Top-level statements


def _statements(owner: Outline, body: list[ast.stmt]) -> Iterator[TopLevel]:
    """Groups the nodes that share a logical line: their text cannot be parted."""
    start = 0
    for index, node in enumerate(body):
        is_last = index + 1 == len(body)
        if not is_last and _goes_on(owner.lines, node, body[index + 1]):
            continue
        group = body[start : index + 1]
        binds = frozenset(name for each in group for name in _bound(each))
        first = _first_line(group[0], owner.lines)
        last = max(each.end_lineno or each.lineno for each in group)
        name = node.name if len(group) == 1 and isinstance(node, _DEFINITIONS) else None
        yield TopLevel(owner, _kind(group), (first, last), name, binds, (start, index + 1))
        start = index + 1


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _goes_on(lines: list[str], node: ast.stmt, following: ast.stmt) -> bool:
    """Whether a semicolon and not a line end stands between two statements."""
    end = node.end_lineno or node.lineno
    if following.lineno == end:
        return True
    line = lines[end - 1]
    if ";" not in line:
        return False
    rest = line.encode("utf-8")[node.end_col_offset or 0 :].lstrip()
    return rest.startswith(b";") and rest.rstrip().endswith(b"\\")


def _kind(group: list[ast.stmt]) -> Kind:
    if all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in group):
        return "import"
    if len(group) == 1:
        if isinstance(group[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
            return "def"
        if isinstance(group[0], ast.ClassDef):
            return "class"
    return "other"


def _first_line(node: ast.stmt, lines: list[str]) -> int:
    """The line of the first decorator's ``@``, or of the statement."""
    if not isinstance(node, _DEFINITIONS) or not node.decorator_list:
        return node.lineno
    line = node.decorator_list[0].lineno
    while line > 1 and not lines[line - 1].lstrip().startswith("@"):
        line -= 1
    return line


def _top_level(owner: Outline, lowered: Lowered) -> TopLevel:
    """A statement that LibCST alone could read."""
    kind: Kind = "other"
    name = None
    if len(lowered.block) == 1:
        match lowered.block[0]:
            case FunctionDef():
                kind, name = "def", lowered.block[0].name
            case ClassDef():
                kind, name = "class", lowered.block[0].name
    if lowered.block and all(isinstance(each, (Import, ImportFrom)) for each in lowered.block):
        kind = "import"
    return TopLevel(
        owner, kind, (lowered.line, lowered.end_line), name, lowered.binds, block=lowered.block
    )


# Names that a statement binds


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names a statement binds in the scope it stands in."""
    todo: list[ast.AST] = [node]
    while todo:
        each = todo.pop()
        match each:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield each.name
            case ast.Lambda():
                pass
            case ast.Name():
                if not isinstance(each.ctx, ast.Load):
                    yield each.id
            case ast.Import():
                for alias in each.names:
                    yield alias.asname or alias.name.partition(".")[0]
            case ast.ImportFrom():
                for alias in each.names:
                    yield alias.asname or alias.name
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # Its targets are its own; only `:=` reaches out.
                for inner in ast.walk(each):
                    if isinstance(inner, ast.NamedExpr):
                        yield inner.target.id
            case ast.AnnAssign(value=None):
                pass
            case _:
                if isinstance(each, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and each.name:
                    yield each.name
                elif isinstance(each, ast.MatchMapping) and each.rest:
                    yield each.rest
                todo.extend(_children(each))


# The census of a statement


@dataclass(slots=True)
class _Census:
    """What one walk over a top-level statement finds.

    Attributes:
        loads: identifiers read.
        depth: the nesting of what is left after ``elided``.
        elifs: the longest chain of ``elif``, which does not count as depth.
        patterns: the deepest nesting of brackets in a pattern of a match statement.
        elided: expressions and statements that LibCST must not see, outermost ones only.
        calls: the calls that it will see, as (order, span).
        statements: the statements that it will see, as (line, column).
    """

    loads: frozenset[str] = frozenset()
    depth: int = 0
    elifs: int = 0
    patterns: int = 0
    elided: list[ast.expr | ast.stmt] = field(default_factory=list)
    calls: list[tuple[int, Span]] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_too_much(self) -> bool:
        """Whether LibCST must not see all of it."""
        return self.depth > DEPTH_LIMIT or self.elifs > _MAX_ELIFS or self.patterns > _MAX_PATTERN

    def anchors(self) -> Anchors:
        self.calls.sort()
        self.statements.sort()
        return Anchors([span for _, span in self.calls], [line for line, _ in self.statements])


_NOT_CHILDREN: Final = frozenset(
    (
        "ctx",
        "op",
        "ops",
        "id",
        "attr",
        "arg",
        "name",
        "names",
        "module",
        "level",
        "type_comment",
        "kind",
        "is_async",
        "simple",
        "conversion",
        "rest",
        "kwd_attrs",
        "str",
        "tag",
        "lineno",
    )
)
_CHILD_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Constant: (),
    ast.MatchSingleton: (),
    ast.Name: (),
    ast.alias: (),
    ast.Global: (),
    ast.Nonlocal: (),
    ast.ImportFrom: (),
    ast.Import: (),
}


def _child_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    fields = _CHILD_FIELDS.get(kind)
    if fields is None:
        fields = tuple(name for name in kind._fields if name not in _NOT_CHILDREN)
        if kind.__name__ == "TypeAlias":  # the one whose name is a node
            fields = ("name", *fields)
        _CHILD_FIELDS[kind] = fields
    return fields


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name in _child_fields(type(node)):
        value = getattr(node, name, None)
        if value.__class__ is list:
            for each in value:
                if isinstance(each, ast.AST):
                    yield each
        elif isinstance(value, ast.AST):
            yield value


_CONTAINERS: Final = frozenset({ast.List, ast.Tuple, ast.Dict, ast.Set})
_F_STRINGS: Final = frozenset(
    getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name)
)


def _take_census(nodes: list[ast.stmt], lines: list[str]) -> _Census:
    """Walks a statement; again, without what is too deep, where something is."""
    if not nodes:
        return _Census()
    census = _walk(nodes, lines, frozenset())
    if census.is_too_much:
        loads = census.loads
        skip = frozenset(_too_deep(nodes, lines))
        census = _walk(nodes, lines, skip)
        if census.is_too_much or any(each in skip for each in nodes):
            census.depth = DEPTH_LIMIT + 1
        census.loads = loads
    return census


def _walk(nodes: list[ast.stmt], lines: list[str], skip: frozenset[ast.AST]) -> _Census:
    """One walk, level by level: the number of levels is the depth, and no recursion is needed.

    This is the costliest function of the gate: the commonest nodes come first, spelt out.
    """
    census = _Census()
    loads: set[str] = set()
    calls = census.calls
    may_hold_data = sum(map(len, lines[nodes[0].lineno - 1 : nodes[-1].end_lineno])) > (
        _LITERAL_CHARACTERS
    )
    level: list[ast.AST] = list(nodes)
    depth = deepest = 0
    while level:
        depth += 1
        following: list[ast.AST] = []
        add = following.append
        for node in level:
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:  # type: ignore[attr-defined]
                    loads.add(node.id)  # type: ignore[attr-defined]
                continue
            if kind is ast.Constant:
                continue
            if kind is ast.Attribute:
                loads.add(node.attr)  # type: ignore[attr-defined]
                add(node.value)  # type: ignore[attr-defined]
                continue
            if kind is ast.Call:
                assert isinstance(node, ast.Call)
                calls.append(_call_anchor(node))
                add(node.func)
                following += node.args
                following += [keyword.value for keyword in node.keywords]
                continue
            if kind in _F_STRINGS:
                _count_f_string(node, calls, loads)
                deepest = max(deepest, depth + _depth([node]))
                continue
            if isinstance(node, ast.stmt):
                census.statements.append((node.lineno, node.col_offset))
                if kind is ast.AugAssign and node.target.__class__ is ast.Name:  # type: ignore[attr-defined]
                    loads.add(node.target.id)  # type: ignore[attr-defined]
                if node in skip:
                    census.elided.append(node)
                    continue
                if kind is ast.If:
                    _walk_if(node, following, census, skip)  # type: ignore[arg-type]
                    continue
            elif kind is ast.match_case:
                census.patterns = max(census.patterns, _pattern_nesting(node.pattern, lines))  # type: ignore[attr-defined]
            elif may_hold_data and kind in _CONTAINERS and _is_data(node, lines):
                census.elided.append(node)  # type: ignore[arg-type]
                continue
            fields = _CHILD_FIELDS.get(kind)
            for name in _child_fields(kind) if fields is None else fields:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    following += [each for each in value if each is not None]
                elif value is not None:
                    add(value)
        level = following
    census.depth = max(depth, deepest)
    census.loads = frozenset(loads)
    return census


def _call_anchor(node: ast.Call) -> tuple[int, Span]:
    """Calls are ordered by where what is called ends: no two of them end at one place."""
    func = node.func
    order = (func.end_lineno << 32) + func.end_col_offset  # type: ignore[operator]
    return order, (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)  # type: ignore[return-value]


def _count_f_string(node: ast.AST, calls: list[tuple[int, Span]], loads: set[str]) -> None:
    """Calls in an f-string get its own span: before Python 3.12 ast does not know better."""
    assert isinstance(node, ast.expr)
    order = (node.lineno << 32) + node.col_offset
    span = (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
    for inner in ast.walk(node):
        match inner:
            case ast.Call():
                calls.append((order, span))
            case ast.Name(ctx=ast.Load()):
                loads.add(inner.id)
            case ast.Attribute():
                loads.add(inner.attr)


def _walk_if(
    node: ast.If, following: list[ast.AST], census: _Census, skip: frozenset[ast.AST]
) -> None:
    """An ``elif`` is an If in the else of an If, but not deeper for LibCST to speak of."""
    length = 0
    while True:
        following.append(node.test)
        following += node.body
        rest = node.orelse
        if len(rest) != 1 or not isinstance(rest[0], ast.If) or rest[0] in skip:
            break
        node = rest[0]
        census.statements.append((node.lineno, node.col_offset))
        length += 1
    following += rest
    census.elifs = max(census.elifs, length)


# What LibCST must not see


def _is_data(node: ast.AST, lines: list[str]) -> bool:
    """Whether a container is literal data of more than :data:`LITERAL_NODES` nodes."""
    assert isinstance(node, ast.expr)
    first, last = node.lineno, node.end_lineno or node.lineno
    if first == last:
        size = (node.end_col_offset or 0) - node.col_offset
    else:
        size = sum(map(len, lines[first - 1 : last]))
    if size < _LITERAL_CHARACTERS:
        return False
    count = 0
    todo: list[ast.AST] = [node]
    while todo:
        each = todo.pop()
        count += 1
        match each:
            case ast.Constant():
                pass
            case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.UnaryOp() | ast.BinOp():
                todo.extend(_children(each))
            case _:
                return False
    return count > LITERAL_NODES


def _too_deep(nodes: Iterable[ast.stmt], lines: list[str]) -> Iterator[ast.stmt]:
    """The statements to leave out: their own expressions reach too deep, or they are overlong."""
    todo: list[tuple[ast.stmt, int]] = [(node, 1) for node in nodes]
    while todo:
        node, depth = todo.pop()
        inner = [each for each in _children(node) if _holds_statements(each)]
        own = [each for each in _children(node) if not _holds_statements(each)]
        if (
            depth + _depth(own) > DEPTH_LIMIT
            or (isinstance(node, ast.If) and _chain(node) > _MAX_ELIFS)
            or (isinstance(node, ast.Match) and _has_deep_pattern(node, lines))
        ):
            yield node
            continue
        is_elif = isinstance(node, ast.If) and len(node.orelse) == 1
        for each in inner:
            if isinstance(each, ast.stmt):
                todo.append((each, depth if is_elif else depth + 1))
            else:  # a handler or a case
                todo += [(x, depth + 2) for x in _children(each) if isinstance(x, ast.stmt)]


def _holds_statements(node: ast.AST) -> bool:
    return isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case))


def _depth(level: list[ast.AST]) -> int:
    depth = 0
    while level:
        depth += 1
        level = [child for node in level for child in _children(node)]
    return depth


def _chain(node: ast.If) -> int:
    length = 0
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        length += 1
    return length


def _has_deep_pattern(node: ast.Match, lines: list[str]) -> bool:
    return any(_pattern_nesting(case.pattern, lines) > _MAX_PATTERN for case in node.cases)


def _pattern_nesting(pattern: ast.pattern, lines: list[str]) -> int:
    """How deep brackets are nested in the lines of a pattern, or somewhat more."""
    depth = deepest = 0
    for character in "".join(lines[pattern.lineno - 1 : pattern.end_lineno]):
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _blank(lines: list[str], node: ast.expr | ast.stmt, line: int) -> None:
    """Puts a stand-in where a node stands, keeping the place of everything around it.

    Args:
        lines: the lines of the top-level statement; changed.
        node: what to replace.
        line: the line of the file that ``lines[0]`` is.
    """
    first, last = node.lineno - line, (node.end_lineno or node.lineno) - line
    start = _character(lines[first], node.col_offset)
    end = _character(lines[last], node.end_col_offset or 0)
    is_statement = isinstance(node, ast.stmt)
    opening, closing = ("pass", "") if is_statement else (f"({PLACEHOLDER}", ")")
    after = lines[last][end:]
    if first == last:
        gap = " " * max(end - start - len(opening) - len(closing), 0)
        lines[first] = lines[first][:start] + opening + gap + closing + after
        return
    lines[first] = lines[first][:start] + opening
    for index in range(first + 1, last):
        lines[index] = ""
    lines[last] = " " * max(end - len(closing), 0) + closing + after


def _character(line: str, offset: int) -> int:
    return offset if line.isascii() else len(line.encode()[:offset].decode())


# The lines that a suppression comment covers


def _own_lines(
    node: ast.stmt | ast.ExceptHandler | ast.match_case, lines: list[str]
) -> tuple[int, int]:
    """The lines of a simple statement, or those of a compound statement's header."""
    if isinstance(node, ast.match_case):
        first = node.pattern.lineno
        last = (node.guard or node.pattern).end_lineno or first
    elif isinstance(node, ast.stmt):
        first = _first_line(node, lines)
        last = node.lineno
    else:
        first = last = node.lineno
    body: list[ast.AST] | None = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return first, getattr(node, "end_lineno", None) or last
    for child in _children(node):
        if not _holds_statements(child):
            last = max(last, getattr(child, "end_lineno", None) or _last_of_parts(child))
    stop = _start_of(body[0], lines)
    while last < stop - 1 and not _HEADER_END.search(lines[last - 1]):
        last += 1  # a parenthesis and the colon on a line of their own
    return first, max(first, min(last, stop - 1) if stop > first else first)


_HEADER_END: Final = re.compile(r":\s*(?:#.*)?$")


def _last_of_parts(node: ast.AST) -> int:
    """For nodes without a place of their own: arguments, items of a with."""
    return max((getattr(each, "end_lineno", 0) or 0 for each in ast.walk(node)), default=0)


def _start_of(node: ast.AST, lines: list[str]) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    assert isinstance(node, ast.stmt)
    return _first_line(node, lines)
