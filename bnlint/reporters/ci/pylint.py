"""Pylint's line format, which many editors and build servers read.

Reference: https://flake8.pycqa.org/en/latest/internal/formatters.html#pylint-formatter
"""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Report
from bnlint.reporters.places import cell_note, relative, said
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View


def render(report: Report, view: View) -> Iterator[str]:
    for finding in report.findings:
        lines = view.texts.in_file(finding.location)
        path = printable(relative(lines.filename))
        note = cell_note(finding.location)
        yield f"{path}:{lines.line}: [{finding.code}] {said(finding)}{note}\n"
