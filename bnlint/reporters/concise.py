"""One line per finding: ``path:row:column: CODE message [when …]``."""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Report
from bnlint.reporters.summary import summary
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import COLOURS, View


def render(report: Report, view: View) -> Iterator[str]:
    paint = view.paint
    colon = paint(":", "cyan")
    for finding in report.findings:
        where = finding.location
        name = paint(printable(where.filename), "bold")
        code = paint(finding.code, COLOURS[finding.severity])
        when = f" [when {printable(finding.when)}]" if finding.when else ""
        place = printable(where.within)
        place = place.replace(":", colon) if where.in_text else f" {place}"
        yield f"{name}{colon}{place}{colon} {code} {printable(finding.message)}{when}\n"
    if view.summary:
        yield summary(report, view)
