"""The standard library's syntax tree -> the lowered program: the reader's front end.

The gate has parsed the file with :mod:`ast` already, which costs a twelfth of LibCST's parse and
knows every position. So whatever the running Python's grammar covers is lowered from there;
:mod:`lower_cst` reads what is newer. A test holds the two together: both must lower the same text
to the same program.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.broken import PLACEHOLDER

Skip: TypeAlias = frozenset[ast.AST]
"""Nodes that are left out: data of thousands of literals, nesting beyond any program's."""


def lower(nodes: Sequence[ast.stmt], elided: Sequence[ast.AST] = ()) -> p.Block:
    """The program of some statements of a module.

    It recurses, with four calls of Python for a level of the tree at the most: deep statements are
    to be lowered on a stack that has room for it.

    Args:
        nodes: the statements.
        elided: expressions and statements inside them that are to stay unknown.
    """
    return _Lowering(frozenset(elided)).block(nodes)


class _Lowering:
    """One walk over the nodes of one top-level statement."""

    __slots__ = ("_elided", "_string", "_yields")

    def __init__(self, elided: Skip) -> None:
        self._elided = elided
        self._yields = False  # the function around does
        self._string: ast.expr | None = None  # the f-string around

    # Statements

    def block(self, nodes: Sequence[ast.stmt]) -> p.Block:
        lowered = []
        for node in nodes:
            if self._elided and node in self._elided:
                continue
            handler = _STATEMENTS.get(type(node))
            if handler is not None:
                made = handler(self, node)
                if made is not None:
                    lowered.append(made)
        return tuple(lowered)

    def expression_statement(self, node: ast.Expr) -> p.Stmt | None:
        if isinstance(node.value, ast.Constant):
            return None
        return p.ExprStmt(node.lineno, self.expression(node.value))

    def assign(self, node: ast.Assign) -> p.Stmt:
        return p.Assign(node.lineno, self.several(node.targets), self.expression(node.value))

    def annotated_assign(self, node: ast.AnnAssign) -> p.Stmt | None:
        if node.value is None:
            return None
        target = self.expression(node.target)
        return p.Assign(node.lineno, (target,), self.expression(node.value))

    def augmented_assign(self, node: ast.AugAssign) -> p.Stmt:
        target = self.expression(node.target)
        operator = _BINARY[type(node.op)]
        return p.AugAssign(node.lineno, target, operator, self.expression(node.value))

    def type_alias(self, node: Any) -> p.Stmt:  # noqa: ANN401  # ast.TypeAlias, from Python 3.12
        return p.Assign(node.lineno, (self.expression(node.name),), p.Expr())

    def return_(self, node: ast.Return) -> p.Stmt:
        return p.Return(node.lineno, self.optional(node.value))

    def raise_(self, node: ast.Raise) -> p.Stmt:
        self.optional(node.exc)  # a `yield` in it makes a generator
        return p.Raise(node.lineno)

    def assert_(self, node: ast.Assert) -> p.Stmt:
        return p.Assert(node.lineno, self.expression(node.test))

    def break_(self, node: ast.Break) -> p.Stmt:
        return p.Break(node.lineno)

    def continue_(self, node: ast.Continue) -> p.Stmt:
        return p.Continue(node.lineno)

    def delete(self, node: ast.Delete) -> p.Stmt:
        return p.Delete(node.lineno, self.several(node.targets))

    def global_(self, node: ast.Global) -> p.Stmt:
        return p.Scope(node.lineno, "global", tuple(node.names))

    def nonlocal_(self, node: ast.Nonlocal) -> p.Stmt:
        return p.Scope(node.lineno, "nonlocal", tuple(node.names))

    def import_(self, node: ast.Import) -> p.Stmt:
        names = tuple([(each.name, each.asname) for each in node.names])
        return p.Import(node.lineno, names)

    def import_from(self, node: ast.ImportFrom) -> p.Stmt:
        names = tuple([(each.name, each.asname) for each in node.names])
        return p.ImportFrom(node.lineno, node.module or "", node.level, names)

    def if_(self, node: ast.If) -> p.Stmt:
        # A chain of elif is as long as its author likes: no recursion along it.
        arms = [(node.lineno, self.expression(node.test), self.block(node.body))]
        rest = node.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If) and rest[0] not in self._elided:
            node = rest[0]
            arms.append((node.lineno, self.expression(node.test), self.block(node.body)))
            rest = node.orelse
        orelse = self.block(rest)
        while len(arms) > 1:
            orelse = (p.If(*arms.pop(), orelse),)
        return p.If(*arms[0], orelse)

    def for_(self, node: ast.For) -> p.Stmt:
        target = self.expression(node.target)
        iterated = self.expression(node.iter)
        return p.For(node.lineno, target, iterated, self.block(node.body), self.block(node.orelse))

    def while_(self, node: ast.While) -> p.Stmt:
        test = self.expression(node.test)
        return p.While(node.lineno, test, self.block(node.body), self.block(node.orelse))

    def try_(self, node: ast.Try) -> p.Stmt:
        body = self.block(node.body)
        handlers = tuple([self._except(handler) for handler in node.handlers])
        return p.Try(
            node.lineno, body, handlers, self.block(node.orelse), self.block(node.finalbody)
        )

    def _except(self, node: ast.ExceptHandler) -> p.Handler:
        return p.Handler(node.name, self.block(node.body))

    def with_(self, node: ast.With) -> p.Stmt:
        items = tuple(
            [
                (
                    self.expression(item.context_expr),
                    None if item.optional_vars is None else self.expression(item.optional_vars),
                )
                for item in node.items
            ]
        )
        return p.With(node.lineno, items, self.block(node.body))

    def match(self, node: ast.Match) -> p.Stmt:
        subject = self.expression(node.subject)
        return p.Match(node.lineno, subject, tuple([self._case(case) for case in node.cases]))

    def _case(self, node: ast.match_case) -> p.Case:
        captures: list[str] = []
        pattern = self._pattern(node.pattern, captures)
        guard = self.optional(node.guard)
        return p.Case(pattern, guard, tuple(captures), self.block(node.body))

    def _pattern(self, node: ast.pattern | None, captures: list[str]) -> p.Expr | None:
        """What the subject must equal, if the pattern is so plain; adds the names it captures."""
        match node:
            case ast.MatchValue(value=value):
                return self.expression(value)
            case ast.MatchSingleton(value=value):
                return p.Const(value)
            case ast.MatchAs(pattern=inner, name=name):
                lowered = None if inner is None else self._pattern(inner, captures)
                if name is not None:
                    captures.append(name)
                return lowered
            case ast.MatchStar(name=name) if name is not None:
                captures.append(name)
            case ast.MatchMapping(patterns=patterns, rest=rest):
                for each in patterns:
                    self._pattern(each, captures)
                if rest is not None:
                    captures.append(rest)
                return p.Expr()
            case ast.MatchClass(patterns=patterns, kwd_patterns=keywords):
                for each in (*patterns, *keywords):
                    self._pattern(each, captures)
                return p.Expr()
            case ast.MatchSequence(patterns=patterns) | ast.MatchOr(patterns=patterns):
                for each in patterns:
                    self._pattern(each, captures)
                return p.Expr()
            case _:
                pass
        return p.Expr()

    def function(self, node: ast.FunctionDef) -> p.Stmt:
        decorators = tuple([self.expression(each) for each in node.decorator_list])
        params = self._params(node.args)
        outer, self._yields = self._yields, False
        body = self.block(node.body)
        yields, self._yields = self._yields, outer
        return p.FunctionDef(node.lineno, node.name, params, body, decorators, yields)

    def _params(self, node: ast.arguments) -> p.Params:
        positional = [*node.posonlyargs, *node.args]
        missing = len(positional) - len(node.defaults)
        defaults: list[ast.expr | None] = [*([None] * missing), *node.defaults]
        made = [
            p.Param(each.arg, self.optional(default), "positional")
            for each, default in zip(positional, defaults, strict=True)
        ]
        made += [
            p.Param(each.arg, self.optional(default), "keyword")
            for each, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        ]
        return p.Params(
            tuple(made),
            None if node.vararg is None else node.vararg.arg,
            None if node.kwarg is None else node.kwarg.arg,
        )

    def class_(self, node: ast.ClassDef) -> p.Stmt:
        decorators = tuple([self.expression(each) for each in node.decorator_list])
        bases = self._arguments(node.bases, node.keywords)
        body = self.block(node.body)
        return p.ClassDef(node.lineno, node.name, bases, body, decorators)

    # Expressions

    def expression(self, node: ast.expr) -> p.Expr:
        if self._elided and node in self._elided:
            return p.Expr()
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            return p.Expr()
        made: p.Expr = handler(self, node)
        return made

    def optional(self, node: ast.expr | None) -> p.Expr | None:
        return None if node is None else self.expression(node)

    def several(self, nodes: Sequence[ast.expr]) -> tuple[p.Expr, ...]:
        return tuple([self.expression(node) for node in nodes])

    def constant(self, node: ast.Constant) -> p.Expr:
        return p.Const(node.value)

    def name(self, node: ast.Name) -> p.Expr:
        return p.Name(node.id) if node.id != PLACEHOLDER else p.Expr()

    def attribute(self, node: ast.Attribute) -> p.Expr:
        return p.Attribute(self.expression(node.value), node.attr)

    def subscript(self, node: ast.Subscript) -> p.Expr:
        return p.Subscript(self.expression(node.value), self.expression(node.slice))

    def slice_(self, node: ast.Slice) -> p.Expr:
        return p.Slice(
            self.optional(node.lower), self.optional(node.upper), self.optional(node.step)
        )

    def call(self, node: ast.Call) -> p.Expr:
        func = self.expression(node.func)
        arguments = self._arguments(node.args, node.keywords)
        # Positions inside an f-string are wrong before Python 3.12: calls get its own.
        place = self._string or node
        span = (place.lineno, place.col_offset, place.end_lineno or 0, place.end_col_offset or 0)
        return p.Call(func, arguments, span)

    def _arguments(
        self, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> tuple[p.Arg, ...]:
        lowered = []
        for node in args:
            if isinstance(node, ast.Starred):
                lowered.append(p.Arg(self.expression(node.value), None, "*"))
            else:
                lowered.append(p.Arg(self.expression(node)))
        for each in keywords:
            star = "**" if each.arg is None else ""
            lowered.append(p.Arg(self.expression(each.value), each.arg, star))  # type: ignore[arg-type]
        return tuple(lowered)

    def binary(self, node: ast.BinOp) -> p.Expr:
        return p.BinOp(
            _BINARY[type(node.op)], self.expression(node.left), self.expression(node.right)
        )

    def unary(self, node: ast.UnaryOp) -> p.Expr:
        return p.UnaryOp(_UNARY[type(node.op)], self.expression(node.operand))

    def boolean(self, node: ast.BoolOp) -> p.Expr:
        return p.BoolOp("and" if isinstance(node.op, ast.And) else "or", self.several(node.values))

    def compare(self, node: ast.Compare) -> p.Expr:
        operators = tuple([_COMPARE[type(op)] for op in node.ops])
        return p.Compare(self.expression(node.left), operators, self.several(node.comparators))

    def conditional(self, node: ast.IfExp) -> p.Expr:
        return p.IfExp(
            self.expression(node.test), self.expression(node.body), self.expression(node.orelse)
        )

    def starred(self, node: ast.Starred) -> p.Expr:
        return p.Starred(self.expression(node.value))

    def tuple_(self, node: ast.Tuple) -> p.Expr:
        return p.Tuple(self.several(node.elts))

    def list_(self, node: ast.List) -> p.Expr:
        return p.List(self.several(node.elts))

    def set_(self, node: ast.Set) -> p.Expr:
        return p.Set(self.several(node.elts))

    def dict_(self, node: ast.Dict) -> p.Expr:
        items = tuple(
            [
                (self.optional(key), self.expression(value))
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        )
        return p.Dict(items)

    def joined(self, node: ast.JoinedStr) -> p.Expr:
        parts: list[str | p.Expr] = []
        outer, self._string = self._string, self._string or node
        for each in node.values:
            if isinstance(each, ast.Constant):
                parts.append(str(each.value))
            elif isinstance(each, ast.FormattedValue):
                value = self.expression(each.value)
                is_plain = each.format_spec is None and each.conversion == -1
                parts.append(value if is_plain else p.Expr())
        self._string = outer
        return p.JoinedStr(tuple(parts))

    def lambda_(self, node: ast.Lambda) -> p.Expr:
        params = self._params(node.args)
        outer = self._yields
        body = self.expression(node.body)
        self._yields = outer
        return p.Lambda(params, body)

    def list_comprehension(self, node: ast.ListComp) -> p.Expr:
        return p.Comprehension("list", *self._comprehension(node.elt, None, node.generators))

    def set_comprehension(self, node: ast.SetComp) -> p.Expr:
        return p.Comprehension("set", *self._comprehension(node.elt, None, node.generators))

    def generator(self, node: ast.GeneratorExp) -> p.Expr:
        return p.Comprehension("generator", *self._comprehension(node.elt, None, node.generators))

    def dict_comprehension(self, node: ast.DictComp) -> p.Expr:
        return p.Comprehension("dict", *self._comprehension(node.key, node.value, node.generators))

    def _comprehension(
        self, element: ast.expr, value: ast.expr | None, generators: Sequence[ast.comprehension]
    ) -> tuple[p.Expr, p.Expr | None, tuple[p.Clause, ...]]:
        clauses = tuple(
            [
                p.Clause(
                    self.expression(each.target),
                    self.expression(each.iter),
                    self.several(each.ifs),
                )
                for each in generators
            ]
        )
        return self.expression(element), self.optional(value), clauses

    def named(self, node: ast.NamedExpr) -> p.Expr:
        return p.NamedExpr(node.target.id, self.expression(node.value))

    def await_(self, node: ast.Await) -> p.Expr:
        return self.expression(node.value)

    def yield_(self, node: ast.Yield) -> p.Expr:
        self._yields = True
        return p.Yield(self.optional(node.value))

    def yield_from(self, node: ast.YieldFrom) -> p.Expr:
        self._yields = True
        return p.Yield(self.expression(node.value), delegate=True)


_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
}
_UNARY: Final[dict[type[ast.unaryop], str]] = {
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
}
_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}

_STATEMENTS: Final[dict[type[ast.stmt], Callable[[_Lowering, Any], p.Stmt | None]]] = {
    ast.Expr: _Lowering.expression_statement,
    ast.Assign: _Lowering.assign,
    ast.AnnAssign: _Lowering.annotated_assign,
    ast.AugAssign: _Lowering.augmented_assign,
    ast.Return: _Lowering.return_,
    ast.Raise: _Lowering.raise_,
    ast.Assert: _Lowering.assert_,
    ast.Break: _Lowering.break_,
    ast.Continue: _Lowering.continue_,
    ast.Delete: _Lowering.delete,
    ast.Global: _Lowering.global_,
    ast.Nonlocal: _Lowering.nonlocal_,
    ast.Import: _Lowering.import_,
    ast.ImportFrom: _Lowering.import_from,
    ast.If: _Lowering.if_,
    ast.For: _Lowering.for_,
    ast.AsyncFor: _Lowering.for_,
    ast.While: _Lowering.while_,
    ast.Try: _Lowering.try_,
    ast.With: _Lowering.with_,
    ast.AsyncWith: _Lowering.with_,
    ast.Match: _Lowering.match,
    ast.FunctionDef: _Lowering.function,
    ast.AsyncFunctionDef: _Lowering.function,
    ast.ClassDef: _Lowering.class_,
}
for _name, _handler in (("TryStar", _Lowering.try_), ("TypeAlias", _Lowering.type_alias)):
    if hasattr(ast, _name):
        _STATEMENTS[getattr(ast, _name)] = _handler

_EXPRESSIONS: Final[dict[type[ast.expr], Callable[[_Lowering, Any], p.Expr]]] = {
    ast.Constant: _Lowering.constant,
    ast.Name: _Lowering.name,
    ast.Attribute: _Lowering.attribute,
    ast.Subscript: _Lowering.subscript,
    ast.Slice: _Lowering.slice_,
    ast.Call: _Lowering.call,
    ast.BinOp: _Lowering.binary,
    ast.UnaryOp: _Lowering.unary,
    ast.BoolOp: _Lowering.boolean,
    ast.Compare: _Lowering.compare,
    ast.IfExp: _Lowering.conditional,
    ast.Starred: _Lowering.starred,
    ast.Tuple: _Lowering.tuple_,
    ast.List: _Lowering.list_,
    ast.Set: _Lowering.set_,
    ast.Dict: _Lowering.dict_,
    ast.JoinedStr: _Lowering.joined,
    ast.Lambda: _Lowering.lambda_,
    ast.ListComp: _Lowering.list_comprehension,
    ast.SetComp: _Lowering.set_comprehension,
    ast.GeneratorExp: _Lowering.generator,
    ast.DictComp: _Lowering.dict_comprehension,
    ast.NamedExpr: _Lowering.named,
    ast.Await: _Lowering.await_,
    ast.Yield: _Lowering.yield_,
    ast.YieldFrom: _Lowering.yield_from,
}
