"""Counts: findings by rule, and how the reading of each BatchNormalization ended.

A tool that says "no problems" must also say what it could not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bnlint.findings import Outcome, Report
from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import COLOURS, View


def render(report: Report, view: View) -> Iterator[str]:
    counts = Counter((f.code, f.name, f.severity) for f in report.findings)
    digits = len(str(max([*counts.values(), len(report.sites)], default=0)))
    for (code, name, severity), count in sorted(
        counts.items(), key=lambda item: (-item[1], item[0])
    ):
        yield f"{count:>{digits}}  {view.paint(code, COLOURS[severity])}  {name}\n"
    if counts:
        yield "\n"
    coverage = report.coverage()
    yield (
        f"{plural(report.files, 'file')}, {report.files_read} read; "
        f"{plural(report.models, 'model')}; "
        f"{plural(len(report.sites), 'BatchNormalization layer')}\n"
    )
    if not report.sites:
        return
    for outcome, count in coverage.items():
        if not count:
            continue
        share = 100 * count / len(report.sites)
        yield f"{count:>{digits}}  {outcome.value} ({share:.1f} %)\n"
    left = [site for site in report.sites if site.outcome is not Outcome.UNDERSTOOD]
    if left:
        yield "\nNot understood, so nothing is said of them:\n"
    for site in left:
        where = site.location
        between = "" if where.in_text else " "
        place = f"{printable(where.filename)}:{between}{printable(where.within)}"
        yield f"{place}: {site.outcome.value}\n"
    yield from _silent(report)


def _silent(report: Report) -> Iterator[str]:
    """The rules that would have reported findings in files whose Keras version is unknown."""
    if not report.supposed:
        return
    files = plural(len({finding.location.filename for finding in report.supposed}), "file")
    yield f"\nNothing tells the Keras of {files}, so these were silent; for --target-keras 3:\n"
    counts = Counter((finding.code, finding.name) for finding in report.supposed)
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count}  {code}  {name}\n"
