"""The gate: what a module's top-level statements are.

The standard library's parser reads the module, some twenty times faster than LibCST's would. The
gate says which statements bind and read which names, so that only those that matter are lowered;
how deep a statement is nested and which expressions are mere data, so that neither the lowering nor
the interpreter meets what no one can follow. LibCST then parses what is lowered, when it is
(:mod:`lowering`). A module whose syntax is newer than the running Python's grammar is parsed by
LibCST alone, at once and whole.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from bnlint.readers.source.parsing import broken
from bnlint.readers.source.parsing.broken import SyntaxProblem
from bnlint.readers.source.parsing.lowering.libcst_parser import Unreadable
from bnlint.readers.source.parsing.lowering.lower import Source, lower
from bnlint.readers.source.parsing.lowering.module import Lowered, lower_module
from bnlint.readers.source.parsing.lowering.units import (
    Elided,
    first_line,
    shares_line,
    without_elided,
)
from bnlint.readers.source.parsing.magics import mask_script
from bnlint.readers.source.parsing.program import (
    Block,
    ClassDef,
    FunctionDef,
    Import,
    ImportFrom,
    Span,
)
from bnlint.readers.source.parsing.text import split_lines

__all__ = ["DEPTH_LIMIT", "LITERAL_NODES", "Outline", "SyntaxProblem", "TopLevel", "outline"]

DEPTH_LIMIT: Final = 200
"""No statement that is nested more deeply is lowered: all that follows recurses over it."""

LITERAL_NODES: Final = 2_000
"""Literal data of more nodes than this is an unknown value."""

_LITERAL_CHARACTERS: Final = 2 * LITERAL_NODES  # an element and its comma, at the least
_MAX_ELIFS: Final = 2_000
_SHALLOW: Final = 40  # levels that are lowered on the caller's stack: some 160 calls of Python
_INLINED: Final = 4  # levels that the walk for the names does not count, at the most

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
        "_range",
        "_syntax",
        "_walk",
        "binds",
        "end_line",
        "kind",
        "line",
        "name",
    )

    def __init__(
        self,
        syntax: _Syntax,
        kind: Kind,
        lines: tuple[int, int],
        name: str | None,
        binds: frozenset[str],
        nodes: tuple[int, int] = (0, 0),
        block: Block | None = None,
    ) -> None:
        self._syntax = syntax
        self._range = nodes
        self._block = block
        self._walk: _Walk | None = None
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
        return self._walked()[0]

    @property
    def literal(self) -> bool:
        """Whether its value is literal data so large that it is taken as unknown."""
        nodes = self._nodes()
        if len(nodes) != 1 or not isinstance(nodes[0], (ast.Assign, ast.AnnAssign, ast.Expr)):
            return False
        return any(each is nodes[0].value for each in self._counted().elided)

    def lower(self) -> Block:
        """Its program; empty where it is nested too deeply."""
        if self._block is None:
            self._block = self._lowered()
            self._census = None
        return self._block

    def _lowered(self) -> Block:
        census = self._counted()
        if census.depth > DEPTH_LIMIT:
            return ()
        find = partial(_find_again, self._syntax, self._range)
        source = self._syntax.source(census, find)
        return lower(source, self._nodes())

    def named_calls(self) -> Iterator[tuple[Span, str]]:
        """Every call of something with a name, with the last part of that name."""
        pending: list[Any] = [*self._nodes()]
        for node in pending:  # it grows meanwhile
            kind = node.__class__
            if kind is _CALL:
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name is not None:
                    yield _span(node), name
            for field_name in _child_fields(kind):
                value = getattr(node, field_name)
                if value.__class__ is list:
                    pending += value
                elif value is not None:
                    pending.append(value)

    def _nodes(self) -> list[ast.stmt]:
        return self._syntax.nodes(*self._range)

    def _walked(self) -> _Walk:
        if self._walk is None:
            if self._range == (0, 0):
                self._walk = _walk_text(self._syntax.lines[self.line - 1 : self.end_line])
            elif self.kind == "import":
                self._walk = (frozenset(), 1, self._range[1] - self._range[0])
            else:
                self._walk = _walk_nodes(self._nodes())
        return self._walk

    def _counted(self) -> _Census:
        if self._census is None:
            _, levels, size = self._walked()
            if levels + _INLINED <= DEPTH_LIMIT and size <= LITERAL_NODES:
                self._census = _Census(depth=levels)
            else:
                self._census = _take_census(self._nodes(), self._syntax.lines)
        return self._census


def _span(node: ast.expr) -> Span:
    return (
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )


class _Syntax:
    """The parsed module: what an outline and its statements share, so that none refers to itself.

    Attributes:
        lines: the text's lines without their ends, blank where something was masked.
        is_ast: whether :mod:`ast` could read them.
    """

    __slots__ = ("_sources", "_tree", "is_ast", "lines")

    def __init__(self, tree: ast.Module | None, lines: list[str]) -> None:
        self._tree = tree
        self._sources: list[Source] = []
        self.is_ast = tree is not None
        self.lines = lines

    def module(self) -> ast.Module:
        if self._tree is None:
            tree = broken.parse(self.lines).tree
            assert tree is not None, "what was parsed once is parsed again"
            self._tree = tree
        return self._tree

    def nodes(self, first: int, last: int) -> list[ast.stmt]:
        """The nodes of a top-level statement; none where :mod:`ast` did not read the module."""
        return self.module().body[first:last] if self.is_ast else []

    def source(
        self, census: _Census, find: Callable[[], tuple[Sequence[ast.stmt], Elided]]
    ) -> Source:
        """What a statement is lowered from.

        Args:
            census: of the statement.
            find: finds its nodes again, and what is elided of them.
        """
        elided = frozenset(census.elided)
        lines = without_elided(self.lines, elided) if elided else self.lines
        source = Source(lines, elided, find, is_deep=census.depth > _SHALLOW)
        self._sources.append(source)
        return source

    def unread(self) -> list[int]:
        """The lines of statements that LibCST cannot parse though Python can."""
        return sorted([line for source in self._sources for line in source.unread])

    def release(self) -> None:
        self._tree = None
        for source in self._sources:
            source.release()


def _find_again(
    syntax: _Syntax, nodes: tuple[int, int]
) -> tuple[Sequence[ast.stmt], frozenset[ast.AST]]:
    """The nodes of a statement whose syntax tree was dropped, and what is elided of them."""
    found = syntax.nodes(*nodes)
    return found, frozenset(_take_census(found, syntax.lines).elided)


class Outline:
    """The top-level statements of a module.

    Attributes:
        problems: what does not parse, in order.
        statements: the module body in order.
        lines: the text's lines without their ends, blank where something was masked.
    """

    def __init__(self, text: str) -> None:
        lines = split_lines(text)
        parsed = broken.parse(lines)
        if parsed.problems and (masked := mask_script(lines)) is not None:
            parsed = broken.parse(masked)
        self.problems: list[SyntaxProblem] = parsed.problems
        self.lines: list[str] = parsed.lines
        self._syntax = _Syntax(parsed.tree, parsed.lines)
        self._node_count: int | None = None
        self.statements: list[TopLevel] = []
        if parsed.tree is not None:
            self.statements = list(_statements(self._syntax, parsed.tree.body))
        else:
            self._read_with_libcst()

    def _read_with_libcst(self) -> None:
        try:
            lowered = lower_module("\n".join(self.lines) + "\n")
        except Unreadable as error:
            self.problems.append(SyntaxProblem(1, 1, 1, 1, str(error)))
            return
        self.statements = [_top_level(self._syntax, each) for each in lowered]

    @property
    def unread(self) -> list[int]:
        """The lines of lowered statements that LibCST cannot parse though Python can."""
        return self._syntax.unread()

    @property
    def node_count(self) -> int:
        """How many syntax nodes the module has, about."""
        if self._node_count is None:
            walked = sum([statement._walked()[2] for statement in self.statements])
            self._node_count = 2 * walked  # what the walk passes over is as much again
        return self._node_count

    def attributes_read(self) -> frozenset[str]:
        """Every attribute that is read anywhere in the module, other than to fill a list; where
        code is run that stands in strings, every name in it counts as one.
        """
        found: set[str] = set()
        if not self._syntax.is_ast or any(
            not _RUNS_TEXT.isdisjoint(statement.loads) for statement in self.statements
        ):
            found.update(_READ_IN_TEXT.findall("\n".join(self.lines)))
        todo: list[Any] = [*self._syntax.module().body] if self._syntax.is_ast else []
        for node in todo:  # it grows meanwhile
            kind = node.__class__
            if kind is _ATTRIBUTE:
                value = node.value
                if node.ctx.__class__ is _LOAD:
                    found.add(node.attr)
                    if node.attr in _FILLING and value.__class__ is _ATTRIBUTE:
                        value = value.value
                if value.__class__ is not _NAME:
                    todo.append(value)
                continue
            fields = _CHILD_FIELDS.get(kind)
            for name in _child_fields(kind) if fields is None else fields:
                value = getattr(node, name)
                if value.__class__ is list:
                    todo += value
                elif value is not None:
                    todo.append(value)
        return frozenset(found)

    def release(self) -> None:
        """Drops the syntax tree; it is parsed again if something still asks for it."""
        self._syntax.release()
        for statement in self.statements:
            statement._census = None


_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")
_READ_IN_TEXT: Final = re.compile(r"\.([^\W\d]\w*)")
_RUNS_TEXT: Final = frozenset({"eval", "exec"})
_FILLING: Final = frozenset({"append", "extend", "insert"})


# Top-level statements


def _statements(syntax: _Syntax, body: list[ast.stmt]) -> Iterator[TopLevel]:
    """Groups the nodes that share a logical line: their text cannot be parted."""
    start = 0
    for index, node in enumerate(body):
        is_last = index + 1 == len(body)
        if not is_last and shares_line(syntax.lines, node, body[index + 1]):
            continue
        group = body[start : index + 1]
        binds = frozenset(name for each in group for name in _bound(each))
        first = first_line(group[0], syntax.lines)
        last = max(each.end_lineno or each.lineno for each in group)
        name = node.name if len(group) == 1 and isinstance(node, _DEFINITIONS) else None
        yield TopLevel(syntax, _kind(group), (first, last), name, binds, (start, index + 1))
        start = index + 1


_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _kind(group: list[ast.stmt]) -> Kind:
    if all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in group):
        return "import"
    if len(group) == 1:
        if isinstance(group[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
            return "def"
        if isinstance(group[0], ast.ClassDef):
            return "class"
    return "other"


def _top_level(syntax: _Syntax, lowered: Lowered) -> TopLevel:
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
        syntax, kind, (lowered.line, lowered.end_line), name, lowered.binds, block=lowered.block
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


# The children of a node

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
_CHILD_FIELDS: dict[type, tuple[str, ...]] = {
    ast.Constant: (),
    ast.MatchSingleton: (),
    ast.Name: (),
    ast.alias: (),
    ast.Global: (),
    ast.Nonlocal: (),
    ast.ImportFrom: (),
    ast.Import: (),
    type(None): (),  # in the lists of a Dict's keys and of defaults
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


# The names that a statement reads

_Walk: TypeAlias = tuple[frozenset[str], int, int]
"""The identifiers that a statement reads, its levels, and its nodes; not all of either."""


def _walk_text(lines: list[str]) -> _Walk:
    """The identifiers of a statement that :mod:`ast` could not read."""
    found = _IDENTIFIER.findall("\n".join(lines))
    return frozenset(found), 1, len(found)


_NAME: Final = ast.Name
_LOAD: Final = ast.Load
_CONSTANT: Final = ast.Constant
_ATTRIBUTE: Final = ast.Attribute
_CALL: Final = ast.Call
_ASSIGN: Final = ast.Assign
_ARG: Final = ast.arg


def _walk_nodes(level: list[Any]) -> _Walk:
    """One walk, level by level: the number of levels bounds the depth, and nothing recurses.

    This is the costliest function of the gate: the commonest nodes come first, spelt out, and names
    and constants are passed over where their parent is seen. No literal data is.
    """
    loads: set[str] = set()
    read = loads.add
    levels = size = 0
    while level:
        levels += 1
        size += len(level)
        following: list[Any] = []
        add = following.append
        for node in level:
            kind = node.__class__
            if kind is _NAME:
                if node.ctx.__class__ is _LOAD:
                    read(node.id)
            elif kind is _CONSTANT:
                pass
            elif kind is _ATTRIBUTE:
                read(node.attr)
                node = node.value  # noqa: PLW2901
                if node.__class__ is _NAME:
                    read(node.id)
                else:
                    add(node)
            elif kind is _CALL:
                func = node.func
                if func.__class__ is _NAME:
                    read(func.id)
                else:
                    add(func)
                following += node.args
                for keyword in node.keywords:
                    value = keyword.value
                    kind = value.__class__
                    if kind is _NAME:
                        read(value.id)
                    elif kind is not _CONSTANT:
                        add(value)
            elif kind is _ASSIGN:
                for target in node.targets:
                    if target.__class__ is not _NAME:
                        add(target)
                add(node.value)
            elif kind is _ARG:
                if node.annotation is not None:
                    add(node.annotation)
            else:
                if kind is ast.AugAssign and node.target.__class__ is _NAME:
                    read(node.target.id)
                fields = _CHILD_FIELDS.get(kind)
                for name in _child_fields(kind) if fields is None else fields:
                    value = getattr(node, name)
                    if value.__class__ is list:
                        following += value
                    elif value is not None:
                        add(value)
        level = following
    return frozenset(loads), levels, size


# What is deep, or large


@dataclass(slots=True)
class _Census:
    """What a statement may be too much of.

    Attributes:
        depth: the nesting of what is left after ``elided``.
        elifs: the longest chain of ``elif``, which does not count as depth.
        elided: expressions and statements that are not lowered, outermost ones only.
    """

    depth: int = 0
    elifs: int = 0
    elided: list[ast.expr | ast.stmt] = field(default_factory=list)

    @property
    def is_too_much(self) -> bool:
        return self.depth > DEPTH_LIMIT or self.elifs > _MAX_ELIFS


def _take_census(nodes: list[ast.stmt], lines: list[str]) -> _Census:
    """Walks a statement; again, without what is too deep, where something is."""
    census = _census_of(nodes, lines, frozenset())
    if census.is_too_much:
        skip = frozenset(_too_deep(nodes))
        census = _census_of(nodes, lines, skip)
        if census.is_too_much or any(each in skip for each in nodes):
            census.depth = DEPTH_LIMIT + 1
    return census


_CONTAINERS: Final = frozenset({ast.List, ast.Tuple, ast.Dict, ast.Set})


def _census_of(nodes: list[ast.stmt], lines: list[str], skip: frozenset[ast.AST]) -> _Census:
    census = _Census()
    level: list[ast.AST] = list(nodes)
    while level:
        census.depth += 1
        following: list[ast.AST] = []
        for node in level:
            if node in skip or (node.__class__ in _CONTAINERS and _is_data(node, lines)):
                census.elided.append(node)  # type: ignore[arg-type]
            elif isinstance(node, ast.If):
                _count_if(node, following, census, skip)
            else:
                following += _children(node)
        level = following
    return census


def _count_if(
    node: ast.If, following: list[ast.AST], census: _Census, skip: frozenset[ast.AST]
) -> None:
    """An ``elif`` is an If in the else of an If, but no recursion goes along it."""
    length = 0
    while True:
        following.append(node.test)
        following += node.body
        rest = node.orelse
        if len(rest) != 1 or not isinstance(rest[0], ast.If) or rest[0] in skip:
            break
        node = rest[0]
        length += 1
    following += rest
    census.elifs = max(census.elifs, length)


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


def _too_deep(nodes: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements to leave out: their own expressions reach too deep, or they are overlong."""
    todo: list[tuple[ast.stmt, int]] = [(node, 1) for node in nodes]
    while todo:
        node, depth = todo.pop()
        inner = [each for each in _children(node) if _holds_statements(each)]
        own = [each for each in _children(node) if not _holds_statements(each)]
        if depth + _depth(own) > DEPTH_LIMIT or (
            isinstance(node, ast.If) and _chain(node) > _MAX_ELIFS
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
