"""Logging commands of Azure Pipelines.

Reference: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Report, Severity
from bnlint.reporters.places import absolute, cell_note, said
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View


def render(report: Report, view: View) -> Iterator[str]:
    for failure in report.failures:
        message = _data(printable(f"{failure.filename}: {failure.message.splitlines()[0]}"))
        yield f"##vso[task.logissue type=error;]{message}\n"
    for finding in report.findings:
        lines = view.texts.in_file(finding.location)
        path = _property(printable(absolute(lines.filename)))
        kind = "error" if finding.severity is Severity.ERROR else "warning"  # there is no third
        yield (
            f"##vso[task.logissue type={kind};sourcepath={path};"
            f"linenumber={lines.line};columnnumber={lines.column};code={finding.code};]"
            f"{_data(said(finding) + cell_note(finding.location))}\n"
        )


def _data(text: str) -> str:
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
