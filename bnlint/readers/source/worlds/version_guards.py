"""Which Keras a world is for, by the guards that it came through and by what its file refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bnlint.keras_api.versions.target import Target
from bnlint.readers.source.interpreter import inert, versions
from bnlint.readers.source.modules import Module
from bnlint.readers.source.parsing import program as ir


def refusals(module: Module) -> list[ir.Assert | ir.If]:
    """The statements of a module that end the program for some versions, wherever it starts."""
    found: list[ir.Assert | ir.If] = []
    for statement in module.outline.statements if module.asks_versions else ():
        line = module.outline.lines[statement.line - 1].lstrip()
        if statement.kind == "other" and line.startswith(("assert", "if")):
            found += [
                node
                for node in statement.lower()
                if isinstance(node, ir.Assert)
                or (
                    isinstance(node, ir.If)
                    and (inert.ends_program(node.body) or inert.ends_program(node.orelse))
                )
            ]
    return found


def guarded_target(
    let_through: versions.Versions,
    guards: Sequence[tuple[ir.Expr, int]],
    known: Callable[[], Target | None],
) -> tuple[Target | None, bool]:
    """The Keras that code after guards is for, and whether the known one gets there.

    Args:
        let_through: the versions that the guards let through.
        guards: their tests, each with its line.
        known: returns the Keras that the file is for.
    """
    target = known()
    expected = versions.of_target(target)
    if expected & let_through:
        return target, True
    major = versions.major_of(let_through)
    test, line = guards[-1]
    why = f"`{ir.text_of(test)}` in line {line}"
    return None if major is None else Target((major,), why), not expected
