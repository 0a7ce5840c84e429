"""Reviewdog's diagnostic format.

Reference: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Its columns count the bytes
of a line in UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bnlint.findings import Applicability, Finding, Location, Report
from bnlint.project.files.source_lines import Texts
from bnlint.reporters.places import absolute, cell_note, said
from bnlint.reporters.view import View


def render(report: Report, view: View) -> Iterator[str]:
    links = view.links(report.findings)
    result = {
        "diagnostics": [_diagnostic(finding, view.texts, links) for finding in report.findings],
        "severity": "WARNING",
        "source": {"name": "bnlint"},
    }
    yield json.dumps(result, indent=2) + "\n"


def _diagnostic(finding: Finding, texts: Texts, links: Mapping[str, str]) -> dict[str, object]:
    message = said(finding) + cell_note(finding.location)
    code = {"value": finding.code}
    if finding.code in links:
        code["url"] = links[finding.code]
    diagnostic: dict[str, object] = {
        "code": code,
        "location": _location(finding.location, texts),
        "message": f"{message}\n{finding.help}" if finding.help else message,
        "severity": finding.severity.name,
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {
                "location": _location(related.location, texts),
                "message": related.message + cell_note(related.location),
            }
            for related in finding.related
        ]
    if finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY:
        # The format can't describe fixes of other files, or of several JSON strings.
        here = [e for e in finding.fix.edits if e.location.filename == finding.location.filename]
        edits = [edit for edit in map(texts.edit_in_file, here) if edit is not None]
        if len(edits) == len(finding.fix.edits):
            diagnostic["suggestions"] = [
                {"range": _range(edit.location, texts), "text": edit.content} for edit in edits
            ]
    return diagnostic


def _location(where: Location, texts: Texts) -> dict[str, object]:
    in_file = texts.in_file(where)
    return {"path": absolute(in_file.filename), "range": _range(in_file, texts)}


def _range(where: Location, texts: Texts) -> dict[str, object]:
    lines = texts.lines(where.filename)
    return {
        "start": {"line": where.line, "column": _bytes(lines, where.line, where.column)},
        "end": {"line": where.end_line, "column": _bytes(lines, where.end_line, where.end_column)},
    }


def _bytes(lines: list[str], number: int, column: int) -> int:
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return column + len(line[: column - 1].encode("utf-8", "replace")) - len(line[: column - 1])
