"""Which branches are worth a world of their own."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from functools import lru_cache

from bnlint.readers.source.parsing import program as ir

# Calls that neither build nor apply a layer, by the last part of their name.
_INERT_CALLS = frozenset(
    {
        "print",
        "warn",
        "warning",
        "info",
        "debug",
        "error",
        "exception",
        "log",
        "write",
        "exit",
        "compile",
        "fit",
        "fit_generator",
        "summary",
        "save",
        "save_weights",
        "load_weights",
        "set_weights",
        "plot_model",
        "makedirs",
        "mkdir",
        "show",
        "savefig",
        "flush",
        "sleep",
        "validate_activation",
        "clear_session",
        "seed",
        "set_random_seed",
        "evaluate",
        "add_loss",
        "add_metric",
    }
)


_FILLING = frozenset(
    {"append", "extend", "insert", "update", "setdefault", "appendleft", "pop", "__setitem__"}
)


class Side(enum.Enum):
    """What to run of an ``if`` whose test is unknown."""

    EITHER = "either"  # worth a choice
    BODY = "body"  # the other side only raises
    ORELSE = "orelse"
    NEITHER = "neither"


@lru_cache(maxsize=4096)
def side_to_take(node: ir.If) -> Side:
    """What to run of ``node`` when its test is unknown."""
    body = _effect(node.body)
    orelse = _effect(node.orelse)
    if body == "raises":
        return Side.ORELSE
    if orelse == "raises":
        return Side.BODY
    if body == "nothing" and orelse == "nothing":
        return Side.NEITHER
    if body == "imports" and orelse in ("imports", "nothing"):
        return Side.BODY
    return Side.EITHER


def ends_program(block: ir.Block) -> bool:
    """Whether nothing runs after a block: it raises, or exits."""
    match block[-1:]:
        case (ir.Raise(),):
            return True
        case (ir.ExprStmt(value=ir.Call(func=func)),):
            return last_name(func) in ("exit", "quit", "_exit")
    return False


@lru_cache(maxsize=4096)
def trains(node: ir.If) -> bool:
    """Whether a side of ``node`` compiles or fits a model."""
    return any(
        isinstance(each, ir.Call)
        and isinstance(each.func, ir.Attribute)
        and each.func.attr in ("compile", "fit", "fit_generator")
        for each in ir.walk([*node.body, *node.orelse])
    )


def _effect(block: ir.Block) -> str:
    """What running a block does: "raises", "nothing", "imports" or "something"."""
    effect = "nothing"
    for statement in block:
        match statement:
            case ir.Raise():
                return "raises"
            case ir.Import() | ir.ImportFrom():
                effect = "imports"
            case ir.ExprStmt(value=ir.Const()) | ir.Assert():
                pass
            case ir.ExprStmt(value=ir.Call(func=func)) if last_name(func) in _INERT_CALLS:
                pass
            case ir.If():
                if side_to_take(statement) is not Side.NEITHER:
                    return "something"
            case _:
                return "something"
    return effect


def last_name(func: ir.Expr) -> str:
    if isinstance(func, ir.Attribute):
        return func.attr
    return func.id if isinstance(func, ir.Name) else ""


def is_plain(nodes: Sequence[ir.Expr]) -> bool:
    """Whether evaluating ``nodes`` can build nothing: no calls in them but harmless ones."""
    return all(_is_plain(node) for node in nodes)


def _is_plain(node: ir.Expr) -> bool:
    match node:
        case ir.Const() | ir.Name():
            return True
        case ir.Attribute(value=value):
            return _is_plain(value)
        case ir.UnaryOp(operand=operand):
            return _is_plain(operand)
        case ir.Compare(left=left, comparators=comparators):
            return _is_plain(left) and is_plain(comparators)
        case ir.BoolOp(values=values):
            return is_plain(values)
        case ir.BinOp(left=left, right=right):
            return _is_plain(left) and _is_plain(right)
        case ir.Tuple(elts=elts) | ir.List(elts=elts):
            return is_plain(elts)
        case ir.Subscript(value=value, index=index):
            return _is_plain(value) and _is_plain(index)
        case ir.Call(func=ir.Name(id="isinstance" | "len" | "int" | "str" | "hasattr"), args=args):
            return all(_is_plain(arg.value) for arg in args)
        case _:
            return False


def is_text(node: ir.Expr) -> bool:
    """Whether ``node`` builds a string, such as the name of a layer."""
    match node:
        case ir.JoinedStr():
            return True
        case ir.BinOp(op="+" | "%", left=left, right=right):
            return is_text(left) or is_text(right) or _is_string(left) or _is_string(right)
        case ir.Call(func=ir.Attribute(attr="format" | "join")):
            return True
        case _:
            return False


def _is_string(node: ir.Expr) -> bool:
    return isinstance(node, ir.Const) and isinstance(node.value, str)


@lru_cache(maxsize=4096)
def may_be_shortened(node: ir.For) -> bool:
    """Whether a loop only wires layers, so that turns like those before add nothing but length.

    One that fills a list or sets attributes is run in full: other code may count on its items.
    """
    for each in ir.walk(node.body):
        match each:
            case ir.Call(func=ir.Attribute(attr=name)) if name in _FILLING:
                return False
            case ir.Call(func=ir.Name(id="setattr")) | ir.Yield():
                return False
            case ir.Assign(targets=targets) if not all(map(_is_name, targets)):
                return False
            case ir.AugAssign(value=ir.List() | ir.Tuple() | ir.Comprehension()):
                return False
            case ir.AugAssign(target=target) if not _is_name(target):
                return False
            case _:
                pass
    return True


def _is_name(target: ir.Expr) -> bool:
    if isinstance(target, ir.Tuple):
        return all(map(_is_name, target.elts))
    return isinstance(target, ir.Name)


@lru_cache(maxsize=4096)
def lines_of(node: ir.If | ir.IfExp) -> tuple[range, range]:
    """The lines that the two sides of an ``if``, statement or expression, span."""
    return _span(node.body), _span(node.orelse)


def _span(side: ir.Block | ir.Expr) -> range:
    nodes: Sequence[ir.Stmt | ir.Expr] = (side,) if isinstance(side, ir.Expr) else side
    lines = [span[0] for span in ir.call_spans(nodes)] + [span[2] for span in ir.call_spans(nodes)]
    lines += [node.line for node in nodes if isinstance(node, ir.Stmt)]
    return range(min(lines), max(lines) + 1) if lines else range(0)
