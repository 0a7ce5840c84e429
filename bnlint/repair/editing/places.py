"""How the use of a layer is written: by a call, by ``model.add``, or in a Sequential's list."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Final, TypeAlias

from bnlint.findings import Edit
from bnlint.repair import Use
from bnlint.repair.editing.names import bound_in, loaded_in
from bnlint.repair.editing.source import Source

# Code inside of these is evaluated sometimes only, or many times.
_UNSTEADY: Final = (
    ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """``slot(operand, …)``."""

    call: ast.Call
    slot: ast.expr

    @property
    def operand(self) -> ast.expr:
        return self.call.args[0]


@dataclass(frozen=True, slots=True)
class Added:
    """``model.add(slot)``, a statement of its own."""

    call: ast.Call
    slot: ast.expr
    statement: ast.Expr


@dataclass(frozen=True, slots=True)
class Listed:
    """``Sequential([…, slot, …])``."""

    call: ast.Call
    slot: ast.expr
    listed: ast.List | ast.Tuple


Place: TypeAlias = Applied | Added | Listed


def place_of(use: Use, source: Source) -> Place | None:
    """How the use is written; ``None`` where it is none of these ways."""
    call, layer = source.call(use.call), source.call(use.layer)
    if layer is not None and (given := _given_to_model(layer, source)) is not None:
        return given  # wherever the model is called
    if call is None:
        return None
    if isinstance(call.func, ast.Attribute) and call.func.attr == "add" and layer is not call:
        statement = source.parents[call]
        if len(call.args) != 1 or call.keywords or not isinstance(statement, ast.Expr):
            return None
        return Added(call, call.args[0], statement)
    listed = call.args[0] if call.args else None
    if isinstance(listed, (ast.List, ast.Tuple)) and layer in listed.elts:
        assert layer is not None
        return Listed(call, layer, listed)
    if len(call.args) != 1 or isinstance(listed, (ast.List, ast.Tuple, ast.Starred)):
        return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return Applied(call, call.func)


def _given_to_model(layer: ast.Call, source: Source) -> Added | Listed | None:
    """How a layer is passed to a Sequential directly at its construction, if it is."""
    parent = source.parents[layer]
    if isinstance(parent, ast.Call) and parent.args == [layer] and not parent.keywords:
        statement = source.parents[parent]
        is_added = isinstance(parent.func, ast.Attribute) and parent.func.attr == "add"
        if is_added and isinstance(statement, ast.Expr):
            return Added(parent, layer, statement)
    if isinstance(parent, (ast.List, ast.Tuple)):
        model = source.parents[parent]
        if isinstance(model, ast.Call) and model.args and model.args[0] is parent:
            name = source.code(model.func).rpartition(".")[2]
            return Listed(model, layer, parent) if name == "Sequential" else None
    return None


def are_side_by_side(first: Place, second: Place, source: Source) -> bool:
    """Whether two uses always happen together, in this order, with the same names around them."""
    if type(first) is not type(second):
        return False
    if isinstance(first, Listed):
        return isinstance(second, Listed) and first.listed is second.listed
    if _condition(first.call, source) is not _condition(second.call, source):
        return False
    start, end = source.statement(first.call), source.statement(second.call)
    if start is end:
        return True
    block = source.block(start)
    if end not in block or block.index(start) > block.index(end):
        return False
    if isinstance(first, Added) and isinstance(second, Added):
        receivers = [source.code(place.call.func) for place in (first, second)]
        if receivers[0] != receivers[1]:
            return False
    between = block[block.index(start) : block.index(end)]
    bound = {name for statement in between for name, _ in bound_in(statement)}
    return bound.isdisjoint(loaded_in(first.slot) | loaded_in(second.slot))


def optional(place: Place, beside: Place, source: Source) -> tuple[ast.stmt, ast.stmt] | None:
    """Two statements in a row, one of which is an ``if`` that contains only a use.

    ``x = relu(x)`` and ``if bn: x = norm(x)``: each takes ``x`` and assigns ``x``.

    Returns:
        The statements of the two uses, where the first stands directly before the second.
    """
    if not isinstance(place, Applied) or not isinstance(beside, Applied):
        return None
    names = [_renewed(each, source) for each in (place, beside)]
    if None in names or names[0] != names[1]:
        return None
    first, second = (source.statement(each.call) for each in (place, beside))
    if source.block(first) is source.block(second):
        return None
    first, second = _around(first, second, source), _around(second, first, source)
    block = source.block(first)
    if second not in block or block.index(second) != block.index(first) + 1:
        return None
    return first, second


def _around(statement: ast.stmt, other: ast.stmt, source: Source) -> ast.stmt:
    """The ``if`` that contains only ``statement``, and not ``other``; else ``statement``."""
    parent = source.parents[statement]
    is_alone = isinstance(parent, ast.If) and parent.body == [statement] and not parent.orelse
    if is_alone and isinstance(parent, ast.If) and parent not in source.above(other):
        grandparent = source.parents[parent]
        is_elif = isinstance(grandparent, ast.If) and parent in grandparent.orelse
        return statement if is_elif else parent
    return statement


def _renewed(place: Applied, source: Source) -> str | None:
    """The name ``x`` that the statement ``x = layer(x)`` or ``x = layer(…)`` assigns."""
    statement = source.parents[place.call]
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    return target.id if isinstance(target, ast.Name) else None


def takes_what_it_renews(place: Applied, source: Source) -> bool:
    """Whether the use is ``x = layer(x)``."""
    return isinstance(place.operand, ast.Name) and _renewed(place, source) == place.operand.id


def swapped(first: Place, second: Place, source: Source) -> list[Edit]:
    """Swap the layers of two uses, and the other arguments of their calls."""
    # As a whole: a change that another fix makes to one layer must not end in the other layer.
    edits = [
        source.edit(*source.span(first.slot), source.code(second.slot)),
        source.edit(*source.span(second.slot), source.code(first.slot)),
    ]
    if isinstance(first, Applied) and isinstance(second, Applied):
        ends = [(source.span(p.operand)[1], source.span(p.call)[1] - 1) for p in (first, second)]
        texts = [source.text[start:end] for start, end in ends]
        if texts[0].strip() != texts[1].strip():
            edits += [
                source.edit(start, end, text)
                for (start, end), text in zip(ends, reversed(texts), strict=True)
            ]
    return edits


def _condition(node: ast.AST, source: Source) -> ast.AST | None:
    for parent in source.above(node):
        if isinstance(parent, _UNSTEADY):
            return parent
        if isinstance(parent, ast.stmt):
            return None
    return None
