"""LibCST's expressions -> those of the lowered program.

Everything is visited in the order of the source, and a call is noted after its arguments: so the
k-th call that is lowered is the k-th by the place of its closing parenthesis, whatever finds those.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.broken import PLACEHOLDER
from bnlint.readers.source.parsing.lowering.literals import (
    UNKNOWN_LITERAL,
    evaluate,
    format_text,
    joined,
    merged,
    string,
)
from bnlint.readers.source.parsing.lowering.node_classes import debug_text, node_table, sentinel
from bnlint.readers.source.parsing.lowering.positions import Positions

Node: TypeAlias = Any
"""A LibCST node, whose class the dispatch has settled."""


@dataclass(slots=True)
class Scope:
    """What is gathered about the function, class or module around a statement."""

    binds: set[str] = field(default_factory=set)
    is_generator: bool = False


Handler: TypeAlias = Callable[["Expressions", Any], p.Expr]


class Expressions:
    """One walk over the tree of one statement, as far as expressions go."""

    __slots__ = ("_expressions", "_operators", "_positions", "_scope", "_sentinel")

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._scope = Scope()
        self._sentinel = sentinel()
        self._expressions = handlers()
        self._operators = operators()

    def expression(self, node: Node) -> p.Expr:
        lowered: p.Expr = self._expressions[type(node)](self, node)
        return lowered

    def optional(self, node: Node) -> p.Expr | None:
        return None if node is None else self.expression(node)

    def bind(self, target: p.Expr) -> p.Expr:
        """Notes what an assignment target binds, and gives it back."""
        if type(target) is p.Name:
            self._scope.binds.add(target.id)
        else:
            self._scope.binds.update(p.names_of(target))
        return target

    def for_names(self, node: Node | None) -> None:
        """Lowers what is no part of the program, for what it binds and whether it yields."""
        calls = self._positions.calls
        self.optional(node)
        self._positions.calls = calls

    def unknown(self, node: Node) -> p.Expr:  # noqa: ARG002
        return p.Expr()

    def name(self, node: Node) -> p.Expr:
        identifier = node.value
        if identifier in _CONSTANT_NAMES:
            return p.Const(_CONSTANT_NAMES[identifier])
        return p.Name(normal(identifier)) if identifier != PLACEHOLDER else p.Expr()

    def attribute(self, node: Node) -> p.Expr:
        value = node.value
        return p.Attribute(self._expressions[type(value)](self, value), normal(node.attr.value))

    def call(self, node: Node) -> p.Expr:
        func = node.func
        lowered = self._expressions[type(func)](self, func)
        arguments = self.arguments(node.args)
        return p.Call(lowered, arguments, self._positions.call(node))

    def arguments(self, nodes: Sequence[Node]) -> tuple[p.Arg, ...]:
        """Those by position first, which is the order in which Python evaluates them."""
        lowered = [self._argument(each) for each in nodes]
        lowered.sort(key=_is_keyword)
        return tuple(lowered)

    def _argument(self, node: Node) -> p.Arg:
        value = node.value
        keyword = node.keyword
        return p.Arg(
            self._expressions[type(value)](self, value),
            None if keyword is None else normal(keyword.value),
            node.star,
        )

    def params(self, node: Node) -> p.Params:
        params: list[p.Param] = []
        params += [self._param(each, "positional") for each in node.posonly_params]
        params += [self._param(each, "positional") for each in node.params]
        star = node.star_arg
        vararg = normal(star.name.value) if hasattr(star, "annotation") else None
        params += [self._param(each, "keyword") for each in node.kwonly_params]
        double = node.star_kwarg
        kwarg = None if double is None else normal(double.name.value)
        return p.Params(tuple(params), vararg, kwarg)

    def _param(self, node: Node, kind: Literal["positional", "keyword"]) -> p.Param:
        default = node.default
        return p.Param(node.name.value, None if default is None else self.expression(default), kind)

    def subscript(self, node: Node) -> p.Expr:
        value = self.expression(node.value)
        elements = node.slice
        indices = [self._index(each.slice) for each in elements]
        if len(indices) == 1 and elements[0].comma is self._sentinel:
            only = indices[0]
            index = p.Tuple((only,)) if isinstance(only, p.Starred) else only
        else:
            index = p.Tuple(tuple(indices))
        return p.Subscript(value, index)

    def _index(self, node: Node) -> p.Expr:
        if hasattr(node, "value"):
            value = self.expression(node.value)
            return p.Starred(value) if node.star else value
        return p.Slice(
            self.optional(node.lower), self.optional(node.upper), self.optional(node.step)
        )

    def binary(self, node: Node) -> p.Expr:
        # A sum of many terms leans left: no recursion along it.
        kind = type(node)
        pending = [node]
        node = node.left
        while type(node) is kind:
            pending.append(node)
            node = node.left
        left = self.expression(node)
        operators = self._operators
        for each in reversed(pending):
            left = p.BinOp(operators[type(each.operator)], left, self.expression(each.right))
        return left

    def boolean(self, node: Node) -> p.Expr:
        operator = type(node.operator)
        op: Literal["and", "or"] = "and" if operator.__name__ == "And" else "or"
        values: list[p.Expr] = []
        todo = [node.right, node.left]
        while todo:
            each = todo.pop()
            if type(each) is type(node) and type(each.operator) is operator and not each.lpar:
                todo += [each.right, each.left]
            else:
                values.append(self.expression(each))
        return p.BoolOp(op, tuple(values))

    def unary(self, node: Node) -> p.Expr:
        operator = self._operators[type(node.operator)]
        return p.UnaryOp(operator, self.expression(node.expression))

    def comparison(self, node: Node) -> p.Expr:
        left = self.expression(node.left)
        operators = self._operators
        ops = tuple([operators[type(each.operator)] for each in node.comparisons])
        others = tuple([self.expression(each.comparator) for each in node.comparisons])
        return p.Compare(left, ops, others)

    def conditional(self, node: Node) -> p.Expr:
        body = self.expression(node.body)
        test = self.expression(node.test)
        return p.IfExp(test, body, self.expression(node.orelse))

    def lambda_(self, node: Node) -> p.Expr:
        params = self.params(node.params)
        outer, self._scope = self._scope, Scope()
        body = self.expression(node.body)
        self._scope = outer
        return p.Lambda(params, body)

    def await_(self, node: Node) -> p.Expr:
        return self.expression(node.expression)

    def yield_(self, node: Node) -> p.Expr:
        self._scope.is_generator = True
        value = node.value
        if value is None:
            return p.Yield(None)
        if hasattr(value, "whitespace_before_from"):  # a From
            return p.Yield(self.expression(value.item), delegate=True)
        return p.Yield(self.expression(value))

    def named(self, node: Node) -> p.Expr:
        target = self.bind(self.expression(node.target))
        value = self.expression(node.value)
        return p.NamedExpr(target.id, value) if isinstance(target, p.Name) else p.Expr()

    def starred(self, node: Node) -> p.Expr:
        return p.Starred(self.expression(node.value))

    def _elements(self, node: Node) -> tuple[p.Expr, ...]:
        expressions = self._expressions
        lowered = []
        for element in node.elements:
            handler = expressions.get(type(element))  # a StarredElement is an expression
            if handler is None:
                value = element.value
                lowered.append(expressions[type(value)](self, value))
            else:
                lowered.append(handler(self, element))
        return tuple(lowered)

    def tuple_(self, node: Node) -> p.Expr:
        return p.Tuple(self._elements(node))

    def list_(self, node: Node) -> p.Expr:
        return p.List(self._elements(node))

    def set_(self, node: Node) -> p.Expr:
        return p.Set(self._elements(node))

    def dict_(self, node: Node) -> p.Expr:
        items: list[tuple[p.Expr | None, p.Expr]] = []
        for element in node.elements:
            key = self.expression(element.key) if hasattr(element, "key") else None
            items.append((key, self.expression(element.value)))
        return p.Dict(tuple(items))

    def list_comprehension(self, node: Node) -> p.Expr:
        element = self.expression(node.elt)
        return p.Comprehension("list", element, None, self._clauses(node.for_in))

    def set_comprehension(self, node: Node) -> p.Expr:
        element = self.expression(node.elt)
        return p.Comprehension("set", element, None, self._clauses(node.for_in))

    def generator(self, node: Node) -> p.Expr:
        element = self.expression(node.elt)
        return p.Comprehension("generator", element, None, self._clauses(node.for_in))

    def dict_comprehension(self, node: Node) -> p.Expr:
        key = self.expression(node.key)
        value = self.expression(node.value)
        return p.Comprehension("dict", key, value, self._clauses(node.for_in))

    def _clauses(self, node: Node) -> tuple[p.Clause, ...]:
        clauses = []
        while node is not None:
            target = self.expression(node.target)
            iterated = self.expression(node.iter)
            ifs = tuple([self.expression(each.test) for each in node.ifs])
            clauses.append(p.Clause(target, iterated, ifs))
            node = node.inner_for_in
        return tuple(clauses)

    # Literals

    def ellipsis(self, node: Node) -> p.Expr:  # noqa: ARG002
        return p.Const(...)

    def integer(self, node: Node) -> p.Expr:
        text = node.value
        return p.Const(int(text) if text.isdecimal() and len(text) < 19 else evaluate(text))

    def float_(self, node: Node) -> p.Expr:
        return p.Const(float(node.value))

    def imaginary(self, node: Node) -> p.Expr:
        return p.Const(complex(node.value))

    def string(self, node: Node) -> p.Expr:
        value = string(node.value)
        return p.Expr() if value is UNKNOWN_LITERAL else p.Const(value)

    def concatenated(self, node: Node) -> p.Expr:
        pieces = []
        while hasattr(node, "right"):
            pieces.append(self.expression(node.left))
            node = node.right
        pieces.append(self.expression(node))
        return joined(pieces)

    def formatted(self, node: Node) -> p.Expr:
        prefix = node.start.lower()
        parts: list[str | p.Expr] = []
        for part in node.parts:
            if not hasattr(part, "expression"):
                text = format_text(part.value, prefix)
                parts.append(p.Expr() if text is None else text)
                continue
            if part.equal is not None:  # `{x = }` writes itself out first
                parts.append(debug_text(part))
            parts.append(self._replacement(part))
        return p.JoinedStr(merged(parts))

    def _replacement(self, part: Node) -> p.Expr:
        if part.conversion is None and part.format_spec is None and part.equal is None:
            return self.expression(part.expression)
        # What `!r`, a format or `=` makes of a value is not worth modelling.
        self.for_names(part.expression)
        return p.Expr()


_CONSTANT_NAMES: Final[dict[str, object]] = {"True": True, "False": False, "None": None}


def _is_keyword(arg: p.Arg) -> bool:
    return arg.keyword is not None or arg.star == "**"


def normal(identifier: str) -> str:
    """The identifier as Python compares it: in normal form KC (PEP 3131)."""
    return identifier if identifier.isascii() else unicodedata.normalize("NFKC", identifier)


@functools.cache
def handlers() -> dict[type, Handler]:
    """What lowers an expression, by its class."""
    return node_table(_EXPRESSIONS, {"BaseExpression": Expressions.unknown})


@functools.cache
def operators() -> dict[type, str]:
    """Operators as they are written, by their class."""
    return node_table(_OPERATORS, {})


_OPERATORS: Final = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "FloorDivide": "//",
    "Modulo": "%",
    "Power": "**",
    "MatrixMultiply": "@",
    "LeftShift": "<<",
    "RightShift": ">>",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "AddAssign": "+",
    "SubtractAssign": "-",
    "MultiplyAssign": "*",
    "DivideAssign": "/",
    "FloorDivideAssign": "//",
    "ModuloAssign": "%",
    "PowerAssign": "**",
    "MatrixMultiplyAssign": "@",
    "LeftShiftAssign": "<<",
    "RightShiftAssign": ">>",
    "BitAndAssign": "&",
    "BitOrAssign": "|",
    "BitXorAssign": "^",
    "Not": "not",
    "Minus": "-",
    "Plus": "+",
    "BitInvert": "~",
    "Equal": "==",
    "NotEqual": "!=",
    "LessThan": "<",
    "LessThanEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
    "In": "in",
    "NotIn": "not in",
    "Is": "is",
    "IsNot": "is not",
}

_EXPRESSIONS: Final[dict[str, Handler]] = {
    "Name": Expressions.name,
    "Attribute": Expressions.attribute,
    "Call": Expressions.call,
    "Subscript": Expressions.subscript,
    "BinaryOperation": Expressions.binary,
    "BooleanOperation": Expressions.boolean,
    "UnaryOperation": Expressions.unary,
    "Comparison": Expressions.comparison,
    "IfExp": Expressions.conditional,
    "Lambda": Expressions.lambda_,
    "Await": Expressions.await_,
    "Yield": Expressions.yield_,
    "NamedExpr": Expressions.named,
    "StarredElement": Expressions.starred,
    "Tuple": Expressions.tuple_,
    "List": Expressions.list_,
    "Set": Expressions.set_,
    "Dict": Expressions.dict_,
    "ListComp": Expressions.list_comprehension,
    "SetComp": Expressions.set_comprehension,
    "GeneratorExp": Expressions.generator,
    "DictComp": Expressions.dict_comprehension,
    "Ellipsis": Expressions.ellipsis,
    "Integer": Expressions.integer,
    "Float": Expressions.float_,
    "Imaginary": Expressions.imaginary,
    "SimpleString": Expressions.string,
    "ConcatenatedString": Expressions.concatenated,
    "FormattedString": Expressions.formatted,
}
