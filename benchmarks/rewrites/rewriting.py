"""All rewrites by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import libcst as cst

from benchmarks.rewrites import calls, files, names, statements

Rewrite: TypeAlias = Callable[[cst.Module], cst.Module | None]


def _by(transformer: type[cst.CSTTransformer]) -> Rewrite:
    return lambda module: module.visit(transformer())


REWRITES: Final[Mapping[str, Rewrite]] = {
    "aliased imports": names.aliased_imports,
    "annotated": _by(statements.Annotated),
    "arguments by star": _by(calls.Starred),
    "chained assignment": _by(statements.Chained),
    "conditional with True": _by(statements.Conditional),
    "dead code": _by(statements.DeadCode),
    "functions in reverse order": files.in_reverse_order,
    "if True": _by(statements.IfTrue),
    "in main()": files.in_main,
    "input by name": _by(statements.InputByName),
    "keywords in reverse order": _by(calls.ReorderedKeywords),
    "layer by name": _by(statements.LayerByName),
    "loop that runs once": _by(statements.RunsOnce),
    "parentheses": _by(statements.Parenthesized),
    "positional to keyword": _by(calls.PositionalToKeyword),
    "renamed locals": names.renamed_locals,
    "result by lambda": _by(statements.ByLambda),
    "return by name": _by(statements.ReturnByName),
    "tabs": files.with_tabs,
    "try and finally": _by(statements.TryFinally),
    "unpacked": _by(statements.Unpacked),
    "walrus": _by(statements.Walrus),
    "with a context": _by(statements.WithNothing),
}


def rewritten(source: str, name: str) -> str | None:
    """A program that means the same.

    Args:
        source: a program.
        name: of a rewrite.

    Returns:
        ``None`` where the rewrite changes nothing, or does not apply.
    """
    after = REWRITES[name](cst.parse_module(source))
    if after is None or after.code == source:
        return None
    try:
        compile(after.code, "<rewritten>", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    return after.code
