"""Turns the repairs of rules into fixes: edits of the source, and how safe they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from bnlint.findings import Applicability, Finding, Fix, Location
from bnlint.project.files.source_lines import Texts
from bnlint.project.files.targets import is_notebook
from bnlint.readers.source.parsing.notebook import Notebook
from bnlint.repair import (
    AddLayer,
    CallLayer,
    DetachActivation,
    DropBias,
    KeepResult,
    RenameArguments,
    Repair,
    ReplaceModule,
    SetAxis,
    SwapLayers,
    axis,
    bias,
    modules,
    order,
    renaming,
    wiring,
)
from bnlint.repair.editing.applying import applied_to_notebook
from bnlint.repair.editing.source import Source
from bnlint.repair.weights import loads_weights


def with_fixes(
    findings: Iterable[Finding], texts: Texts, users: Callable[[str], Iterable[str]]
) -> list[Finding]:
    """The findings, with a fix where the repair of their rule can be written.

    Args:
        findings: all findings of a run.
        texts: the files that contain them.
        users: for a file, the files that import it.
    """
    findings = list(findings)
    by_file: dict[str, list[Repair]] = {}
    broken = {_block(finding.location) for finding in findings if finding.code == "BN001"}
    for finding in findings:
        where = finding.location
        if finding.repair is not None and where.path is None and _block(where) not in broken:
            by_file.setdefault(where.filename, []).append(finding.repair)

    @cache
    def loads_itself(filename: str) -> bool:
        return loads_weights(_program(filename, texts))

    def loads(filename: str, repairs: list[Repair]) -> bool:
        """Whether old weights may be loaded into the layers of a file, if this affects a repair."""
        return any(isinstance(repair, DropBias) for repair in repairs) and (
            loads_itself(filename) or any(map(loads_itself, users(filename)))
        )

    writers: dict[str, _Writer] = {}
    for filename, repairs in by_file.items():
        try:
            source = _source(filename, texts)
        except (SyntaxError, ValueError, RecursionError):
            continue
        writers[filename] = _Writer(source, repairs, loads_weights=loads(filename, repairs))
    fixed = [
        finding._replace(fix=_as_sure(writer.fix(finding.repair), finding))
        if finding.repair is not None
        and _block(finding.location) not in broken
        and (writer := writers.get(finding.location.filename))
        else finding
        for finding in findings
    ]
    for name in writers:
        if is_notebook(name) and (notebook := texts.notebook(name)) is not None:
            fixed = _writable(fixed, notebook)
    return fixed


def _as_sure(fix: Fix | None, finding: Finding) -> Fix | None:
    """The fix of a finding; not safe where the finding rests on a presumption."""
    if fix is None or not finding.presumes or fix.applicability is not Applicability.SAFE:
        return fix
    return fix._replace(applicability=Applicability.UNSAFE)


def _writable(findings: list[Finding], notebook: Notebook) -> list[Finding]:
    """The findings, without the fixes that can't be written into their notebook."""
    levels = frozenset(Applicability)
    mine = [f for f in findings if f.location.filename == notebook.filename and f.fix is not None]
    if not mine or len(applied_to_notebook(notebook, mine, levels)[1]) == len(mine):
        return findings
    refused = {id(f) for f in mine if not applied_to_notebook(notebook, [f], levels)[1]}
    return [f._replace(fix=None) if id(f) in refused else f for f in findings]


def _block(where: Location) -> tuple[str, int | None]:
    """The unit that is parsed by itself: a file, or a cell of a notebook."""
    return (where.filename, where.cell)


def _source(filename: str, texts: Texts) -> Source:
    notebook = texts.notebook(filename) if is_notebook(filename) else None
    if notebook is None:
        return Source(filename, texts.text(filename))
    return Source(filename, notebook.program, notebook.program_lines)


def _program(filename: str, texts: Texts) -> str:
    notebook = texts.notebook(filename) if is_notebook(filename) else None
    return texts.text(filename) if notebook is None else notebook.program


class _Writer:
    """Writes the fixes of one file."""

    def __init__(self, source: Source, repairs: list[Repair], *, loads_weights: bool) -> None:
        self._source = source
        self._flagged = {r.layer for r in repairs if isinstance(r, DropBias) and not r.unless}
        self._loads_weights = loads_weights

    def fix(self, repair: Repair) -> Fix | None:
        source = self._source
        match repair:
            case DropBias():
                return bias.fix(repair, source, self._flagged, loads_weights=self._loads_weights)
            case SwapLayers():
                return order.swap(repair, source)
            case DetachActivation():
                return order.detach(repair, source)
            case AddLayer():
                return wiring.add(repair, source)
            case KeepResult():
                return wiring.keep(repair, source)
            case CallLayer():
                return wiring.call(repair, source)
            case SetAxis():
                return axis.fix(repair, source)
            case RenameArguments():
                return renaming.fix(repair, source)
            case ReplaceModule():
                return modules.fix(repair, source)
