"""LibCST's statements -> those of the lowered program."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, TypeAlias

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.lowering.expressions import Expressions, Node, Scope, normal
from bnlint.readers.source.parsing.lowering.node_classes import node_table
from bnlint.readers.source.parsing.lowering.positions import Positions

_Handler: TypeAlias = Callable[["Lowering", Any, int], p.Stmt | None]


class Lowering(Expressions):
    """One walk over the tree of one statement."""

    __slots__ = ("_statements",)

    def __init__(self, positions: Positions) -> None:
        super().__init__(positions)
        self._statements = _handlers()

    @property
    def binds(self) -> set[str]:
        """The names that what was lowered so far binds."""
        return self._scope.binds

    @property
    def yields(self) -> bool:
        """Whether what was lowered so far makes a generator of the function around it."""
        return self._scope.is_generator

    def block(self, statements: Sequence[Any]) -> p.Block:
        lowered: list[p.Stmt] = []
        handlers = self._statements
        position = self._positions.statement
        for statement in statements:
            handler = handlers.get(type(statement))
            if handler is not None:
                made = handler(self, statement, position(statement))
                if made is not None:
                    lowered.append(made)
            else:  # a SimpleStatementLine: small statements between semicolons
                for small in statement.body:
                    made = handlers[type(small)](self, small, position(small))
                    if made is not None:
                        lowered.append(made)
        return tuple(lowered)

    def suite(self, suite: Node) -> p.Block:
        """The body of a compound statement, indented or on the header's line."""
        return self._positions.suite(suite.body, self)

    def expression_statement(self, node: Node, line: int) -> p.Stmt | None:
        value = node.value
        if type(value).__name__ == "SimpleString":  # a docstring, mostly: not worth decoding
            return None
        lowered = self.expression(value)
        return None if type(lowered) is p.Const else p.ExprStmt(line, lowered)

    def assign(self, node: Node, line: int) -> p.Stmt:
        targets = tuple([self.bind(self.expression(each.target)) for each in node.targets])
        return p.Assign(line, targets, self.expression(node.value))

    def annotated_assign(self, node: Node, line: int) -> p.Stmt | None:
        if node.value is None:
            self.for_names(node.target)
            return None
        target = self.bind(self.expression(node.target))
        return p.Assign(line, (target,), self.expression(node.value))

    def augmented_assign(self, node: Node, line: int) -> p.Stmt:
        target = self.bind(self.expression(node.target))
        operator = self._operators[type(node.operator)]
        return p.AugAssign(line, target, operator, self.expression(node.value))

    def type_alias(self, node: Node, line: int) -> p.Stmt:
        return p.Assign(line, (self.bind(p.Name(node.name.value)),), p.Expr())

    def return_(self, node: Node, line: int) -> p.Stmt:
        return p.Return(line, self.optional(node.value))

    def raise_(self, node: Node, line: int) -> p.Stmt:
        self.for_names(node.exc)
        return p.Raise(line)

    def assert_(self, node: Node, line: int) -> p.Stmt:
        return p.Assert(line, self.expression(node.test))

    def pass_(self, node: Node, line: int) -> None:
        pass

    def break_(self, node: Node, line: int) -> p.Stmt:  # noqa: ARG002
        return p.Break(line)

    def continue_(self, node: Node, line: int) -> p.Stmt:  # noqa: ARG002
        return p.Continue(line)

    def delete(self, node: Node, line: int) -> p.Stmt:
        target = self.bind(self.expression(node.target))
        return p.Delete(line, target.elts if isinstance(target, p.Tuple) else (target,))

    def global_(self, node: Node, line: int) -> p.Stmt:
        return self._declaration("global", node, line)

    def nonlocal_(self, node: Node, line: int) -> p.Stmt:
        return self._declaration("nonlocal", node, line)

    def _declaration(self, kind: Literal["global", "nonlocal"], node: Node, line: int) -> p.Stmt:
        names = tuple([item.name.value for item in node.names])
        return p.Scope(line, kind, names)

    def import_(self, node: Node, line: int) -> p.Stmt:
        names = self._aliases(node.names)
        self._scope.binds.update(alias or name.partition(".")[0] for name, alias in names)
        return p.Import(line, names)

    def import_from(self, node: Node, line: int) -> p.Stmt:
        module = "" if node.module is None else _dotted(node.module)
        level = len(node.relative)
        if not isinstance(node.names, (tuple, list)):  # an ImportStar
            self._scope.binds.add("*")
            return p.ImportFrom(line, module, level, (("*", None),))
        names = self._aliases(node.names)
        self._scope.binds.update(alias or name for name, alias in names)
        return p.ImportFrom(line, module, level, names)

    @staticmethod
    def _aliases(aliases: Sequence[Any]) -> tuple[tuple[str, str | None], ...]:
        return tuple(
            [
                (_dotted(each.name), None if each.asname is None else each.asname.name.value)
                for each in aliases
            ]
        )

    def if_(self, node: Node, line: int) -> p.Stmt:
        # A chain of elif is as long as its author likes: no recursion along it.
        arms = [(line, self.expression(node.test), self.suite(node.body))]
        rest = node.orelse
        while rest is not None and hasattr(rest, "test"):
            line = self._positions.statement(rest)
            arms.append((line, self.expression(rest.test), self.suite(rest.body)))
            rest = rest.orelse
        orelse = () if rest is None else self.suite(rest.body)
        while len(arms) > 1:
            orelse = (p.If(*arms.pop(), orelse),)
        return p.If(*arms[0], orelse)

    def _orelse(self, node: Node) -> p.Block:
        return () if node.orelse is None else self.suite(node.orelse.body)

    def for_(self, node: Node, line: int) -> p.Stmt:
        target = self.bind(self.expression(node.target))
        iterated = self.expression(node.iter)
        return p.For(line, target, iterated, self.suite(node.body), self._orelse(node))

    def while_(self, node: Node, line: int) -> p.Stmt:
        test = self.expression(node.test)
        return p.While(line, test, self.suite(node.body), self._orelse(node))

    def try_(self, node: Node, line: int) -> p.Stmt:
        body = self.suite(node.body)
        handlers = tuple([self._except(handler) for handler in node.handlers])
        orelse = self._orelse(node)
        final = () if node.finalbody is None else self.suite(node.finalbody.body)
        return p.Try(line, body, handlers, orelse, final)

    def _except(self, node: Node) -> p.Handler:
        name = None
        if node.name is not None:
            target = self.bind(self.expression(node.name.name))
            name = target.id if isinstance(target, p.Name) else None
        return p.Handler(name, self.suite(node.body))

    def with_(self, node: Node, line: int) -> p.Stmt:
        items = []
        for item in node.items:
            context = self.expression(item.item)
            alias = item.asname
            target = None if alias is None else self.bind(self.expression(alias.name))
            items.append((context, target))
        return p.With(line, tuple(items), self.suite(node.body))

    def match(self, node: Node, line: int) -> p.Stmt:
        subject = self.expression(node.subject)
        return p.Match(line, subject, tuple([self._case(case) for case in node.cases]))

    def _case(self, node: Node) -> p.Case:
        captures: list[str] = []
        pattern = self._pattern(node.pattern, captures)
        self._scope.binds.update(captures)
        guard = self.optional(node.guard)
        return p.Case(pattern, guard, tuple(captures), self.suite(node.body))

    def _pattern(self, node: Node, captures: list[str]) -> p.Expr | None:
        """What the subject must equal, if the pattern is so plain; adds the names it captures."""
        match type(node).__name__:
            case "MatchValue" | "MatchSingleton":
                return self.expression(node.value)
            case "MatchAs":
                inner = None if node.pattern is None else self._pattern(node.pattern, captures)
                _capture(node.name, captures)
                return inner
            case "MatchStar":
                _capture(node.name, captures)
            case "MatchList" | "MatchTuple" | "MatchOr":
                for element in node.patterns:
                    self._element_pattern(element, captures)
            case "MatchMapping":
                for element in node.elements:
                    self._pattern(element.pattern, captures)
                _capture(node.rest, captures)
            case "MatchClass":
                for element in node.patterns:
                    self._element_pattern(element, captures)
                for keyword in node.kwds:
                    self._pattern(keyword.pattern, captures)
        return p.Expr()

    def _element_pattern(self, element: Node, captures: list[str]) -> None:
        if type(element).__name__ == "MatchStar":
            _capture(element.name, captures)
        else:  # MatchSequenceElement has a value, MatchOrElement a pattern
            inner = element.value if hasattr(element, "value") else element.pattern
            self._pattern(inner, captures)

    def function(self, node: Node, line: int) -> p.Stmt:
        decorators = tuple([self.expression(each.decorator) for each in node.decorators])
        name = normal(node.name.value)
        self._scope.binds.add(name)
        params = self.params(node.params)
        outer, self._scope = self._scope, Scope()
        body = self.suite(node.body)
        inner, self._scope = self._scope, outer
        definition = p.Definition(body, is_generator=inner.is_generator)
        return p.FunctionDef(line, name, params, decorators, definition)

    def class_(self, node: Node, line: int) -> p.Stmt:
        decorators = tuple([self.expression(each.decorator) for each in node.decorators])
        name = normal(node.name.value)
        self._scope.binds.add(name)
        bases = self.arguments([*node.bases, *node.keywords])
        outer, self._scope = self._scope, Scope()
        body = self.suite(node.body)
        self._scope = outer
        return p.ClassDef(line, name, bases, body, decorators)


def _dotted(node: Node) -> str:
    parts = []
    while hasattr(node, "attr"):
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value)
    return ".".join(reversed(parts))


def _capture(name: Node, captures: list[str]) -> None:
    if name is not None:
        captures.append(name.value)


@functools.cache
def _handlers() -> dict[type, _Handler]:
    families = {"BaseSmallStatement": Lowering.pass_, "BaseCompoundStatement": Lowering.pass_}
    return node_table(_STATEMENTS, families)


_STATEMENTS: Final[dict[str, _Handler]] = {
    "Expr": Lowering.expression_statement,
    "Assign": Lowering.assign,
    "AnnAssign": Lowering.annotated_assign,
    "AugAssign": Lowering.augmented_assign,
    "TypeAlias": Lowering.type_alias,
    "Return": Lowering.return_,
    "Raise": Lowering.raise_,
    "Assert": Lowering.assert_,
    "Pass": Lowering.pass_,
    "Break": Lowering.break_,
    "Continue": Lowering.continue_,
    "Del": Lowering.delete,
    "Global": Lowering.global_,
    "Nonlocal": Lowering.nonlocal_,
    "Import": Lowering.import_,
    "LazyImport": Lowering.import_,
    "ImportFrom": Lowering.import_from,
    "LazyImportFrom": Lowering.import_from,
    "If": Lowering.if_,
    "For": Lowering.for_,
    "While": Lowering.while_,
    "Try": Lowering.try_,
    "TryStar": Lowering.try_,
    "With": Lowering.with_,
    "Match": Lowering.match,
    "FunctionDef": Lowering.function,
    "ClassDef": Lowering.class_,
}
