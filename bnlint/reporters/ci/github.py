"""Workflow commands of GitHub Actions: a finding is an annotation of its line.

Reference: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions;
the escape rules are in the runner's toolkit (``packages/core/src/command.ts``).
"""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Report, Severity
from bnlint.reporters.places import absolute, relative, said
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, view: View) -> Iterator[str]:
    for failure in report.failures:
        file = _property(printable(absolute(failure.filename)))
        message = _data(printable(f"{failure.filename}: {failure.message.splitlines()[0]}"))
        yield f"::error title=bnlint,file={file}::{message}\n"
    for finding in report.findings:
        where = finding.location
        lines = view.texts.in_file(where)
        columns = ""
        if lines.line == lines.end_line:  # GitHub refuses columns for a range of several lines
            columns = f",col={lines.column}"
        place = f"line={lines.line}{columns},endLine={lines.end_line}"
        if columns:
            place += f",endColumn={lines.end_column}"
        cell = f"cell {where.cell}:" if where.cell is not None else ""
        text = f"{printable(relative(where.filename))}:{cell}{where.line}:{where.column}:"
        text += f" {finding.code} {said(finding)}"
        if finding.help:
            text += f"\n  help: {printable(finding.help)}"
        title = _property(f"bnlint ({finding.code})")
        file = _property(printable(absolute(where.filename)))
        yield f"::{_COMMANDS[finding.severity]} title={title},file={file},{place}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
