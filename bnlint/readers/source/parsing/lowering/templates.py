"""Statements as they are lowered, before they have a place: each text is parsed but once.

A template is a lowered statement that has numbers for places. Putting it in its place copies it:
nodes compare by identity, and statements that read the same are not the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass, fields
from typing import Any, Final

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.lowering.libcst_parser import Unreadable, parse
from bnlint.readers.source.parsing.lowering.positions import Counted
from bnlint.readers.source.parsing.lowering.statements import Lowering
from bnlint.readers.source.parsing.lowering.units import Unit

_MOST_CHARACTERS: Final = 2_000_000  # of text; what is made of it takes some thirty times as much


@dataclass(frozen=True, slots=True)
class Template:
    """A lowered statement.

    Attributes:
        block: the statement, or several that share a line.
        calls: how many calls there are in it.
        statements: how many statements, itself included.
        blocks: how many blocks were taken out of it.
        yields: whether it makes a generator of the function around it.
    """

    block: p.Block
    calls: int
    statements: int
    blocks: int
    yields: bool

    def fits(self, spans: Sized, lines: Sized, blocks: Sized) -> bool:
        """Whether :mod:`ast` counted as many places as LibCST."""
        return (len(spans), len(lines), len(blocks)) == (self.calls, self.statements, self.blocks)


_memo: OrderedDict[str, Template | None] = OrderedDict()
_characters = 0


def templates(units: Iterable[Unit]) -> dict[str, Template | None]:
    """The template of each unit by its text; ``None`` where LibCST cannot parse it."""
    found: dict[str, Template | None] = {}
    missing: dict[str, Unit] = {}
    for unit in units:
        text = unit.text
        if text in _memo:
            _memo.move_to_end(text)
            found[text] = _memo[text]
        elif text:
            missing[text] = unit
    if missing:
        made = _lower_together(list(missing.values()))
        found |= made
        _keep(made)
    return found


def _keep(made: dict[str, Template | None]) -> None:
    global _characters  # noqa: PLW0603  # one memo serves the process
    _memo.update(made)
    _characters += sum(map(len, made))
    while _characters > _MOST_CHARACTERS:
        _characters -= len(_memo.popitem(last=False)[0])


def _lower_together(units: Sequence[Unit]) -> dict[str, Template | None]:
    """Templates of one parse: each has a cost of its own."""
    try:
        body = parse("\n".join([*[unit.text for unit in units], ""])).body
    except Unreadable:
        body = ()
    if len(body) != len(units):  # one of them is no statement by itself
        if len(units) == 1:
            return {units[0].text: None}
        half = len(units) // 2
        return _lower_together(units[:half]) | _lower_together(units[half:])
    return {unit.text: _lower(unit, node) for unit, node in zip(units, body, strict=True)}


def _lower(unit: Unit, node: Any) -> Template | None:  # noqa: ANN401  # a LibCST statement
    counted = Counted(is_cut=unit.is_cut)
    lowering = Lowering(counted)
    try:
        block = lowering.block(node.body.body if unit.is_indented else [node])
    except RecursionError:
        return None
    return Template(block, counted.calls, counted.statements, counted.blocks, lowering.yields)


class Placing:
    """Makes the program of a template that stands somewhere.

    Args:
        spans: the places of its calls.
        lines: those of its statements.
        blocks: what its blocks hold.
        definition: makes the definition of a function whose body is a block of the statement.
    """

    __slots__ = ("_blocks", "_definition", "_lines", "_spans")

    def __init__(
        self,
        spans: Sequence[p.Span],
        lines: Sequence[int],
        blocks: Sequence[p.Block],
        definition: Callable[[], p.Definition],
    ) -> None:
        self._spans = spans
        self._lines = lines
        self._blocks = blocks
        self._definition = definition

    def block(self, template: p.Block) -> p.Block:
        if len(template) == 1 and isinstance(template[0], p.Hole):
            return self._blocks[template[0].line]
        return tuple(map(self._copy, template))

    def _copy(self, node: Any) -> Any:  # noqa: ANN401  # a node of any kind
        # At most three calls of Python for a level of the tree, so that deep ones have room.
        kind = node.__class__
        if kind is p.Const:
            return node
        if kind is p.Name:
            return p.Name(node.id)
        if kind is p.Attribute:
            return p.Attribute(self._copy(node.value), node.attr)
        if kind is p.Arg:
            return p.Arg(self._copy(node.value), node.keyword, node.star)
        if kind is p.Call:
            args = tuple(map(self._copy, node.args))
            return p.Call(self._copy(node.func), args, self._spans[node.span[0]])
        if kind is tuple:
            if len(node) == 1 and isinstance(node[0], p.Hole):
                return self._blocks[node[0].line]
            return tuple(map(self._copy, node))
        if kind is p.Definition:
            return self._define(node)
        if kind is p.If:
            return self._copy_if(node)
        names = _FIELDS.get(kind)
        if names is None:
            names = _FIELDS[kind] = _fields(kind)
        if not names and not isinstance(node, (p.Expr, p.Stmt)):
            return node  # a string, a number, None
        values = map(self._copy, [getattr(node, name) for name in names])
        return kind(self._lines[node.line], *values) if isinstance(node, p.Stmt) else kind(*values)

    def _copy_if(self, node: p.If) -> p.If:
        # A chain of elif is as long as its author likes: no recursion along it.
        arms = []
        orelse: p.Block = (node,)
        while len(orelse) == 1 and isinstance(arm := orelse[0], p.If):
            arms.append((self._lines[arm.line], self._copy(arm.test), self.block(arm.body)))
            orelse = arm.orelse
        orelse = self.block(orelse)
        while len(arms) > 1:
            orelse = (p.If(*arms.pop(), orelse),)
        return p.If(*arms[0], orelse)

    def _define(self, definition: p.Definition) -> p.Definition:
        body = definition.body
        if len(body) == 1 and isinstance(body[0], p.Hole):
            return self._definition()
        return p.Definition(self.block(body), is_generator=definition.is_generator)


_FIELDS: dict[type, tuple[str, ...]] = {}
_NODES: Final = (p.Expr, p.Stmt, p.Arg, p.Clause, p.Handler, p.Case, p.Params, p.Param)


def _fields(kind: type[Any]) -> tuple[str, ...]:
    """What is copied of a node besides its line; empty for what is no node."""
    if not issubclass(kind, _NODES):
        return ()
    return tuple([each.name for each in fields(kind) if each.init and each.name != "line"])
