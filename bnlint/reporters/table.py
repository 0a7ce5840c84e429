"""A report as an HTML table, as a notebook shows it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from bnlint.findings import Finding, Report, Severity
from bnlint.reporters.plain import counts, heading, message, place
from bnlint.reporters.terminal import printable

_CELL: Final = "text-align: left; vertical-align: top"
# Readable on a light and on a dark page; the severity is also written in words.
_BORDERS: Final = {Severity.ERROR: "#b91c1c", Severity.WARNING: "#ca8a04", Severity.INFO: "#3b82f6"}


def html(report: Report) -> str:
    """A ``<table>`` with a row for each finding and failure, and the counts as its caption.

    All text is escaped. It has no script, no ids and no style sheet.
    """
    caption = f"<caption>bnlint: {escape(counts(report))}</caption>"
    if not report.findings and not report.failures:
        return f"<table>{caption}</table>"
    head = "".join(
        f'<th style="{_CELL}">{name}</th>' for name in ("Problem", "Where", "What to do")
    )
    rows = "".join(_rows(report))
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(report: Report) -> Iterator[str]:
    for finding in report.findings:
        border = f"{_CELL}; border-left: 4px solid {_BORDERS[finding.severity]}"
        what = f"<strong>{escape(heading(finding))}</strong><br>{escape(message(finding))}"
        where = f"<code>{escape(place(finding.location))}</code>{_related(finding)}"
        yield (
            f'<tr><td style="{border}">{what}</td><td style="{_CELL}">{where}</td>'
            f'<td style="{_CELL}">{escape(printable(finding.help))}</td></tr>'
        )
    for failure in report.failures:
        yield (
            f'<tr><td style="{_CELL}"><strong>failure</strong><br>'
            f'{escape(printable(failure.message))}</td><td style="{_CELL}">'
            f"<code>{escape(printable(failure.filename))}</code></td><td></td></tr>"
        )


def _related(finding: Finding) -> str:
    lines = (f"{place(each.location)}: {printable(each.message)}" for each in finding.related)
    return "".join(f"<br><small>{escape(line)}</small>" for line in lines)
