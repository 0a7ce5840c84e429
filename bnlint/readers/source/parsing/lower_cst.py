"""LibCST's tree -> the lowered program, for syntax that is newer than the running Python's.

The reader's front end is :mod:`ast` (:mod:`lower_ast`). It fails on a module written for a newer
Python than the one that runs; LibCST brings a grammar of its own, and such modules are read here,
whole, to the same program. A test holds the two together.

Positions come from one pass of LibCST's own code generation that notes those of calls and
statements alone; its metadata providers take as long as two to seven parses.

LibCST's native parser recurses on the C stack without a bound, and its time is quadratic in
nesting. The caller bounds the size of the text, and the work is done on a thread with a stack that
fits.
"""

from __future__ import annotations

import ast
import functools
import gc
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.text import split_lines

if TYPE_CHECKING:
    import libcst as cst

_STACK_SIZES: Final = (256 << 20, 16 << 20)  # bytes; the second where memory is limited

_T = TypeVar("_T")

Node: TypeAlias = Any
"""A LibCST node, whose class the dispatch has settled."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """One top-level statement of a module read without :mod:`ast`.

    Attributes:
        block: its program.
        binds: the names it binds.
        line: its first line, decorators included.
        end_line: its last line.
    """

    block: p.Block
    binds: frozenset[str]
    line: int
    end_line: int


class Unreadable(ValueError):  # noqa: N818
    """LibCST cannot parse the text."""


def lower_module(text: str) -> list[Lowered]:
    """The program of a whole module, for syntax that is newer than the running Python.

    Raises:
        Unreadable: LibCST cannot parse the text either.
    """
    return on_a_large_stack(lambda: _lower_module(text))


def _lower_module(text: str) -> list[Lowered]:
    module = _parse(text)
    lowered = []
    try:
        positions = _Positions(module, text)
        for statement in module.body:
            lowering = _Lowering(positions)
            block = lowering.block([statement])
            first, last = positions.lines(statement)
            lowered.append(Lowered(block, frozenset(lowering.binds), first, last))
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    return lowered


def is_readable(text: str) -> bool:
    """Whether LibCST parses ``text``; to be asked :func:`on_a_large_stack`."""
    try:
        _parse(text)
    except Unreadable:
        return False
    return True


def _parse(text: str) -> cst.Module:
    library = _library()
    was_enabled = gc.isenabled()
    gc.disable()  # the tree is all new objects: a collection would walk it and free nothing
    try:
        module: cst.Module = library.parse_module(text)
    except (library.ParserSyntaxError, library.CSTValidationError, UnicodeError) as error:
        raise Unreadable(str(error).partition("\n")[0]) from None
    finally:
        if was_enabled:
            gc.enable()
    return module


def on_a_large_stack(work: Callable[[], _T]) -> _T:
    """The result of ``work``, done on a thread whose stack is large and still empty."""
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  # raised again below, on the caller's thread
            errors.append(error)

    for size in _STACK_SIZES:
        before = threading.stack_size(size)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        except (RuntimeError, MemoryError):
            continue
        finally:
            threading.stack_size(before)
        thread.join()
        if errors:
            raise errors[0]
        return results[0]
    raise Unreadable("nested too deeply, and no thread to read it on")


class _Positions:
    """Where calls and statements stand, by generating the code again to the character."""

    def __init__(self, module: cst.Module, text: str) -> None:
        self._texts = split_lines(text)
        self._ranges = _library().ranges(module)

    def call(self, node: cst.Call) -> p.Span:
        start_line, start, end_line, end = self._ranges[id(node)]
        return start_line, self._byte(start_line, start), end_line, self._byte(end_line, end)

    def statement(self, node: cst.CSTNode) -> int:
        return self._ranges[id(node)][0]

    def lines(self, node: Node) -> tuple[int, int]:
        """The first line of a statement, its decorators included, and its last."""
        first = node.decorators[0] if getattr(node, "decorators", ()) else node
        _, _, last, column = self._ranges[id(node)]
        if column == 0:  # an indented block ends where the next line starts
            last -= 1
        return self._ranges[id(first)][0], last

    def _byte(self, line: int, character: int) -> int:
        text = self._texts[line - 1]
        return character if text.isascii() else len(text[:character].encode("utf-8", "replace"))


@dataclass(slots=True)
class _Scope:
    """What is gathered about the function, class or module around a statement."""

    binds: set[str] = field(default_factory=set)
    is_generator: bool = False


_UNKNOWN_LITERAL: Final = object()

_Handler: TypeAlias = Callable[["_Lowering", Any], Any]


class _Lowering:
    """One walk over the tree of one top-level statement."""

    __slots__ = ("_expressions", "_positions", "_scope", "_sentinel", "_statements")

    def __init__(self, positions: _Positions) -> None:
        library = _library()
        self._positions = positions
        self._scope = _Scope()
        self._sentinel = library.absent
        self._expressions = library.expressions
        self._statements = library.statements

    @property
    def binds(self) -> set[str]:
        return self._scope.binds

    # Blocks and statements

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
        return self.block(suite.body)

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

    def expression_statement(self, node: Node, line: int) -> p.Stmt | None:
        value = node.value
        if type(value) in _library().constants:  # a docstring, mostly: not worth decoding
            return None
        lowered = self.expression(value)
        return None if type(lowered) is p.Const else p.ExprStmt(line, lowered)

    def assign(self, node: Node, line: int) -> p.Stmt:
        targets = tuple([self.bind(self.expression(each.target)) for each in node.targets])
        return p.Assign(line, targets, self.expression(node.value))

    def annotated_assign(self, node: Node, line: int) -> p.Stmt | None:
        target = self.bind(self.expression(node.target))  # binds even without a value
        if node.value is None:
            return None
        return p.Assign(line, (target,), self.expression(node.value))

    def augmented_assign(self, node: Node, line: int) -> p.Stmt:
        target = self.bind(self.expression(node.target))
        operator = _library().operators[type(node.operator)]
        return p.AugAssign(line, target, operator, self.expression(node.value))

    def type_alias(self, node: Node, line: int) -> p.Stmt:
        return p.Assign(line, (self.bind(p.Name(node.name.value)),), p.Expr())

    def return_(self, node: Node, line: int) -> p.Stmt:
        return p.Return(line, self.optional(node.value))

    def raise_(self, node: Node, line: int) -> p.Stmt:
        self.optional(node.exc)  # for what it binds
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
        name = _normal(node.name.value)
        self._scope.binds.add(name)
        params = self._params(node.params)
        outer, self._scope = self._scope, _Scope()
        body = self.suite(node.body)
        inner, self._scope = self._scope, outer
        return p.FunctionDef(line, name, params, body, decorators, inner.is_generator)

    def class_(self, node: Node, line: int) -> p.Stmt:
        decorators = tuple([self.expression(each.decorator) for each in node.decorators])
        name = _normal(node.name.value)
        self._scope.binds.add(name)
        bases = tuple([self._argument(each) for each in (*node.bases, *node.keywords)])
        outer, self._scope = self._scope, _Scope()
        body = self.suite(node.body)
        self._scope = outer
        return p.ClassDef(line, name, bases, body, decorators)

    def _params(self, node: Node) -> p.Params:
        params: list[p.Param] = []
        params += [self._param(each, "positional") for each in node.posonly_params]
        params += [self._param(each, "positional") for each in node.params]
        star = node.star_arg
        vararg = _normal(star.name.value) if hasattr(star, "annotation") else None
        params += [self._param(each, "keyword") for each in node.kwonly_params]
        double = node.star_kwarg
        kwarg = None if double is None else _normal(double.name.value)
        return p.Params(tuple(params), vararg, kwarg)

    def _param(self, node: Node, kind: Literal["positional", "keyword"]) -> p.Param:
        default = node.default
        return p.Param(node.name.value, None if default is None else self.expression(default), kind)

    # Expressions

    def unknown(self, node: Node) -> p.Expr:  # noqa: ARG002
        return p.Expr()

    def name(self, node: Node) -> p.Expr:
        identifier = node.value
        if identifier in _CONSTANT_NAMES:
            return p.Const(_CONSTANT_NAMES[identifier])
        return p.Name(_normal(identifier))

    def attribute(self, node: Node) -> p.Expr:
        value = node.value
        return p.Attribute(self._expressions[type(value)](self, value), _normal(node.attr.value))

    def call(self, node: Node) -> p.Expr:
        func = node.func
        lowered = self._expressions[type(func)](self, func)
        span = self._positions.call(node)
        return p.Call(lowered, tuple([self._argument(arg) for arg in node.args]), span)

    def _argument(self, node: Node) -> p.Arg:
        value = node.value
        keyword = node.keyword
        return p.Arg(
            self._expressions[type(value)](self, value),
            None if keyword is None else _normal(keyword.value),
            node.star,
        )

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
        operators = _library().operators
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
        operator = _library().operators[type(node.operator)]
        return p.UnaryOp(operator, self.expression(node.expression))

    def comparison(self, node: Node) -> p.Expr:
        left = self.expression(node.left)
        operators = _library().operators
        ops = tuple([operators[type(each.operator)] for each in node.comparisons])
        others = tuple([self.expression(each.comparator) for each in node.comparisons])
        return p.Compare(left, ops, others)

    def conditional(self, node: Node) -> p.Expr:
        test = self.expression(node.test)
        return p.IfExp(test, self.expression(node.body), self.expression(node.orelse))

    def lambda_(self, node: Node) -> p.Expr:
        params = self._params(node.params)
        outer, self._scope = self._scope, _Scope()
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
        return p.Const(int(text) if text.isdecimal() and len(text) < 19 else _evaluate(text))

    def float_(self, node: Node) -> p.Expr:
        return p.Const(float(node.value))

    def imaginary(self, node: Node) -> p.Expr:
        return p.Const(complex(node.value))

    def string(self, node: Node) -> p.Expr:
        value = _string(node.value)
        return p.Expr() if value is _UNKNOWN_LITERAL else p.Const(value)

    def concatenated(self, node: Node) -> p.Expr:
        pieces = []
        while hasattr(node, "right"):
            pieces.append(self.expression(node.left))
            node = node.right
        pieces.append(self.expression(node))
        return _joined(pieces)

    def formatted(self, node: Node) -> p.Expr:
        prefix = node.start.lower()
        parts: list[str | p.Expr] = []
        for part in node.parts:
            if not hasattr(part, "expression"):
                text = _format_text(part.value, prefix)
                parts.append(p.Expr() if text is None else text)
                continue
            if part.equal is not None:  # `{x = }` writes itself out first
                parts.append(_library().debug_text(part))
            parts.append(self._replacement(part))
        return p.JoinedStr(_merged(parts))

    def _replacement(self, part: Node) -> p.Expr:
        value = self.expression(part.expression)
        # What `!r`, a format or `=` makes of a value is not worth modelling.
        is_plain = part.conversion is None and part.format_spec is None and part.equal is None
        return value if is_plain else p.Expr()


_CONSTANT_NAMES: Final[dict[str, object]] = {"True": True, "False": False, "None": None}


def _normal(identifier: str) -> str:
    """The identifier as Python compares it: in normal form KC (PEP 3131)."""
    return identifier if identifier.isascii() else unicodedata.normalize("NFKC", identifier)


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


def _evaluate(text: str) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a string that is not raw
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return _UNKNOWN_LITERAL


def _string(text: str) -> object:
    quote = text[0]
    if quote in "rR" and text[1] in "\"'":
        text, quote = text[1:], text[1]
    elif quote not in "\"'" or "\\" in text:
        return _evaluate(text)
    return text[3:-3] if text.startswith(quote * 3) else text[1:-1]


def _joined(pieces: list[p.Expr]) -> p.Expr:
    """Adjacent literals as one."""
    if all(type(piece) is p.Const for piece in pieces):
        values = [piece.value for piece in pieces if isinstance(piece, p.Const)]
        if all(isinstance(value, str) for value in values):
            return p.Const("".join(map(str, values)))
        if all(isinstance(value, bytes) for value in values):
            return p.Const(b"".join(value for value in values if isinstance(value, bytes)))
        return p.Expr()
    parts: list[str | p.Expr] = []
    for piece in pieces:
        if isinstance(piece, p.JoinedStr):
            parts.extend(piece.parts)
        elif isinstance(piece, p.Const) and isinstance(piece.value, str):
            parts.append(piece.value)
        else:
            parts.append(p.Expr())
    return p.JoinedStr(_merged(parts))


def _merged(parts: list[str | p.Expr]) -> tuple[str | p.Expr, ...]:
    """The parts of an f-string with adjacent text as one."""
    merged: list[str | p.Expr] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _format_text(text: str, start: str) -> str | None:
    """The characters between the replacement fields of an f-string; None if they are unclear."""
    if "\\" in text and "r" not in start:
        quotes = start.lstrip("furtb")
        value = _evaluate(f"{quotes}{text}{quotes}")
        if not isinstance(value, str):
            return None
        text = value
    return text.replace("{{", "{").replace("}}", "}")


@dataclass(frozen=True, slots=True)
class _Library:
    """LibCST, imported when a module first needs it: the import costs 0.15 s."""

    parse_module: Callable[[str], Any]
    ParserSyntaxError: type[Exception]
    CSTValidationError: type[Exception]
    absent: object
    constants: frozenset[type]
    operators: dict[type, str]
    expressions: dict[type, _Handler]
    statements: dict[type, Callable[[_Lowering, Any, int], p.Stmt | None]]
    ranges: Callable[[cst.Module], dict[int, tuple[int, int, int, int]]]
    debug_text: Callable[[Node], str]


@functools.cache
def _library() -> _Library:
    import libcst as cst
    from libcst import native  # type: ignore[attr-defined]  # compiled, without a stub

    def table(handlers: dict[str, Any], *families: tuple[type, Any]) -> dict[type, Any]:
        """Handlers by node class.

        A class that this LibCST does not have yet is left out; one that it has and we do not know
        gets the handler of its family.
        """
        classes = [each for each in vars(cst).values() if isinstance(each, type)]
        found = {
            each: made for kind, made in families for each in classes if issubclass(each, kind)
        }
        found |= {getattr(cst, name): made for name, made in handlers.items() if hasattr(cst, name)}
        return found

    def debug_text(part: cst.FormattedStringExpression) -> str:
        pieces = (
            part.whitespace_before_expression,
            part.expression,
            part.whitespace_after_expression,
            part.equal or part.expression,
        )
        module = cst.Module([])
        return "".join([module.code_for_node(piece) for piece in pieces])

    return _Library(
        parse_module=native.parse_module,
        ParserSyntaxError=cst.ParserSyntaxError,
        CSTValidationError=cst.CSTValidationError,
        absent=cst.MaybeSentinel.DEFAULT,
        constants=frozenset({cst.SimpleString, cst.Integer, cst.Float, cst.Ellipsis}),
        operators=table(_OPERATORS),
        expressions=table(_EXPRESSIONS, (cst.BaseExpression, _Lowering.unknown)),
        statements=table(
            _STATEMENTS,
            (cst.BaseSmallStatement, _Lowering.pass_),
            (cst.BaseCompoundStatement, _Lowering.pass_),
        ),
        ranges=_range_recorder(),
        debug_text=debug_text,
    )


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

_EXPRESSIONS: Final[dict[str, _Handler]] = {
    "Name": _Lowering.name,
    "Attribute": _Lowering.attribute,
    "Call": _Lowering.call,
    "Subscript": _Lowering.subscript,
    "BinaryOperation": _Lowering.binary,
    "BooleanOperation": _Lowering.boolean,
    "UnaryOperation": _Lowering.unary,
    "Comparison": _Lowering.comparison,
    "IfExp": _Lowering.conditional,
    "Lambda": _Lowering.lambda_,
    "Await": _Lowering.await_,
    "Yield": _Lowering.yield_,
    "NamedExpr": _Lowering.named,
    "StarredElement": _Lowering.starred,
    "Tuple": _Lowering.tuple_,
    "List": _Lowering.list_,
    "Set": _Lowering.set_,
    "Dict": _Lowering.dict_,
    "ListComp": _Lowering.list_comprehension,
    "SetComp": _Lowering.set_comprehension,
    "GeneratorExp": _Lowering.generator,
    "DictComp": _Lowering.dict_comprehension,
    "Ellipsis": _Lowering.ellipsis,
    "Integer": _Lowering.integer,
    "Float": _Lowering.float_,
    "Imaginary": _Lowering.imaginary,
    "SimpleString": _Lowering.string,
    "ConcatenatedString": _Lowering.concatenated,
    "FormattedString": _Lowering.formatted,
}

_STATEMENTS: Final[dict[str, Callable[[_Lowering, Any, int], p.Stmt | None]]] = {
    "Expr": _Lowering.expression_statement,
    "Assign": _Lowering.assign,
    "AnnAssign": _Lowering.annotated_assign,
    "AugAssign": _Lowering.augmented_assign,
    "TypeAlias": _Lowering.type_alias,
    "Return": _Lowering.return_,
    "Raise": _Lowering.raise_,
    "Assert": _Lowering.assert_,
    "Pass": _Lowering.pass_,
    "Break": _Lowering.break_,
    "Continue": _Lowering.continue_,
    "Del": _Lowering.delete,
    "Global": _Lowering.global_,
    "Nonlocal": _Lowering.nonlocal_,
    "Import": _Lowering.import_,
    "LazyImport": _Lowering.import_,
    "ImportFrom": _Lowering.import_from,
    "LazyImportFrom": _Lowering.import_from,
    "If": _Lowering.if_,
    "For": _Lowering.for_,
    "While": _Lowering.while_,
    "Try": _Lowering.try_,
    "TryStar": _Lowering.try_,
    "With": _Lowering.with_,
    "Match": _Lowering.match,
    "FunctionDef": _Lowering.function,
    "ClassDef": _Lowering.class_,
}


def _range_recorder() -> Callable[[cst.Module], dict[int, tuple[int, int, int, int]]]:
    """The function that finds where the calls and statements of a module stand.

    Built here because the class needs LibCST to derive from.
    """
    import libcst as cst
    from libcst._nodes.internal import CodegenState

    recorded = (cst.Call, cst.BaseStatement, cst.BaseSmallStatement, cst.Decorator)

    class Recorder(CodegenState):
        """Counts lines and columns while LibCST writes the code out."""

        def __init__(self, module: cst.Module) -> None:
            super().__init__(module.default_indent, module.default_newline)
            self.line = 1
            self.column = 0
            self.ranges: dict[int, tuple[int, int, int, int]] = {}

        def add_indent_tokens(self) -> None:
            for token in self.indent_tokens:
                self.add_token(token)

        def add_token(self, value: str) -> None:
            ends = value.count("\n")
            if ends:
                self.line += ends
                self.column = len(value) - value.rindex("\n") - 1
            else:
                self.column += len(value)

        @contextmanager
        def record_syntactic_position(
            self,
            node: cst.CSTNode,
            *,
            start_node: cst.CSTNode | None = None,  # noqa: ARG002
            end_node: cst.CSTNode | None = None,  # noqa: ARG002
        ) -> Iterator[None]:
            line, column = self.line, self.column
            yield
            if isinstance(node, recorded):
                self.ranges[id(node)] = (line, column, self.line, self.column)

    def ranges(module: cst.Module) -> dict[int, tuple[int, int, int, int]]:
        recorder = Recorder(module)
        try:
            module._codegen(recorder)
        except RecursionError:
            raise Unreadable("nested too deeply") from None
        return recorder.ranges

    return ranges
