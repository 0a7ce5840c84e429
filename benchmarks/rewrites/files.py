"""Rewrites of whole files."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

_DEFINES = (cst.FunctionDef, cst.ClassDef)


def with_tabs(module: cst.Module) -> cst.Module:
    """Blocks indented by tabs."""
    return module.with_changes(default_indent="\t")


def in_reverse_order(module: cst.Module) -> cst.Module:
    """Neighbouring functions without defaults and decorators in reverse order."""
    body: list[cst.BaseStatement | cst.SimpleStatementLine] = []
    run: list[cst.FunctionDef] = []
    for statement in [*module.body, None]:
        if isinstance(statement, cst.FunctionDef) and _is_free(statement):
            run.append(statement)
            continue
        body.extend(reversed(run))
        run = []
        if statement is not None:
            body.append(statement)
    return module.with_changes(body=body)


def _is_free(function: cst.FunctionDef) -> bool:
    """Whether nothing of a function is evaluated where it is defined."""
    defaults = m.findall(function.params, m.Param(default=m.DoNotCare()))
    given = any(isinstance(node, cst.Param) and node.default is not None for node in defaults)
    return not function.decorators and not given and function.returns is None


def in_main(module: cst.Module) -> cst.Module | None:
    """Statements of a module within a function; ``None`` where others use what they set."""
    moved = [s for s in module.body if not _stays(s)]
    kept = [s for s in module.body if _stays(s)]
    names = {
        name.value
        for statement in moved
        for name in m.findall(statement, m.Name())
        if isinstance(name, cst.Name)
    }
    bound = {name for name in names if re.search(rf"\b{name}\b[^\n]*=[^=]", module.code)}
    defined = cst.Module(kept).code
    if not moved or any(re.search(rf"\b{name}\b", defined) for name in bound):
        return None
    run = cst.FunctionDef(cst.Name("run_all"), cst.Parameters(), cst.IndentedBlock(moved))
    return module.with_changes(body=[*kept, run, cst.parse_statement("run_all()\n")])


def _stays(statement: cst.CSTNode) -> bool:
    return isinstance(statement, _DEFINES) or m.matches(
        statement,
        m.SimpleStatementLine(
            body=[m.OneOf(m.Import(), m.ImportFrom(), m.Expr(value=m.SimpleString()))]
        ),
    )
