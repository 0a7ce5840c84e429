"""From what rules ask for to fixes: edits of the source, and how far they may be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bnlint.findings import Finding, Fix
from bnlint.fixes import bias
from bnlint.fixes.source import Source
from bnlint.fixes.weights import loads_weights
from bnlint.repair import DropBias, Repair
from bnlint.targets import is_notebook
from bnlint.texts import Texts


def with_fixes(
    findings: Iterable[Finding], texts: Texts, users: Callable[[str], Iterable[str]]
) -> list[Finding]:
    """The findings, with a fix where the repair that their rule names can be written.

    Args:
        findings: of a whole run.
        texts: the files they lie in.
        users: the files that import a file.
    """
    findings = list(findings)
    by_file: dict[str, list[Repair]] = {}
    broken = {finding.location.filename for finding in findings if finding.code == "BN001"}
    for finding in findings:
        name = finding.location.filename
        if finding.repair is not None and name not in broken and not is_notebook(name):
            by_file.setdefault(name, []).append(finding.repair)
    writers: dict[str, _Writer] = {}
    for filename, repairs in by_file.items():
        try:
            source = Source(filename, texts.text(filename))
        except (SyntaxError, ValueError, RecursionError):
            continue
        names = (filename, *users(filename))
        loads = any(loads_weights(texts.text(name)) for name in names)
        writers[filename] = _Writer(source, repairs, loads_weights=loads)
    return [
        replace(finding, fix=writer.fix(finding.repair))
        if finding.repair is not None and (writer := writers.get(finding.location.filename))
        else finding
        for finding in findings
    ]


class _Writer:
    """Writes the fixes of one file."""

    def __init__(self, source: Source, repairs: list[Repair], *, loads_weights: bool) -> None:
        self._source = source
        self._flagged = {r.layer for r in repairs if isinstance(r, DropBias) and not r.unless}
        self._loads_weights = loads_weights

    def fix(self, repair: Repair) -> Fix | None:
        return bias.fix(repair, self._source, self._flagged, loads_weights=self._loads_weights)
