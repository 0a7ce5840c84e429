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

from bnlint.readers.source.parsing import program as p
from bnlint.readers.source.parsing.lowering import templates
from bnlint.readers.source.parsing.lowering.libcst_parser import Unreadable, parse
from bnlint.readers.source.parsing.lowering.module import lower_module
from bnlint.readers.source.parsing.outline import outline
from bnlint.readers.source.parsing.text import Undecodable, decode


def from_statements(text: str) -> p.Block:
    read = outline(text)
    assert read.problems == []
    return tuple(statement for each in read.statements for statement in each.lower())


def from_module(text: str) -> p.Block:
    return tuple(statement for each in lower_module(text) for statement in each.block)


def lowered(text: str) -> p.Block:
    """The program, which must not depend on what read it."""
    block = from_statements(text)
    assert show(from_module(text)) == show(block)
    return block


def show(node: object) -> Any:
    """A node as nested tuples, without spans and lines, for comparison."""
    if isinstance(node, (tuple, list)):
        return tuple(show(each) for each in node)
    if not dataclasses.is_dataclass(node):
        return node
    return (type(node).__name__, *map(show, parts(node)))


def parts(node: Any) -> Iterator[object]:
    """What a node holds, without spans and lines."""
    for each in dataclasses.fields(node):
        if each.name == "definition":
            yield from (node.is_generator, node.body)
        elif each.name not in ("span", "line"):
            yield getattr(node, each.name)


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
        for each in parts(block):
            yield from calls(each)


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
        (r'''f"""\t"{a}"\t" """''', ("JoinedStr", ('\t"', NAME, '"\t" '))),
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
    found = {(call.span, callee(call.func)) for call in calls(from_statements(EVERY_ORDER))}
    # Calls in annotations, formats and the messages of assertions are dropped.
    assert found <= pairs(EVERY_ORDER)
    assert len(found) == 79


def test_generated_positions_are_those_of_ast() -> None:
    for text in (EVERY_ORDER, EVERY_ORDER.replace("\n", "\r\n")):
        generated = {(call.span, callee(call.func)) for call in calls(from_module(text))}
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
        for call in calls(from_statements(text)):
            assert (call.span, callee(call.func)) in expected, (path.name, call.span)
            count += 1
    assert count > 1_000


def test_module_lowered_at_once_is_the_same_program_on_the_standard_library() -> None:
    count = 0
    for path, text in standard_library(characters=200_000):
        strings = in_f_strings(text)
        mine, theirs = from_statements(text), from_module(text)
        assert show(mine) == show(theirs), path.name
        for one, other in zip(calls(mine), calls(theirs), strict=True):
            assert one.span == other.span or other.span[0] in strings, (path.name, other.span)
            count += 1
    assert count > 500


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
    assert len(list(calls(on_a_small_stack(lambda: from_module(text))))) == depth


def test_errors_on_the_large_stack_reach_the_caller() -> None:
    with pytest.raises(Unreadable):
        lower_module("x = = 1\n")


# Each statement by itself


ELSEWHERE = """\
if a:
    # a comment
    x = f(1)
elif b(2):

    y = [
        g(3),  # another
    ]
    # the last
else:  # why
    if c: h(4)
    else:
        i(5)
try:
    j(6)
except E:
    k(7); l(8)
finally:
    with m(9) as n, o(10):
        raise q(11)
class A(r(12)):
    "doc"
    @s(13)

    @t
    def u(self, v=w(14)) -> x(15):
        return y(16)

    async def z(self):
        async for a in b(17):
            await c(18)
        d = e(19); \\
            f(20)
match g(21):
    case 1:
        h(22)
if i(23): j(24)
"""


def test_every_call_has_its_place_whatever_it_stands_in() -> None:
    found = sorted((call.span, callee(call.func)) for call in calls(from_statements(ELSEWHERE)))
    dropped = {"q", "x"}  # what is raised, and an annotation
    assert found == sorted((span, name) for span, name in pairs(ELSEWHERE) if name not in dropped)


def test_every_statement_has_its_line_whatever_it_stands_in() -> None:
    lines = {node.lineno for node in ast.walk(ast.parse(ELSEWHERE)) if isinstance(node, ast.stmt)}
    found = {node.line for node in p.walk(from_statements(ELSEWHERE)) if isinstance(node, p.Stmt)}
    assert lines - found == {22}  # the docstring


@pytest.mark.parametrize("margin", ["    ", "\t", "        "])
def test_blocks_are_the_same_at_any_depth(margin: str) -> None:
    inner = "".join(margin + line for line in ELSEWHERE.splitlines(keepends=True))
    (outer,) = from_statements(f"while 1:\n{inner}")
    assert isinstance(outer, p.While)
    assert show(outer.body) == show(from_statements(ELSEWHERE))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that LibCST was given since; it remembers nothing from before."""
    texts: list[str] = []

    def noted(text: str) -> Any:
        texts.append(text)
        return parse(text)

    monkeypatch.setattr(templates, "_memo", type(templates._memo)())
    monkeypatch.setattr(templates, "_characters", 0)
    monkeypatch.setattr(templates, "parse", noted)
    return texts


def test_statement_that_was_lowered_before_is_not_parsed_again(parsed: list[str]) -> None:
    text = "def f(x):\n    x = a(x)\n    if b:\n        x = c(x)\n    return d(x)\n"
    list(calls(from_statements(text)))
    del parsed[:]

    block = from_statements("import e\n\n" + text.replace("c(x)", "c(x, 1)"))

    assert [(call.span[0], callee(call.func)) for call in calls(block)] == [
        (4, "a"),
        (6, "c"),
        (7, "d"),
    ]
    assert parsed == ["import e\n", "x = c(x, 1)\n"]


def test_statements_that_read_the_same_are_not_the_same(parsed: list[str]) -> None:
    first, second = calls(from_statements("x = f(a)\nx = f(a)\n"))
    assert first is not second
    assert first.args[0] is not second.args[0]
    assert (first.span, second.span) == ((1, 4, 1, 8), (2, 4, 2, 8))
    assert len(parsed) == 1


def test_body_of_a_function_waits_until_it_is_asked_for(parsed: list[str]) -> None:
    (definition,) = from_statements("@d\ndef f(a):\n    def g():\n        h()\n    return g\n")
    assert isinstance(definition, p.FunctionDef)
    assert definition.mentions == {"h", "g"}
    assert parsed == ["@d\ndef f(a):\n pass\n"]
    assert len(definition.body) == 2
    assert parsed[1:] == ["def g():\n pass\nreturn g\n"]


def test_body_of_a_function_is_found_after_the_tree_was_dropped() -> None:
    data = "[" + "1, " * 3000 + "]"
    read = outline(f"class A:\n    def f(self):\n        x = {data}\n        return g(x)\n")
    (cls,) = read.statements[0].lower()
    read.release()
    assert [call.span for call in calls(cls)] == [(4, 15, 4, 19)]
    assert isinstance(cls, p.ClassDef)
    assert isinstance(cls.body[0], p.FunctionDef)
    assert show(cls.body[0].body[0]) == ("Assign", (("Name", "x"),), ("Expr",))


def test_memory_of_statements_is_bounded(
    parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "_MOST_CHARACTERS", 20)
    from_statements("a = f(1)\nb = f(2)\nc = f(3)\n")
    from_statements("c = f(3)\na = f(1)\n")
    assert [text.strip() for text in parsed] == ["a = f(1)", "b = f(2)", "c = f(3)", "a = f(1)"]


def test_what_libcst_cannot_parse_is_unknown_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:

    def picky(text: str) -> Any:
        if "odd" in text:
            raise Unreadable("a bug of its own")
        return parse(text)

    monkeypatch.setattr(templates, "parse", picky)
    read = outline("def f():\n    a = b()\n    c, d.e = odd()\n    return c\n")
    (definition,) = read.statements[0].lower()
    assert isinstance(definition, p.FunctionDef)

    assert [show(each) for each in definition.body] == [
        ("Assign", (("Name", "a"),), ("Call", ("Name", "b"), ())),
        ("Assign", (("Name", "c"),), ("Expr",)),
        ("Return", ("Name", "c")),
    ]
    assert read.unread == [3]


@pytest.mark.parametrize(
    "text",
    ["a.b[0].c", "f(a, b.c)(1)", "not a", "-a", "a + b", "a and b", "a < b is not c", "'x' in a"],
)
def test_text_of_an_expression_is_what_its_author_wrote(text: str) -> None:
    (statement,) = from_statements(f"_ = {text}\n")
    assert isinstance(statement, p.Assign)
    assert p.text_of(statement.value) == text
