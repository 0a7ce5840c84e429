from __future__ import annotations

import ast
import dataclasses
import sys
import sysconfig
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bnlint.readers.source.parsing import lower_cst
from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.outline import outline
from bnlint.readers.source.parsing.text import Undecodable, decode


def from_ast(text: str) -> p.Block:
    read = outline(text)
    assert read.problems == []
    return tuple(statement for each in read.statements for statement in each.lower())


def from_libcst(text: str) -> p.Block:
    return tuple(statement for each in lower_cst.lower_module(text) for statement in each.block)


def lowered(text: str) -> p.Block:
    """The program, which must not depend on what read it."""
    block = from_ast(text)
    assert show(from_libcst(text)) == show(block)
    return block


def show(node: object) -> Any:
    """A node as nested tuples, without spans and lines, for comparison."""
    if isinstance(node, (tuple, list)):
        return tuple(show(each) for each in node)
    if not dataclasses.is_dataclass(node):
        return node
    values = [
        show(getattr(node, each.name))
        for each in dataclasses.fields(node)
        if each.name not in ("span", "line")
    ]
    return (type(node).__name__, *values)


def expression(text: str) -> Any:
    (statement,) = lowered(f"_ = {text}\n")
    assert isinstance(statement, p.Assign)
    return show(statement.value)


def calls(block: object) -> Iterator[p.Call]:
    if isinstance(block, (tuple, list)):
        for each in block:
            yield from calls(each)
    elif dataclasses.is_dataclass(block):
        if isinstance(block, p.Call):
            yield block
        for each in dataclasses.fields(block):
            yield from calls(getattr(block, each.name))


def callee(node: object) -> str:
    match node:
        case p.Name() | ast.Name():
            return node.id
        case p.Attribute() | ast.Attribute():
            return node.attr
    return ""


def function(text: str) -> p.FunctionDef:
    (statement,) = lowered(text)
    assert isinstance(statement, p.FunctionDef)
    return statement


NAME = ("Name", "a")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1_000", 1000),
        ("0x10", 16),
        ("1e-3", 1e-3),
        ("2j", 2j),
        ("True", True),
        ("None", None),
        ("...", ...),
        ("'a'", "a"),
        ("'''a'b\n'''", "a'b\n"),
        ('""', ""),
        (r"'a\n'", "a\n"),
        (r"r'a\n'", r"a\n"),
        (r"'\d'", r"\d"),
        ("u'a'", "a"),
        ("b'a'", b"a"),
        ("rb'\\n'", b"\\n"),
        ("'a' \"b\" r'\\c'", "ab\\c"),
        ("b'a' b'b'", b"ab"),
        ("(1)", 1),
    ],
)
def test_literals_become_their_values(text: str, value: object) -> None:
    assert expression(text) == ("Const", value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", ("Attribute", NAME, "b")),
        ("a[1]", ("Subscript", NAME, ("Const", 1))),
        ("a[1,]", ("Subscript", NAME, ("Tuple", (("Const", 1),)))),
        (
            "a[1:, ::2]",
            (
                "Subscript",
                NAME,
                (
                    "Tuple",
                    (
                        ("Slice", ("Const", 1), None, None),
                        ("Slice", None, None, ("Const", 2)),
                    ),
                ),
            ),
        ),
        ("a - a - 1", ("BinOp", "-", ("BinOp", "-", NAME, NAME), ("Const", 1))),
        ("a ** 2", ("BinOp", "**", NAME, ("Const", 2))),
        ("not a", ("UnaryOp", "not", NAME)),
        ("-1", ("UnaryOp", "-", ("Const", 1))),
        ("a and 1 and 2", ("BoolOp", "and", (NAME, ("Const", 1), ("Const", 2)))),
        (
            "a and (1 and 2)",
            ("BoolOp", "and", (NAME, ("BoolOp", "and", (("Const", 1), ("Const", 2))))),
        ),
        ("a and 1 or 2", ("BoolOp", "or", (("BoolOp", "and", (NAME, ("Const", 1))), ("Const", 2)))),
        (
            "1 < a is not None not in a",
            (
                "Compare",
                ("Const", 1),
                ("<", "is not", "not in"),
                (NAME, ("Const", None), NAME),
            ),
        ),
        ("1 if a else 2", ("IfExp", NAME, ("Const", 1), ("Const", 2))),
        ("a, *a", ("Tuple", (NAME, ("Starred", NAME)))),
        ("[a, 1]", ("List", (NAME, ("Const", 1)))),
        ("{a, 1}", ("Set", (NAME, ("Const", 1)))),
        ("{'k': 1, **a}", ("Dict", ((("Const", "k"), ("Const", 1)), (None, NAME)))),
        ("(a := 1)", ("NamedExpr", "a", ("Const", 1))),
        ("f'x{a}{{{a!r}{a:>3}'", ("JoinedStr", ("x", NAME, "{", ("Expr",), ("Expr",)))),
        ("f'{ a = }'", ("JoinedStr", (" a = ", ("Expr",)))),
        ("'a' f'b' f'{a}' f''", ("JoinedStr", ("ab", NAME))),
        ("f'{a}' 'b'", ("JoinedStr", (NAME, "b"))),
        (r"f'\t{a}'", ("JoinedStr", ("\t", NAME))),
        (r"rf'\t{a}'", ("JoinedStr", (r"\t", NAME))),
    ],
)
def test_expressions_are_lowered(text: str, expected: Any) -> None:
    assert expression(text) == expected


def test_call_keeps_stars_and_keywords() -> None:
    assert expression("a(1, *a, k=2, **a)") == (
        "Call",
        NAME,
        (
            ("Arg", ("Const", 1), None, ""),
            ("Arg", NAME, None, "*"),
            ("Arg", ("Const", 2), "k", ""),
            ("Arg", NAME, None, "**"),
        ),
    )


def test_comprehensions_keep_their_clauses() -> None:
    clause = ("Clause", ("Name", "x"), NAME, (("Name", "x"), ("Const", 1)))
    inner = ("Clause", ("Name", "y"), ("Name", "x"), ())
    assert expression("[x for x in a if x if 1 for y in x]") == (
        ("Comprehension", "list", ("Name", "x"), None, (clause, inner))
    )
    assert expression("{x: 1 for x in a if x if 1}") == (
        ("Comprehension", "dict", ("Name", "x"), ("Const", 1), (clause,))
    )


def test_awaiting_and_async_are_transparent() -> None:
    awaited = function(
        "async def f():\n    async with a() as b:\n        async for c in b:\n            await c\n"
    )
    plain = function("def f():\n    with a() as b:\n        for c in b:\n            c\n")
    assert show(awaited) == show(plain)


def test_what_does_nothing_is_dropped() -> None:
    assert lowered("'''doc'''\n1\n...\npass\nx: int\nb'a'\n") == ()


def test_an_assertion_keeps_its_test_and_drops_its_message() -> None:
    assert show(lowered("assert f(1), g()\n")) == show(lowered("assert f(1)\n"))
    (statement,) = lowered("assert f(1), g()\n")
    assert isinstance(statement, p.Assert)
    assert isinstance(statement.test, p.Call)


def test_annotations_are_dropped_and_their_values_kept() -> None:
    assert show(lowered("x: f() = 1\n")) == show(lowered("x = 1\n"))


def test_targets_of_chained_assignments_stay_in_order() -> None:
    (statement,) = lowered("a = b.c = d, *e = 1\n")
    assert isinstance(statement, p.Assign)
    assert [type(target) for target in statement.targets] == [p.Name, p.Attribute, p.Tuple]


def test_augmented_assignment_names_the_plain_operator() -> None:
    assert show(lowered("a //= 2\n")) == (("AugAssign", NAME, "//", ("Const", 2)),)


def test_elif_is_an_if_in_the_else() -> None:
    chain = lowered("if a: x\nelif b: y\nelse: z\n")
    nested = lowered("if a: x\nelse:\n  if b: y\n  else: z\n")
    assert show(chain) == show(nested)


def test_imports_keep_levels_and_aliases() -> None:
    block = lowered("import a.b as c, d.e\nfrom ..m.n import x as y, z\nfrom . import *\n")
    assert show(block) == (
        ("Import", (("a.b", "c"), ("d.e", None))),
        ("ImportFrom", "m.n", 2, (("x", "y"), ("z", None))),
        ("ImportFrom", "", 1, (("*", None),)),
    )


def test_try_keeps_the_names_of_its_handlers() -> None:
    for star in ("", "*"):
        (statement,) = lowered(f"try: a\nexcept{star} E as e: b\nfinally: c\n")
        assert isinstance(statement, p.Try)
        assert [handler.name for handler in statement.handlers] == ["e"]
        assert len(statement.final) == 1


def test_delete_and_declarations_list_their_names() -> None:
    assert show(function("def f():\n  global a, b\n  nonlocal c\n  del d, e[0]\n").body) == (
        ("Scope", "global", ("a", "b")),
        ("Scope", "nonlocal", ("c",)),
        ("Delete", (("Name", "d"), ("Subscript", ("Name", "e"), ("Const", 0)))),
    )


def test_match_compares_constants_and_captures_names() -> None:
    (statement,) = lowered(
        "match x:\n"
        "    case 1 | 2: pass\n"
        "    case k.V as v if g: pass\n"
        "    case [a, *b, {'c': c, **d}, P(e, f=h)]: pass\n"
        "    case None: pass\n"
        "    case _: pass\n"
    )
    assert isinstance(statement, p.Match)
    assert [show(case.pattern) for case in statement.cases] == [
        ("Expr",),
        ("Attribute", ("Name", "k"), "V"),
        ("Expr",),
        ("Const", None),
        None,
    ]
    assert [case.captures for case in statement.cases] == [
        (),
        ("v",),
        ("a", "b", "c", "d", "e", "h"),
        (),
        (),
    ]


def test_function_lists_its_parameters() -> None:
    params = function("def f(a, /, b: int = 1, *c, d, e=2, **g) -> int: pass\n").params
    assert [(param.name, param.kind, show(param.default)) for param in params.params] == [
        ("a", "positional", None),
        ("b", "positional", ("Const", 1)),
        ("d", "keyword", None),
        ("e", "keyword", ("Const", 2)),
    ]
    assert (params.vararg, params.kwarg) == ("c", "g")


def test_bare_star_is_no_parameter() -> None:
    params = function("def f(*, a): pass\n").params
    assert params.vararg is None
    assert [param.kind for param in params.params] == ["keyword"]


def test_generator_is_told_by_its_own_yield() -> None:
    assert function("def f():\n  x = yield from y\n").is_generator
    assert function("def f():\n  raise (yield)\n").is_generator
    assert not function("def f():\n  def g(): yield\n  return lambda: (yield)\n").is_generator


def test_class_keeps_bases_keywords_and_decorators() -> None:
    (statement,) = lowered("@d\nclass A(B, *c, metaclass=M):\n    x = 1\n")
    assert isinstance(statement, p.ClassDef)
    assert [(arg.keyword, arg.star) for arg in statement.bases] == [
        (None, ""),
        (None, "*"),
        ("metaclass", ""),
    ]
    assert show(statement.decorators) == (("Name", "d"),)


def test_identifiers_are_normalised_as_python_does() -> None:
    assert expression("\uff57\uff57.\uff58") == ("Attribute", ("Name", "ww"), "x")


def test_statements_know_their_lines() -> None:
    (outer,) = lowered("\n\n@d\ndef f():\n    'doc'\n    pass; x = 1\n    if y:\n\n        z()\n")
    assert isinstance(outer, p.FunctionDef)
    assert outer.line == 4
    assert [statement.line for statement in outer.body] == [6, 7]
    (inner,) = outer.body[1:]
    assert isinstance(inner, p.If)
    assert inner.body[0].line == 9


EVERY_ORDER = """\
import a

@d(1)(2)
@e
def f(a: g(1) = h(i(2)), /, *b: j(), k=l(m()), **n: o()) -> q(r()):
    s = t(1) if u(2) else v(3)
    w = [x(1) for y in z(2) if a(3) if b(4) for c in d(5)]
    e = {f(1): g(2) for h in i(3)} | {j(1): k(2), **l(3)}
    assert m(1), n(2)
    raise o(1) from q(2)
    (r)(s(1))(t(2), *u(3), v=w(4), *x(5), **y(6))
    z = "é", a("é")(b), f"{c(1)!r:>{d(2)}} {e(f(3))}", g(4)
    for h in i(1): j(2)
    else: k(3)
    with l(1) as m(2).n, o(3): pass
    try: q(1)
    except r(2) as s: t(3)
    else: u(4)
    finally: v(5)
    w(1).x, y(2)[z(3)] = a(4)
    b(1).c: d(2) = e(3)
    f(1).g += h(2)
    i = lambda j=k(1): l(2)
    m(1) < n(2) < o(3) and q(4) or not r(5)
    (s := t(1)); await u(2); yield v(3)
    del w(1)[x(2)], y(3).z
    match a(1):
        case b.c(d=1) if e(2): f(3)
        case _: g(4)
    while h(1): i(2)
    if j(1): k(2)
    elif l(3): m(4)
    else: n(5)
    class o(q(1), r=s(2)): t(3)
"""


def pairs(text: str) -> set[tuple[p.Span, str]]:
    """The calls that ast sees; those in an f-string with the span of the f-string."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    inside = {
        id(inner): place(each)
        for each in reversed(list(ast.walk(tree)))  # the outermost last
        if isinstance(each, ast.JoinedStr)
        for inner in ast.walk(each)
    }
    return {
        (inside.get(id(node)) or place(node), callee(node.func))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def place(node: ast.expr) -> p.Span:
    return (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def in_f_strings(text: str) -> set[int]:
    return {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.JoinedStr)
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }


def test_every_call_has_the_span_that_ast_gives_it() -> None:
    found = {(call.span, callee(call.func)) for call in calls(from_ast(EVERY_ORDER))}
    # Calls in annotations, formats and the messages of assertions are dropped.
    assert found <= pairs(EVERY_ORDER)
    assert len(found) == 79


def test_generated_positions_are_those_of_ast() -> None:
    for text in (EVERY_ORDER, EVERY_ORDER.replace("\n", "\r\n")):
        generated = {(call.span, callee(call.func)) for call in calls(from_libcst(text))}
        strings = in_f_strings(text)
        assert {(span, name) for span, name in generated if span[0] not in strings} <= pairs(text)
        assert len(generated) == 79


def standard_library(characters: int) -> Iterator[tuple[Path, str]]:
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"), key=lambda f: f.name):
        if characters <= 0:
            return
        if path.name.startswith("_sysconfigdata"):
            continue  # in some Pythons more literals than are worth lowering from either tree
        try:
            text = decode(path.read_bytes())
        except Undecodable:
            continue
        characters -= len(text)
        yield path, text


def test_positions_are_exact_on_the_standard_library() -> None:
    count = 0
    for path, text in standard_library(characters=500_000):
        expected = pairs(text)
        for call in calls(from_ast(text)):
            assert (call.span, callee(call.func)) in expected, (path.name, call.span)
            count += 1
    assert count > 1_000


def test_both_trees_are_the_same_program_on_the_standard_library() -> None:
    count = 0
    for path, text in standard_library(characters=500_000):
        strings = in_f_strings(text)
        mine, theirs = from_ast(text), from_libcst(text)
        assert show(mine) == show(theirs), path.name
        for one, other in zip(calls(mine), calls(theirs), strict=True):
            assert one.span == other.span or other.span[0] in strings, (path.name, other.span)
            count += 1
    assert count > 1_000


DEEP = {
    "calls": "f(" * 90 + "1" + ")" * 90,
    "lists": "[" * 180 + "f()" + "]" * 180,
    "dicts": "{1: " * 180 + "f()" + "}" * 180,
    "lambdas": "lambda a=" * 80 + "f()" + ": 0" * 80,
    "sums": "f()" + " + 1" * 180,
    "comprehensions": "[x for x in " * 80 + "f()" + "]" * 80,
}


def on_a_small_stack(work: Callable[[], p.Block]) -> p.Block:
    blocks: list[p.Block] = []
    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: blocks.append(work()))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    return blocks[0]


def from_a_deep_caller(work: Callable[[], p.Block], frames: int) -> p.Block:
    return work() if frames == 0 else from_a_deep_caller(work, frames - 1)


@pytest.mark.parametrize("value", DEEP.values(), ids=DEEP)
def test_deep_statements_are_lowered_whoever_calls(value: str) -> None:
    read = outline(f"def g():\n    x = {value}\n")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)  # what Python starts with
    try:
        block = from_a_deep_caller(read.statements[0].lower, 600)
    finally:
        sys.setrecursionlimit(limit)
    (definition,) = block
    assert isinstance(definition, p.FunctionDef)
    (assignment,) = definition.body
    assert isinstance(assignment, p.Assign)
    assert [p.names_of(target) for target in assignment.targets] == [("x",)]
    assert any(True for _ in calls(block))


def test_newer_syntax_is_lowered_from_a_small_stack() -> None:
    depth = 60
    text = "x = " + "f(" * depth + "1" + ")" * depth + "\ny = " + "(" * 90 + "1" + ")" * 90 + "\n"
    assert len(list(calls(on_a_small_stack(lambda: from_libcst(text))))) == depth


def test_errors_on_the_large_stack_reach_the_caller() -> None:
    with pytest.raises(lower_cst.Unreadable):
        lower_cst.lower_module("x = = 1\n")
