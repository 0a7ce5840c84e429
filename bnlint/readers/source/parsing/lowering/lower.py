"""The program of statements, lowered when they are asked for, and of their functions, when run."""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.lowering.libcst_parser import (
    Unreadable,
    on_a_large_stack,
)
from bnlint.readers.source.parsing.lowering.templates import Placing, Template, templates
from bnlint.readers.source.parsing.lowering.units import (
    Elided,
    Unit,
    lines_of,
    mentions,
    spans_of,
    units,
)

_SHALLOW: Final = 30  # brackets in a statement that are parsed on the caller's stack
_FRAMES: Final = 400  # of a caller that may have filled its own


class Source:
    """A top-level statement as far as it is lowered: what its functions share.

    Attributes:
        lines: of the module, without what is elided.
        elided: expressions and statements that stay unknown.
        is_deep: whether it is nested so deeply that it is lowered on a stack of its own.
        unread: the lines of statements that LibCST cannot parse though Python can.
    """

    def __init__(
        self,
        lines: list[str],
        elided: Elided,
        find: Callable[[], tuple[Sequence[ast.stmt], Elided]],
        *,
        is_deep: bool,
    ) -> None:
        self.lines = lines
        self.elided = elided
        self.is_deep = is_deep
        self.unread: list[int] = []
        self._find = find
        self._bodies: dict[tuple[int, int], list[ast.stmt]] = {}

    def keep(self, function: Any) -> tuple[int, int]:  # noqa: ANN401  # a FunctionDef, async or not
        """Keeps the body of a function; returns what :meth:`body` finds it by."""
        place = (function.lineno, function.col_offset)
        self._bodies[place] = function.body
        return place

    def body(self, place: tuple[int, int]) -> list[ast.stmt]:
        """The body of a function; after :meth:`release`, the module is parsed again."""
        if place not in self._bodies:
            nodes, self.elided = self._find()
            for node in nodes:
                for each in ast.walk(node):
                    if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        self.keep(each)
        return self._bodies[place]

    def release(self) -> None:
        """Drops what is left of the syntax tree."""
        self._bodies = {}
        self.elided = frozenset()


def lower(source: Source, nodes: Sequence[ast.stmt]) -> p.Block:
    """The program of statements of a module."""
    return _lower(source, nodes)[0]


class _Deferred(p.Definition):
    """What a function does, lowered when it is first asked for."""

    __slots__ = ("_place", "_source")

    def __init__(self, source: Source, place: tuple[int, int]) -> None:
        self._source = source
        self._place = place
        self._mentions = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of a slot that is still empty
        if name not in ("body", "is_generator"):
            raise AttributeError(name)
        self.body, self.is_generator = _lower(self._source, self._source.body(self._place))
        return getattr(self, name)

    def _find_mentions(self) -> frozenset[str]:
        return mentions(self._source.body(self._place), self._source.elided)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A unit and what is to stand in its blocks."""

    unit: Unit
    blocks: tuple[tuple[_Planned, ...], ...]


_Plan: TypeAlias = tuple[_Planned, ...]


def _lower(source: Source, nodes: Sequence[ast.stmt]) -> tuple[p.Block, bool]:
    """The program of some statements, and whether they make a generator of their function."""

    def work() -> tuple[p.Block, bool]:
        made = templates(flat)
        yields = any(template is not None and template.yields for template in made.values())
        return _place(source, plan, made), yields

    plan = _plan(source, nodes)
    flat = list(_flat(plan))
    if not source.is_deep and not _is_deep(flat):
        return work()
    try:
        return on_a_large_stack(work)
    except Unreadable:
        return (), False


def _is_deep(flat: Sequence[Unit]) -> bool:
    """Whether the caller's stack may be too small for LibCST's parser."""
    if threading.current_thread() is not threading.main_thread():
        return True
    try:
        sys._getframe(_FRAMES)
    except ValueError:
        return any(_brackets(unit.text) > _SHALLOW for unit in flat)
    return True


def _brackets(text: str) -> int:
    """How deeply brackets are nested in a text, at the most."""
    if text.count("(") + text.count("[") + text.count("{") <= _SHALLOW:
        return 0
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _plan(source: Source, nodes: Sequence[ast.stmt]) -> _Plan:
    return tuple(
        [
            # The body of a function waits until it is run.
            _Planned(unit, () if _is_function(unit) else _blocks(source, unit))
            for unit in units(nodes, source.lines, source.elided)
        ]
    )


def _blocks(source: Source, unit: Unit) -> tuple[_Plan, ...]:
    return tuple([_plan(source, block) for block in unit.blocks])


def _is_function(unit: Unit) -> bool:
    return isinstance(unit.nodes[0], (ast.FunctionDef, ast.AsyncFunctionDef))


def _flat(plan: _Plan) -> Iterator[Unit]:
    for planned in plan:
        yield planned.unit
        for block in planned.blocks:
            yield from _flat(block)


def _place(source: Source, plan: _Plan, made: Mapping[str, Template | None]) -> p.Block:
    block: list[p.Stmt] = []
    for planned in plan:
        unit = planned.unit
        if not unit.text:
            block.append(p.Raise(unit.nodes[0].lineno))
            continue
        template = made[unit.text]
        lines = lines_of(unit)
        spans = spans_of(unit, source.elided)
        if template is None or not template.fits(spans, lines, unit.blocks):
            source.unread.append(lines[0])
            block.append(_unknown(unit))
            continue
        blocks = [_place(source, each, made) for each in planned.blocks]
        placing = Placing(spans, lines, blocks, partial(_definition, source, unit))
        block += placing.block(template.block)
    return tuple(block)


def _definition(source: Source, unit: Unit) -> p.Definition:
    return _Deferred(source, source.keep(unit.nodes[0]))


def _unknown(unit: Unit) -> p.Stmt:
    """What becomes of a statement that cannot be lowered: whatever it binds is unknown."""
    names: dict[str, None] = {}
    for node in unit.nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                names[each.id] = None
            elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names[each.name] = None
            elif isinstance(each, ast.alias):
                names[each.asname or each.name.partition(".")[0]] = None
    targets = tuple([p.Name(name) for name in names])
    return p.Assign(unit.nodes[0].lineno, targets, p.Expr())
