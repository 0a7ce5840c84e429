"""Findings for programs: ruff's JSON, field for field, plus what only bnlint knows.

``related`` and ``when`` are more than ruff has; an adapter written for ruff ignores them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping

from bnlint.findings import Finding, Fix, Location, Outcome, Related, Report
from bnlint.reporters.view import View

STDIN = "-"


def render(report: Report, view: View) -> Iterator[str]:
    """One array with one element per finding."""
    links = view.links(report.findings)
    found = [finding_object(finding, links) for finding in report.findings]
    yield json.dumps(found, indent=2) + "\n"


def render_lines(report: Report, view: View) -> Iterator[str]:
    """One object per line and finding."""
    links = view.links(report.findings)
    for finding in report.findings:
        yield json.dumps(finding_object(finding, links), separators=(",", ":")) + "\n"


def render_statistics(report: Report) -> Iterator[str]:
    """Counts: findings by rule, files, models, and how each BatchNormalization was read."""
    counts = Counter((f.code, f.name, f.severity.name.lower()) for f in report.findings)
    statistics = {
        "rules": [
            {"code": code, "name": name, "severity": severity, "count": count}
            for (code, name, severity), count in sorted(counts.items())
        ],
        "files": report.files,
        "files_read": report.files_read,
        "models": report.models,
        "coverage": {
            outcome.name.lower().replace("_", "-"): count
            for outcome, count in report.coverage().items()
        },
        "not_understood": [
            {
                "cell": site.location.cell,
                "filename": _absolute(site.location.filename),
                "location": _start(site.location),
                "end_location": _end(site.location),
                "outcome": site.outcome.name.lower().replace("_", "-"),
                **({} if site.location.path is None else {"layer": site.location.path}),
            }
            for site in report.sites
            if site.outcome is not Outcome.UNDERSTOOD
        ],
        "failures": [
            {"filename": _absolute(failure.filename), "message": failure.message}
            for failure in report.failures
        ],
    }
    yield json.dumps(statistics, indent=2) + "\n"


def finding_object(finding: Finding, links: Mapping[str, str]) -> dict[str, object]:
    """One finding in ruff's form; ``links`` maps codes to the addresses of the pages."""
    where = finding.location
    found: dict[str, object] = {
        "cell": where.cell,
        "code": finding.code,
        "end_location": _end(where),
        "filename": _absolute(where.filename),
        "fix": _fix_object(finding.fix),
        "location": _start(where),
        "message": finding.message,
        "name": finding.name,
        "noqa_row": where.line if where.in_text else None,
        "presumes": list(finding.presumes),
        "related": [_related_object(related) for related in finding.related],
        "severity": finding.severity.name.lower(),
        "url": links.get(finding.code),
        "when": finding.when,
    }
    # Ruff has no such field; an adapter for ruff ignores unknown fields.
    return found if where.path is None else {**found, "layer": where.path}


def _related_object(related: Related) -> dict[str, object]:
    where = related.location
    found: dict[str, object] = {
        "cell": where.cell,
        "end_location": _end(where),
        "filename": _absolute(where.filename),
        "layer": where.path,
        "location": _start(where),
        "message": related.message,
    }
    return {key: value for key, value in found.items() if value is not None}


def _fix_object(fix: Fix | None) -> dict[str, object] | None:
    if fix is None:
        return None
    return {
        "applicability": fix.applicability.value,
        "edits": [
            {
                "content": edit.content,
                "end_location": _end(edit.location),
                "location": _start(edit.location),
            }
            for edit in fix.edits
        ],
        "message": fix.message,
    }


def _start(location: Location) -> dict[str, int]:
    return {"column": location.column, "row": location.line}


def _end(location: Location) -> dict[str, int]:
    return {"column": location.end_column, "row": location.end_line}


def _absolute(filename: str) -> str:
    return filename if filename in (STDIN, "<stdin>") else os.path.abspath(filename)
