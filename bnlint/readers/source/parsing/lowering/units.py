"""Statements one by one: the text that LibCST is to parse of each, and where its calls stand.

:mod:`ast` has read the module already. It says which statements there are and where; LibCST, which
takes twenty times as long, gets each by itself, without its indentation, and without the blocks in
it, whose statements are units of their own. So no text is parsed twice, nesting costs nothing, and
what repeats word for word has to be parsed but once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeAlias

from bnlint.readers.source.parsing.broken import PLACEHOLDER
from bnlint.readers.source.parsing.program import Span

Elided: TypeAlias = AbstractSet[ast.AST]
"""What is not lowered: data of thousands of literals, nesting beyond any program's."""

_WHITE: Final = " \t\f"
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SIMPLE: Final = (
    ast.Assign,
    ast.Expr,
    ast.Return,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Import,
    ast.ImportFrom,
    ast.Assert,
    ast.Delete,
    ast.Global,
    ast.Nonlocal,
    ast.Pass,
    ast.Break,
    ast.Continue,
    ast.Raise,
)


class Unit:
    """A statement, or several that share a line.

    Attributes:
        nodes: the statements.
        text: what is to be parsed; empty for a ``raise``, of which nothing is evaluated.
        is_cut: whether each block in it was replaced by ``pass``.
        is_indented: whether it stands below an ``if 1:`` of ours.
        blocks: the statements of each block that was taken out, in order.
        arms: an ``if`` that was cut, and each ``elif`` of it.
    """

    __slots__ = ("arms", "blocks", "is_cut", "is_indented", "nodes", "text")

    def __init__(
        self,
        nodes: list[ast.stmt],
        text: str,
        blocks: Sequence[list[ast.stmt]] = (),
        arms: Sequence[ast.If] = (),
        *,
        is_cut: bool = False,
        is_indented: bool = False,
    ) -> None:
        self.nodes = nodes
        self.text = text
        self.blocks = blocks
        self.arms = arms
        self.is_cut = is_cut
        self.is_indented = is_indented


def units(body: Sequence[ast.stmt], lines: list[str], elided: Elided) -> list[Unit]:
    """The units of a block; what is elided is left out.

    Args:
        body: the statements.
        lines: of the module; :func:`without_elided` was applied to them.
        elided: statements and expressions.
    """
    found = []
    start = 0
    for index, node in enumerate(body):
        if index + 1 < len(body) and shares_line(lines, node, body[index + 1]):
            continue
        group = list(body[start : index + 1])
        if elided:
            group = [each for each in group if each not in elided]
        start = index + 1
        if group and not (len(group) == 1 and _does_nothing(group[0])):
            unit = _unit(group, lines, elided)
            if unit is not None:
                found.append(unit)
    return found


def _does_nothing(node: ast.stmt) -> bool:
    """Whether a statement is a docstring or the like."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.AnnAssign) and node.value is None)


def shares_line(lines: list[str], node: ast.stmt, following: ast.stmt) -> bool:
    """Whether a semicolon and not a line end stands between two statements."""
    end = node.end_lineno or node.lineno
    if following.lineno == end:
        return True
    line = lines[end - 1]
    if ";" not in line:
        return False
    rest = line.encode("utf-8")[node.end_col_offset or 0 :].lstrip()
    return rest.startswith(b";") and rest.rstrip().endswith(b"\\")


def first_line(node: ast.stmt, lines: list[str]) -> int:
    """The line of the first decorator's ``@``, or of the statement."""
    if not isinstance(node, _DEFINITIONS) or not node.decorator_list:
        return node.lineno
    line = node.decorator_list[0].lineno
    while line > 1 and not lines[line - 1].lstrip().startswith("@"):
        line -= 1
    return line


def without_elided(lines: list[str], elided: Iterable[ast.AST]) -> list[str]:
    """The lines with a name that stands for something unknown in place of what is elided."""
    changed = list(lines)
    expressions = [each for each in elided if isinstance(each, ast.expr)]
    for each in sorted(expressions, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        last = each.end_lineno or each.lineno
        before = changed[each.lineno - 1].encode("utf-8", "replace")[: each.col_offset]
        after = changed[last - 1].encode("utf-8", "replace")[each.end_col_offset or 0 :]
        for number in range(each.lineno, last):
            changed[number] = ""
        line = before.decode("utf-8", "replace") + PLACEHOLDER + after.decode("utf-8", "replace")
        changed[each.lineno - 1] = line
    return changed


def _unit(nodes: list[ast.stmt], lines: list[str], elided: Elided) -> Unit | None:
    node = nodes[0]
    first = first_line(node, lines)
    end = nodes[-1].end_lineno or node.lineno
    is_raise = isinstance(node, ast.Raise) and len(nodes) == 1
    if is_raise and not any("yield" in line for line in lines[first - 1 : end]):
        return Unit(nodes, "")
    if not isinstance(node, _SIMPLE):
        blocks, arms = _blocks(node, lines, elided)
        if blocks and all(_starts_line(block[0], lines) for block in blocks):
            text = _cut(node, first, blocks, lines)
            if text is not None:
                return Unit(nodes, text, blocks, arms, is_cut=True)
        if elided and any(each in elided for each in _statements_in(nodes)):
            return None
        if end > first and lines[first - 1][:1] in _WHITE:
            text = "\n".join(["if 1:", *lines[first - 1 : end]])
            return Unit(nodes, text, is_indented=True)
    text = lines[first - 1] if end == first else "\n".join(lines[first - 1 : end])
    return Unit(nodes, text.lstrip(_WHITE))


def _starts_line(node: ast.stmt, lines: list[str]) -> bool:
    before = lines[node.lineno - 1][: node.col_offset]
    return not before.strip(_WHITE)


def _is_elif(node: ast.stmt, lines: list[str]) -> bool:
    return isinstance(node, ast.If) and lines[node.lineno - 1].lstrip(_WHITE).startswith("elif")


def _blocks(
    node: Any,  # noqa: ANN401  # a statement of any kind
    lines: list[str],
    elided: Elided,
) -> tuple[list[list[ast.stmt]], list[ast.If]]:
    """The blocks that can be taken out of a statement, as the text has them, and its ``elif``."""
    if isinstance(node, ast.If):
        return _arms(node, lines, elided)
    if isinstance(node, ast.Match):
        return [], []
    blocks = [getattr(node, "body", [])]
    blocks += [handler.body for handler in getattr(node, "handlers", ())]
    blocks += [getattr(node, "orelse", []), getattr(node, "finalbody", [])]
    return [block for block in blocks if block], []


def _arms(
    node: ast.If, lines: list[str], elided: Elided
) -> tuple[list[list[ast.stmt]], list[ast.If]]:
    arms = [node]
    rest = node.orelse
    while len(rest) == 1 and isinstance(arm := rest[0], ast.If) and _is_elif(arm, lines):
        if arm in elided:
            rest = []
            break
        arms.append(arm)
        rest = arm.orelse
    blocks = [arm.body for arm in arms]
    return ([*blocks, rest] if rest else blocks), arms


def _cut(
    node: ast.stmt, first: int, blocks: Sequence[list[ast.stmt]], lines: list[str]
) -> str | None:
    """The text of a compound statement with ``pass`` for each block; ``None`` where it is odd."""
    text: list[str] = []
    for block in blocks:
        start = first_line(block[0], lines)
        clause = lines[first - 1 : start - 1]
        while clause and _is_blank(clause[-1]):
            clause.pop()
        while clause and _is_blank(clause[0]):
            del clause[0]
            first += 1
        if not clause:
            return None
        heads = [0]
        if not text and isinstance(node, _DEFINITIONS) and node.decorator_list:
            heads = [each.lineno - first for each in (*node.decorator_list, node)]
            if not all(clause[head].lstrip(_WHITE).startswith("@") for head in heads[:-1]):
                return None
        for head in heads:
            clause[head] = clause[head].lstrip(_WHITE)
        text += clause
        text.append(" pass")
        first = (block[-1].end_lineno or block[-1].lineno) + 1
    return "\n".join(text)


def _is_blank(line: str) -> bool:
    stripped = line.lstrip(_WHITE)
    return not stripped or stripped[0] == "#"


def _statements_in(nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
    return [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.stmt)]


# Places, in the order in which they are lowered


def lines_of(unit: Unit) -> list[int]:
    """The lines of the statements of a unit."""
    if unit.arms:
        return [arm.lineno for arm in unit.arms]
    if unit.is_cut or (len(unit.nodes) == 1 and isinstance(unit.nodes[0], _SIMPLE)):
        return [unit.nodes[0].lineno]
    found = _statements_in(unit.nodes)
    return [each.lineno for each in sorted(found, key=lambda n: (n.lineno, n.col_offset))]


def spans_of(unit: Unit, elided: Elided) -> list[Span]:
    """The places of the calls of a unit, as far as they are part of its program."""
    spans = _spans(_heads(unit) if unit.is_cut else [*unit.nodes], elided)
    spans.sort(key=_end)
    return spans


def _end(span: Span) -> tuple[int, int]:
    return span[2:]


def _spans(pending: list[Any], elided: Elided) -> list[Span]:
    found: list[Span] = []
    for node in pending:  # it grows meanwhile
        kind = node.__class__
        if elided and node in elided:
            continue
        if kind is ast.Call:
            found.append((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset))
        elif kind is ast.JoinedStr:
            # Positions inside an f-string are wrong before Python 3.12: calls get its own.
            place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            found += [place] * len(_spans([*node.values], elided))
            continue
        elif kind in _PARTLY and _is_dropped(node):
            continue
        for name in _FIELDS.get(kind, ()):
            value = getattr(node, name)
            if value.__class__ is list:
                pending += value
            elif value is not None:
                pending.append(value)
    return found


_PARTLY: Final = frozenset({ast.AnnAssign, ast.FormattedValue})


def _is_dropped(node: ast.AnnAssign | ast.FormattedValue) -> bool:
    """Whether a node is no part of the program that often is."""
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return node.format_spec is not None or node.conversion != -1


def _heads(unit: Unit) -> list[Any]:
    """What a compound statement evaluates outside of its blocks."""
    if unit.arms:
        return [arm.test for arm in unit.arms]
    heads: list[Any] = []
    node = unit.nodes[0]
    for name in _FIELDS.get(node.__class__, ()):
        if name not in ("body", "orelse", "finalbody", "handlers"):
            value = getattr(node, name)
            heads += value if isinstance(value, list) else [value]
    return heads


def mentions(nodes: Sequence[ast.stmt], elided: Elided) -> frozenset[str]:
    """Every name and attribute name in the program of some statements."""
    found = set()
    pending: list[Any] = [*nodes]
    for node in pending:  # it grows meanwhile
        kind = node.__class__
        if elided and node in elided:
            continue
        if kind is ast.Name:
            found.add(node.id)
            continue
        if kind is ast.Attribute:
            found.add(node.attr)
        elif kind in _PARTLY and _is_dropped(node):
            continue
        for name in _FIELDS.get(kind, ()):
            value = getattr(node, name)
            if value.__class__ is list:
                pending += value
            elif value is not None:
                pending.append(value)
    found.discard(PLACEHOLDER)
    return frozenset(found)


# The parts of each node that are lowered. Annotations, the messages of assertions, what is raised
# and which exceptions are caught are not.
_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    ast.Expr: ("value",),
    ast.Assign: ("targets", "value"),
    ast.AnnAssign: ("target", "value"),
    ast.AugAssign: ("target", "value"),
    ast.Return: ("value",),
    ast.Assert: ("test",),
    ast.Delete: ("targets",),
    ast.If: ("test", "body", "orelse"),
    ast.For: ("target", "iter", "body", "orelse"),
    ast.AsyncFor: ("target", "iter", "body", "orelse"),
    ast.While: ("test", "body", "orelse"),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.With: ("items", "body"),
    ast.AsyncWith: ("items", "body"),
    ast.withitem: ("context_expr", "optional_vars"),
    ast.Match: ("subject", "cases"),
    ast.match_case: ("pattern", "guard", "body"),
    ast.MatchValue: ("value",),
    ast.MatchAs: ("pattern",),
    ast.FunctionDef: ("decorator_list", "args", "body"),
    ast.AsyncFunctionDef: ("decorator_list", "args", "body"),
    ast.arguments: ("defaults", "kw_defaults"),
    ast.ClassDef: ("decorator_list", "bases", "keywords", "body"),
    ast.keyword: ("value",),
    ast.Attribute: ("value",),
    ast.Subscript: ("value", "slice"),
    ast.Slice: ("lower", "upper", "step"),
    ast.Call: ("func", "args", "keywords"),
    ast.BinOp: ("left", "right"),
    ast.UnaryOp: ("operand",),
    ast.BoolOp: ("values",),
    ast.Compare: ("left", "comparators"),
    ast.IfExp: ("test", "body", "orelse"),
    ast.Starred: ("value",),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Set: ("elts",),
    ast.Dict: ("keys", "values"),
    ast.JoinedStr: ("values",),
    ast.FormattedValue: ("value",),
    ast.Lambda: ("args", "body"),
    ast.ListComp: ("elt", "generators"),
    ast.SetComp: ("elt", "generators"),
    ast.GeneratorExp: ("elt", "generators"),
    ast.DictComp: ("key", "value", "generators"),
    ast.comprehension: ("target", "iter", "ifs"),
    ast.NamedExpr: ("value",),
    ast.Await: ("value",),
    ast.Yield: ("value",),
    ast.YieldFrom: ("value",),
}
for _name, _fields in (("TryStar", _FIELDS[ast.Try]), ("TypeAlias", ("name",))):
    if hasattr(ast, _name):
        _FIELDS[getattr(ast, _name)] = _fields
