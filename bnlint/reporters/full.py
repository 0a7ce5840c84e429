"""Findings for a person: each message once, with its source lines.

The findings of one file with the same message form one group: the problem, each place with its line
and its related places, and the fix. So a ResNet with 53 redundant biases reads as one problem in
53 places. Messages that differ only after a colon count as the same; the different part is shown
at its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bnlint.findings import Finding, Location, Related, Report, Severity
from bnlint.reporters.summary import plural, summary
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import COLOURS, View

_Key = tuple[str, str, Severity, str, str, bool]
_TAB = 4
_NOTE_BESIDE = 80
_MOST_LINES_NAMED = 4


def render(report: Report, view: View) -> Iterator[str]:
    for group in _groups(report.findings, view):
        yield from _shown(group, view)
        yield "\n"
    if view.summary:
        yield summary(report, view)


def _groups(findings: tuple[Finding, ...], view: View) -> list[list[Finding]]:
    groups: dict[_Key, list[Finding]] = {}
    for finding in findings:
        key = (
            finding.location.filename,
            finding.code,
            finding.severity,
            finding.message.partition(": ")[0],
            finding.help,
            view.is_fixable(finding),
        )
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _shown(group: list[Finding], view: View) -> Iterator[str]:
    first, paint = group[0], view.paint
    where = first.location
    severity = first.severity
    head = paint(f"{severity.name.lower()} {first.code}", COLOURS[severity])
    is_alike = len({finding.message for finding in group}) == 1
    message = first.message if is_alike else first.message.partition(": ")[0]
    mark = f" [{paint('*', 'cyan')}]" if view.is_fixable(first) else ""
    yield f"{head} ({first.name}){mark}: {paint(printable(message), 'bold')}\n"
    bar = paint("|", "cyan")
    gutter = 1
    if where.in_text:
        gutter = len(str(max(finding.location.line for finding in group)))
    more = f" and {plural(len(group) - 1, 'more place')}" if len(group) > 1 else ""
    yield f"{' ' * gutter}{paint('-->', 'cyan')} {_place(where)}{more}\n"
    yield f"{' ' * gutter} {bar}\n"
    cell = where.cell
    for finding in group:
        if finding.location.cell != cell:
            cell = finding.location.cell
            yield f"{' ' * gutter} {bar}\n"
            yield f"{' ' * gutter}{paint(':::', 'cyan')} {_place(finding.location)}\n"
        yield from _frame(finding, gutter, bar, view, is_alike=is_alike)
    yield f"{' ' * gutter} {bar}\n"
    if first.help:
        yield f"{' ' * gutter} {paint('= help:', 'cyan')} {printable(first.help)}\n"


def _place(where: Location) -> str:
    between = "" if where.in_text else " "
    return f"{printable(where.filename)}:{between}{printable(where.within)}"


def _frame(finding: Finding, gutter: int, bar: str, view: View, *, is_alike: bool) -> Iterator[str]:
    """The line of a finding, its range underlined, and its related places."""
    where = finding.location
    if not where.in_text:
        note = _note(finding, is_alike=is_alike)
        path = view.paint(printable(where.path or ""), COLOURS[finding.severity])
        yield f"{' ' * gutter} {bar} {path}{': ' if note else ''}{note}\n"
        return
    number = view.paint(f"{where.line:>{gutter}}", "cyan")
    note = _note(finding, is_alike=is_alike)
    line = view.texts.line(where)
    if line is None:
        yield f"{number} {bar} {note}".rstrip() + "\n"
        return
    text, start, length = _cropped(line, where, view.width - gutter - 3)
    marks = view.paint("^" * length, COLOURS[finding.severity])
    yield f"{number} {bar} {text}".rstrip() + "\n"
    margin = f"{' ' * gutter} {bar} {' ' * start}"
    if gutter + 4 + start + length + _width(note) > max(view.width, _NOTE_BESIDE):
        yield f"{margin}{marks}\n"
        yield f"{margin}{note}\n"
    else:
        yield f"{margin}{marks} {note}".rstrip() + "\n"


def _note(finding: Finding, *, is_alike: bool) -> str:
    """``absorbed by BatchNormalization at line 42, when `use_bn` is true``.

    Args:
        finding: the finding to describe.
        is_alike: its message is already shown above the frame.
    """
    detail = "" if is_alike else finding.message.partition(": ")[2]
    said = [printable(detail)] if detail else []
    notes: dict[str, list[Related]] = {}
    for related in finding.related:
        # Rules that name the line themselves do so for one-line formats.
        place = re.escape(related.location.seen_from(finding.location))
        if not re.search(rf"(?<!\w){place}(?!\w)", finding.message):
            notes.setdefault(related.message, []).append(related)
    for message, places in notes.items():
        said.append(f"{printable(message)} {_places(places, finding.location)}")
    if finding.when:
        said.append(f"when {printable(finding.when)}")
    return ", ".join(said)


def _places(places: list[Related], here: Location) -> str:
    by_block: dict[tuple[str, int | None], list[Location]] = {}
    for place in places:
        block = (place.location.filename, place.location.cell)
        by_block.setdefault(block, []).append(place.location)
    said = []
    for (filename, cell), locations in by_block.items():
        in_text = locations[0].in_text
        named_places = (
            str(place.line) if in_text else printable(place.path or "")
            for place in sorted(locations)
        )
        lines = list(dict.fromkeys(named_places))
        rest = len(lines) - _MOST_LINES_NAMED
        if rest > 1:
            lines[_MOST_LINES_NAMED:] = [f"{rest} more"]
        word = ("line " if len(lines) == 1 else "lines ") if in_text else ""
        named = " and ".join(filter(None, [", ".join(lines[:-1]), lines[-1]]))
        of = f" of cell {cell}" if cell not in (None, here.cell) else ""
        if filename != here.filename:
            of += f" of {printable(filename)}"
        said.append(f"at {word}{named}{of}")
    return " and ".join(said)


def _cropped(line: str, where: Location, width: int) -> tuple[str, int, int]:
    """The line as printed, and the column and length of the underline in it."""
    start = min(max(where.column - 1, 0), len(line))
    end = where.end_column - 1 if where.end_line == where.line else len(line)
    end = min(max(end, start + 1), max(len(line), start + 1))
    indent = len(line) - len(line.lstrip())
    # Deep indentation gives the user no information.
    left = max(min(indent, start) - _TAB, 0)
    before, marked, after = line[left:start], line[start:end], line[end:]
    if _width(_plain(before)) > width // 2:
        before = "..." + before[-(width // 3) :]
    room = max(width - _width(_plain(before)), 20)
    if _width(_plain(marked)) > room:
        marked, after = marked[: room - 3] + "...", ""
    shown_before, shown_marked = _plain(before), _plain(marked)
    room -= _width(shown_marked)
    shown_after = _plain(after)
    if _width(shown_after) > room:
        shown_after = shown_after[: max(room - 3, 0)] + "..."
    length = max(_width(shown_marked.rstrip()), 1)
    return shown_before + shown_marked + shown_after, _width(shown_before), length


def _plain(text: str) -> str:
    return printable(text.replace("\t", " " * _TAB).replace("\f", " "))


def _width(text: str) -> int:
    """How many columns ``text`` needs on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
