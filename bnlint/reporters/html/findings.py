"""One finding as a part of the page: the problem, its source lines, and the fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bnlint.findings import Applicability, Finding, Location
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View

_AROUND = 2
_MOST_LINES = 12
_MOST_CHARACTERS = 300
_FIXES = {
    Applicability.SAFE: "bnlint --fix does this",
    Applicability.UNSAFE: "bnlint --fix --unsafe-fixes does this",
}


def by_file(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each file, in the order of the report."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.location.filename, []).append(finding)
    return list(found.items())


def anchors(findings: Sequence[Finding]) -> Mapping[Finding, str]:
    """The name of each finding in links."""
    return {finding: f"finding-{number}" for number, finding in enumerate(findings, 1)}


def heading_of(where: Location) -> str:
    """``net.py:4:5``, ``nb.ipynb:cell 2:4:5`` or ``model.keras: block/conv``."""
    if where.path is not None:
        return f"{where.filename}: {where.path}"
    cell = f"cell {where.cell}:" if where.cell is not None else ""
    return f"{where.filename}:{cell}{where.line}:{where.column}"


def finding_article(finding: Finding, anchor: str, view: View) -> Iterator[str]:
    """The finding, with ``anchor`` as its link target."""
    word = finding.severity.name.lower()
    message = ticked(finding.message)
    yield f'<article class="finding {word}" id={anchor} aria-labelledby={anchor}-says>\n'
    yield f'<h4 id={anchor}-says><span class="severity {word}">{word}</span>'
    yield f' <a href="#{escape(finding.code)}">{escape(finding.code)}</a> {message}</h4>\n'
    yield f"<p class=soft><code>{escape(printable(heading_of(finding.location)))}</code>"
    if finding.when:
        yield f", when {ticked(finding.when)}"
    yield "</p>\n"
    yield from _frame(finding.location, view)
    if finding.help:
        yield f"<p><strong>Instead:</strong> {ticked(finding.help)}"
        if finding.fix is not None and finding.fix.applicability in _FIXES:
            yield f" <span class=soft>({escape(_FIXES[finding.fix.applicability])})</span>"
        yield "</p>\n"
    for related in finding.related:
        place = escape(printable(heading_of(related.location)))
        yield f"<details><summary>{ticked(related.message)}: <code>{place}</code>"
        yield "</summary>\n"
        yield from _frame(related.location, view)
        yield "</details>\n"
    yield "</article>\n"


def ticked(text: str) -> str:
    """Escaped text, with the parts between backquotes as code."""
    parts = escape(printable(text)).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(
        f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts)
    )


def _frame(where: Location, view: View) -> Iterator[str]:
    """The lines around a place, with the place marked."""
    if where.path is not None:
        return
    last = min(where.end_line, where.line + _MOST_LINES)
    numbers = range(max(where.line - _AROUND, 1), last + _AROUND + 1)
    lines = [(n, view.texts.line(where._replace(line=n, end_line=n))) for n in numbers]
    shown = [(number, line) for number, line in lines if line is not None]
    if not shown:
        return
    gutter = len(str(shown[-1][0]))
    # Focusable, because it scrolls if lines are long.
    yield '<pre tabindex=0 aria-label="The lines it is about"><code>'
    for number, line in shown:
        yield f"<span class=number-of-line>{number:>{gutter}} </span>"
        yield f"{_marked(line, number, where)}\n"
    yield "</code></pre>\n"


def _marked(line: str, number: int, where: Location) -> str:
    if not where.line <= number <= where.end_line:
        return _shown(line)
    start = where.column - 1 if number == where.line else len(line) - len(line.lstrip())
    end = where.end_column - 1 if number == where.end_line else len(line)
    before, inside, behind = line[:start], line[start:end], line[end:]
    if not inside:
        return _shown(line)
    return f"{_shown(before)}<mark>{_shown(inside)}</mark>{_shown(behind)}"


def _shown(text: str) -> str:
    cut = text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
    return escape(printable(cut.replace("\t", "    ")))
