"""A report as text, for Python: ``print(report)``, a failing test, a warning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bnlint.findings import Finding, Location, Report
from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable

_MOST_PLACES: Final = 6


def text(report: Report) -> str:
    """The problem at each place, and each fix once; then failures and counts.

    Findings of one model with the same message, up to a colon, are grouped.
    """
    lines = []
    for group in _groups(report.findings):
        first = group[0]
        severity = first.severity.name.lower()
        if len(group) == 1:
            lines.append(f"{place(first.location)}: {severity} {first.code} {message(first)}")
        else:
            said = printable(first.message.partition(": ")[0])
            filename = printable(first.location.filename)
            lines.append(f"{filename}: {severity} {first.code} {said}, in {len(group)} places")
            lines += [f"    {_beside(finding)}" for finding in group[:_MOST_PLACES]]
            if len(group) > _MOST_PLACES:
                lines.append(f"    and {len(group) - _MOST_PLACES} more")
        if first.help:
            lines.append(f"    {printable(first.help)}")
    lines += [
        f"{printable(failure.filename)}: {printable(failure.message)}"
        for failure in report.failures
    ]
    return "\n".join([*lines, counts(report)])


def _groups(findings: Iterable[Finding]) -> list[list[Finding]]:
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        said = finding.message.partition(": ")[0]
        where = finding.location.filename
        groups.setdefault((where, finding.code, finding.severity, said, finding.help), []).append(
            finding
        )
    return list(groups.values())


def _beside(finding: Finding) -> str:
    rest = message(finding._replace(message=finding.message.partition(": ")[2]))
    within = printable(finding.location.within)
    return f"{within}: {rest.strip()}" if rest.strip() else within


def counts(report: Report) -> str:
    """``2 errors, 1 warning in 1 model``; ``no problems`` where there are none."""
    found = Counter(finding.severity.name.lower() for finding in report.findings)
    parts = [plural(found[name], name) for name in ("error", "warning") if found[name]]
    if found["info"]:
        parts.append(f"{found['info']} for information")
    if report.failures:
        parts.append(plural(len(report.failures), "failure"))
    where = ""
    if report.files or report.models:
        read = plural(report.files, "file") if report.files else plural(report.models, "model")
        where = f" in {read}"
    return (", ".join(parts) or "no problems") + where


def place(where: Location) -> str:
    """``net.py:7:9``; for a layer in a model ``m.keras:base/conv1``."""
    return f"{printable(where.filename)}:{printable(where.within)}"


def message(finding: Finding) -> str:
    """The problem, with the condition under which it holds."""
    when = f" [when {finding.when}]" if finding.when else ""
    return printable(finding.message + when)


def heading(finding: Finding) -> str:
    """``warning BN201 redundant-bias``."""
    return f"{finding.severity.name.lower()} {finding.code} {printable(finding.name)}"
