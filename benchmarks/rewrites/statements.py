"""Rewrites of statements: the same work in another order, in more steps, or within a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import libcst as cst
import libcst.matchers as m

_ASSIGNS_ONCE: Final = m.Assign(
    targets=[m.AssignTarget(target=m.OneOf(m.Name(), m.Attribute(value=m.Name())))]
)


class _Lines(cst.CSTTransformer):
    """Rewrites lines that hold one statement, within functions."""

    def __init__(self) -> None:
        self._fresh = 0
        self._functions = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._functions += 1

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.BaseStatement:
        self._functions -= 1
        return updated_node

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        if not self._functions or len(updated_node.body) != 1:
            return updated_node
        found = self.lines(updated_node, updated_node.body[0])
        return updated_node if found is None else cst.FlattenSentinel(found)

    def lines(
        self, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement
    ) -> Sequence[cst.BaseStatement] | None:
        """What stands in the place of a line; ``None`` where it stays."""
        raise NotImplementedError

    def fresh(self) -> str:
        """A name that nobody has."""
        self._fresh += 1
        return f"held_{self._fresh}"


def _assign(name: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    target = cst.AssignTarget(cst.Name(name))
    return cst.SimpleStatementLine([cst.Assign([target], value)])


class ReturnByName(_Lines):
    """``return value`` as ``held = value; return held``."""

    def lines(
        self, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement
    ) -> Sequence[cst.BaseStatement] | None:
        if not isinstance(statement, cst.Return) or statement.value is None:
            return None
        name = self.fresh()
        after = line.with_changes(body=[statement.with_changes(value=cst.Name(name))])
        return [_assign(name, statement.value), after]


class LayerByName(_Lines):
    """``x = Layer(…)(x)`` as ``held = Layer(…); x = held(x)``."""

    def lines(
        self, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement
    ) -> Sequence[cst.BaseStatement] | None:
        if not m.matches(statement, m.Assign(value=m.Call(func=m.Call()))):
            return None
        assert isinstance(statement, cst.Assign)
        assert isinstance(statement.value, cst.Call)
        name = self.fresh()
        applied = statement.value.with_changes(func=cst.Name(name))
        return [
            _assign(name, statement.value.func),
            line.with_changes(body=[statement.with_changes(value=applied)]),
        ]


class InputByName(_Lines):
    """``x = f(g(x))`` as ``held = g(x); x = f(held)``."""

    def lines(
        self, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement
    ) -> Sequence[cst.BaseStatement] | None:
        nested = m.Call(
            func=m.OneOf(m.Name(), m.Call(), m.Attribute(value=m.Name())),
            args=[m.Arg(value=m.Call(), keyword=None, star=""), m.ZeroOrMore()],
        )
        if not m.matches(statement, m.Assign(value=nested)):
            return None
        assert isinstance(statement, cst.Assign)
        call = statement.value
        assert isinstance(call, cst.Call)
        name = self.fresh()
        first = call.args[0].with_changes(value=cst.Name(name))
        return [
            _assign(name, call.args[0].value),
            line.with_changes(
                body=[statement.with_changes(value=call.with_changes(args=[first, *call.args[1:]]))]
            ),
        ]


class _Values(_Lines):
    """Rewrites an assignment to one name or attribute, which stays one line."""

    def lines(
        self, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement
    ) -> Sequence[cst.BaseStatement] | None:
        if not m.matches(statement, _ASSIGNS_ONCE):
            return None
        assert isinstance(statement, cst.Assign)
        return [line.with_changes(body=[self.value(statement, statement.targets[0].target)])]

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        """The statement that stands for it."""
        raise NotImplementedError


class Unpacked(_Values):
    """``x = value`` as ``(x,) = (value,)``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        assert isinstance(target, (cst.Name, cst.Attribute))
        return cst.Assign(
            [cst.AssignTarget(cst.Tuple([_one(target)]))], cst.Tuple([_one(statement.value)])
        )


def _one(value: cst.BaseExpression) -> cst.Element:
    return cst.Element(value, comma=cst.Comma())


class Annotated(_Values):
    """``x = value`` as ``x: object = value``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        return cst.AnnAssign(target, cst.Annotation(cst.Name("object")), statement.value)


class Chained(_Values):
    """``x = value`` as ``held = x = value``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        held = cst.AssignTarget(cst.Name(self.fresh()))
        return statement.with_changes(targets=[held, *statement.targets])


class Conditional(_Values):
    """``x = value`` as ``x = value if True else None``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        if isinstance(statement.value, (cst.Yield, cst.Await, cst.Tuple)):
            return statement
        value = cst.IfExp(cst.Name("True"), _in_parentheses(statement.value), cst.Name("None"))
        return statement.with_changes(value=value)


class Walrus(_Values):
    """``x = value`` as ``y = (x := value)``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        if not isinstance(target, cst.Name) or isinstance(statement.value, cst.Yield):
            return statement
        value = cst.NamedExpr(
            target,
            _in_parentheses(statement.value),
            lpar=[cst.LeftParen()],
            rpar=[cst.RightParen()],
        )
        held = cst.AssignTarget(cst.Name(self.fresh()))
        return cst.Assign([held], value)


class Parenthesized(_Values):
    """``x = value`` as ``x = (value)``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        return statement.with_changes(value=_in_parentheses(statement.value))


class ByLambda(_Values):
    """``x = value`` as ``x = (lambda: value)()``."""

    def value(
        self, statement: cst.Assign, target: cst.BaseAssignTargetExpression
    ) -> cst.BaseSmallStatement:
        if m.findall(statement, m.OneOf(m.Yield(), m.Await(), m.NamedExpr(), m.Name("super"))):
            return statement
        function = cst.Lambda(cst.Parameters(), _in_parentheses(statement.value))
        return statement.with_changes(value=cst.Call(_in_parentheses(function)))


def _in_parentheses(value: cst.BaseExpression) -> cst.BaseExpression:
    return value.with_changes(
        lpar=[cst.LeftParen(), *value.lpar], rpar=[*value.rpar, cst.RightParen()]
    )


class _Bodies(cst.CSTTransformer):
    """Rewrites the bodies of functions."""

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.BaseStatement:
        block = updated_node.body
        if not isinstance(block, cst.IndentedBlock):
            return updated_node
        kept = 0
        if updated_node.get_docstring() is not None or m.matches(
            block.body[0], m.SimpleStatementLine(body=[m.OneOf(m.Global(), m.Nonlocal())])
        ):
            kept = 1
        rest = block.body[kept:]
        if not rest or m.findall(updated_node, m.OneOf(m.Global(), m.Nonlocal())):
            return updated_node
        body = [*block.body[:kept], *self.body(rest)]
        return updated_node.with_changes(body=block.with_changes(body=body))

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        """What stands in the place of the statements."""
        raise NotImplementedError


class IfTrue(_Bodies):
    """The body of each function within ``if True:``."""

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        return [cst.If(cst.Name("True"), cst.IndentedBlock(statements))]


class TryFinally(_Bodies):
    """The body of each function within ``try: … finally: pass``."""

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        last = cst.Finally(cst.IndentedBlock([cst.SimpleStatementLine([cst.Pass()])]))
        return [cst.Try(cst.IndentedBlock(statements), finalbody=last)]


class DeadCode(_Bodies):
    """The body of each function behind a branch that is never taken, and a text like code."""

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        dead = cst.parse_statement("if False:\n    print('x = self.norm(x); x = bn(x)')\n")
        return [dead, *statements]


class WithNothing(_Bodies):
    """The body of each function within a context that does nothing."""

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        context = cst.parse_expression("__import__('contextlib').nullcontext()")
        return [cst.With([cst.WithItem(context)], cst.IndentedBlock(statements))]


class RunsOnce(_Bodies):
    """The body of each function within a loop that runs once."""

    def body(self, statements: Sequence[cst.BaseStatement]) -> Sequence[cst.BaseStatement]:
        if any(m.findall(each, m.OneOf(m.Break(), m.Continue())) for each in statements):
            return statements
        steps = cst.parse_expression("range(1)")
        return [cst.For(cst.Name("_"), steps, cst.IndentedBlock(statements))]
