"""The lowered program: what the interpreter runs.

A LibCST tree keeps every blank and comma, which is what a fix needs and what an interpreter does
not. Each statement that matters is lowered once to the nodes below and its tree is dropped; running
it again in another world then costs no tree walk at all.

Nodes compare by identity, so that a node can stand for itself in the key of a choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, TypeAlias

Span: TypeAlias = tuple[int, int, int, int]
"""``(line, column, end line, end column)``: lines from 1, columns in UTF-8 bytes from 0 as in
:mod:`ast`, the end exclusive."""


@dataclass(slots=True, eq=False)
class Expr:
    """An expression. Also used as it is for what the interpreter does not model."""


@dataclass(slots=True, eq=False)
class Const(Expr):
    value: object


@dataclass(slots=True, eq=False)
class Name(Expr):
    id: str


@dataclass(slots=True, eq=False)
class Attribute(Expr):
    value: Expr
    attr: str


@dataclass(slots=True, eq=False)
class Slice(Expr):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(slots=True, eq=False)
class Subscript(Expr):
    value: Expr
    index: Expr  # a Tuple where several indices stand


@dataclass(slots=True, eq=False)
class Arg:
    value: Expr
    keyword: str | None = None
    star: Literal["", "*", "**"] = ""


@dataclass(slots=True, eq=False)
class Call(Expr):
    func: Expr
    args: tuple[Arg, ...]
    span: Span


@dataclass(slots=True, eq=False)
class BinOp(Expr):
    op: str  # as written: "+", "//", "@", …
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class UnaryOp(Expr):
    op: str  # "not", "-", "+", "~"
    operand: Expr


@dataclass(slots=True, eq=False)
class BoolOp(Expr):
    op: Literal["and", "or"]
    values: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Compare(Expr):
    left: Expr
    ops: tuple[str, ...]  # "==", "is not", "not in", …
    comparators: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr


@dataclass(slots=True, eq=False)
class Starred(Expr):
    value: Expr


@dataclass(slots=True, eq=False)
class Tuple(Expr):
    elts: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class List(Expr):
    elts: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Set(Expr):
    elts: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Dict(Expr):
    items: tuple[tuple[Expr | None, Expr], ...]  # a key of None is ``**value``


@dataclass(slots=True, eq=False)
class JoinedStr(Expr):
    parts: tuple[str | Expr, ...]


@dataclass(slots=True, eq=False)
class Clause:
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Comprehension(Expr):
    kind: Literal["list", "set", "dict", "generator"]
    element: Expr  # the key, for a dict
    value: Expr | None  # the value, for a dict
    clauses: tuple[Clause, ...]


@dataclass(slots=True, eq=False)
class NamedExpr(Expr):
    target: str
    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Expr):
    value: Expr | None
    delegate: bool = False  # ``yield from``


@dataclass(slots=True, eq=False)
class Param:
    name: str
    default: Expr | None
    kind: Literal["positional", "keyword"]


@dataclass(slots=True, eq=False)
class Params:
    params: tuple[Param, ...]
    vararg: str | None
    kwarg: str | None
    names: tuple[str, ...] = field(init=False)
    positional: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.names = tuple([param.name for param in self.params])
        self.positional = tuple([p.name for p in self.params if p.kind == "positional"])


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    params: Params
    body: Expr


@dataclass(slots=True, eq=False)
class Stmt:
    line: int


Block: TypeAlias = tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class ExprStmt(Stmt):
    value: Expr


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    targets: tuple[Expr, ...]  # Name, Attribute, Subscript, Tuple, List, Starred
    value: Expr


@dataclass(slots=True, eq=False)
class AugAssign(Stmt):
    target: Expr
    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Return(Stmt):
    value: Expr | None


@dataclass(slots=True, eq=False)
class Raise(Stmt):
    pass


@dataclass(slots=True, eq=False)
class Assert(Stmt):
    test: Expr


@dataclass(slots=True, eq=False)
class Break(Stmt):
    pass


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    pass


@dataclass(slots=True, eq=False)
class Delete(Stmt):
    targets: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Scope(Stmt):
    """``global`` and ``nonlocal``."""

    kind: Literal["global", "nonlocal"]
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class If(Stmt):
    test: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class For(Stmt):
    target: Expr
    iter: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class While(Stmt):
    test: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class Handler:
    name: str | None
    body: Block


@dataclass(slots=True, eq=False)
class Try(Stmt):
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block


@dataclass(slots=True, eq=False)
class With(Stmt):
    items: tuple[tuple[Expr, Expr | None], ...]
    body: Block


@dataclass(slots=True, eq=False)
class Case:
    pattern: Expr | None  # a Const or dotted name compared with ==; None: anything else matches
    guard: Expr | None
    captures: tuple[str, ...]
    body: Block


@dataclass(slots=True, eq=False)
class Match(Stmt):
    subject: Expr
    cases: tuple[Case, ...]


@dataclass(slots=True, eq=False)
class Import(Stmt):
    names: tuple[tuple[str, str | None], ...]  # (dotted name, alias)


@dataclass(slots=True, eq=False)
class ImportFrom(Stmt):
    module: str  # "" for ``from . import x``
    level: int
    names: tuple[tuple[str, str | None], ...]  # ("*", None) for a star import


@dataclass(slots=True, eq=False)
class Hole(Stmt):
    """In a template: the block of this number, which stands in ``line``."""


class Definition:
    """What a function does.

    Attributes:
        body: its statements.
        is_generator: whether a ``yield`` of its own stands in them.
    """

    __slots__ = ("_mentions", "body", "is_generator")
    body: Block
    is_generator: bool

    def __init__(self, body: Block, *, is_generator: bool) -> None:
        self.body = body
        self.is_generator = is_generator
        self._mentions: frozenset[str] | None = None

    @property
    def mentions(self) -> frozenset[str]:
        """Every name and attribute name in the body, nested functions included."""
        if self._mentions is None:
            self._mentions = self._find_mentions()
        return self._mentions

    def _find_mentions(self) -> frozenset[str]:
        return frozenset(mentioned(self.body))


@dataclass(slots=True, eq=False)
class FunctionDef(Stmt):
    name: str
    params: Params
    decorators: tuple[Expr, ...]
    definition: Definition

    @property
    def body(self) -> Block:
        return self.definition.body

    @property
    def is_generator(self) -> bool:
        return self.definition.is_generator

    @property
    def mentions(self) -> frozenset[str]:
        """Every name and attribute name in the body, nested functions included."""
        return self.definition.mentions


@dataclass(slots=True, eq=False)
class ClassDef(Stmt):
    name: str
    bases: tuple[Arg, ...]
    body: Block
    decorators: tuple[Expr, ...]


def names_of(target: Expr) -> Sequence[str]:
    """The plain names that an assignment target binds."""
    if isinstance(target, Name):
        return (target.id,)
    if isinstance(target, (Tuple, List)):
        return [name for element in target.elts for name in names_of(element)]
    if isinstance(target, Starred):
        return names_of(target.value)
    return ()


def text_of(node: object) -> str:
    """A short text for a condition, as its author would recognise it."""
    match node:
        case Name(id=name):
            return name
        case Const(value=value):
            return repr(value)
        case Attribute(value=value, attr=attr):
            return f"{text_of(value)}.{attr}"
        case Subscript(value=value, index=index):
            return f"{text_of(value)}[{text_of(index)}]"
        case Call(func=func, args=args):
            return f"{text_of(func)}({', '.join(text_of(arg.value) for arg in args)})"
        case UnaryOp(op=op, operand=operand):
            return f"{op}{' ' if op == 'not' else ''}{text_of(operand)}"
        case BinOp(op=op, left=left, right=right):
            return f"{text_of(left)} {op} {text_of(right)}"
        case BoolOp(op=op, values=values):
            return f" {op} ".join(text_of(value) for value in values)
        case Compare(left=left, ops=ops, comparators=comparators):
            rest = " ".join(f"{o} {text_of(c)}" for o, c in zip(ops, comparators, strict=True))
            return f"{text_of(left)} {rest}"
        case _:
            return "…"


def mentioned(block: Sequence[Stmt | Expr]) -> Iterator[str]:
    """Every name and attribute name in a block, nested functions included."""
    for node in walk(block):
        if isinstance(node, Name):
            yield node.id
        elif isinstance(node, Attribute):
            yield node.attr


def call_spans(block: Sequence[Stmt | Expr]) -> Iterator[Span]:
    """Where the calls in a block stand, nested functions included."""
    return (node.span for node in walk(block) if isinstance(node, Call))


def walk(block: Sequence[Stmt | Expr]) -> Iterator[object]:
    """Every node of a block, in no particular order."""
    pending: list[object] = [*block]
    while pending:
        node = pending.pop()
        kind = node.__class__
        if kind is tuple:
            pending.extend(node)  # type: ignore[arg-type]
            continue
        names = _FIELDS[kind] if kind in _FIELDS else _fields(kind)
        if names is not None:
            yield node
            pending += [getattr(node, name) for name in names]


_NODES: Final = (Expr, Stmt, Arg, Clause, Handler, Case, Params, Param)
_FIELDS: dict[type, tuple[str, ...] | None] = {}
_PLAIN: Final = ("line", "span", "names", "positional")  # names of parameters are in them too


def _fields(kind: type[Any]) -> tuple[str, ...] | None:
    """What a node of some kind holds that may hold other nodes; ``None`` for what is none."""
    names = None
    if issubclass(kind, _NODES):
        names = tuple(each.name for each in fields(kind) if each.name not in _PLAIN)
        if kind is FunctionDef:
            names += ("body",)
    _FIELDS[kind] = names
    return names
