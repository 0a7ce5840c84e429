"""A report as text, for Python: ``print(report)``, a failing test, a warning."""

from __future__ import annotations

from collections import Counter

from bnlint.findings import Finding, Location, Report
from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable


def text(report: Report) -> str:
    """Each finding in a line with what to do in a second one; failures; the counts."""
    lines = []
    for finding in report.findings:
        severity = finding.severity.name.lower()
        lines.append(f"{place(finding.location)}: {severity} {finding.code} {message(finding)}")
        if finding.help:
            lines.append(f"    {printable(finding.help)}")
    lines += [
        f"{printable(failure.filename)}: {printable(failure.message)}"
        for failure in report.failures
    ]
    return "\n".join([*lines, counts(report)])


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
    """``net.py:7:9``; of a layer in a model ``m.keras:base/conv1``."""
    return f"{printable(where.filename)}:{printable(where.within)}"


def message(finding: Finding) -> str:
    """What is wrong, with the condition that it holds under."""
    when = f" [when {finding.when}]" if finding.when else ""
    return printable(finding.message + when)


def heading(finding: Finding) -> str:
    """``warning BN201 redundant-bias``."""
    return f"{finding.severity.name.lower()} {finding.code} {printable(finding.name)}"
