"""The text of a hover: the page of a suppressed rule, or the neighbours of a normalisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bnlint.findings import Location
from bnlint.interfaces.server.lint_process.jobs import Answer, Neighbours, Place
from bnlint.settings.reach import regular_files

_MOST_PLACES = 6


def text_at(
    answer: Answer,
    covers: Callable[[Location], bool],
    line: str,
    column: int,
    link: Callable[[Location], str],
) -> tuple[str, Location] | None:
    """Markdown for one place in a document, and its range.

    Args:
        answer: the newest answer for the document.
        covers: whether a location contains the place.
        line: the text of its line.
        column: its column, from 1.
        link: a location as a Markdown link.
    """
    for directive in answer.directives:
        if covers(directive.location):
            pages = [_page(answer, code) for code in _meant(directive.codes, line, column)]
            if said := "\n\n---\n\n".join(filter(None, pages)):
                return said, directive.location
    inside = [found for found in answer.neighbours if covers(found.location)]
    if not inside:
        return None
    innermost = max(inside, key=lambda found: (found.location.line, found.location.column))
    return _described(innermost, link), innermost.location


def _meant(codes: Sequence[str], line: str, column: int) -> Sequence[str]:
    """The code under the cursor, or all codes of the comment if the cursor is on none."""
    for code in codes:
        start = line.find(code)
        if 0 <= start < column <= start + len(code):
            return (code,)
    return codes


def _page(answer: Answer, code: str) -> str:
    try:
        return regular_files.read(answer.pages[code]).decode("utf-8").strip()
    except (KeyError, OSError, UnicodeDecodeError):
        return ""


def _described(found: Neighbours, link: Callable[[Location], str]) -> str:
    axis = f" over axis {found.axis}" if found.axis is not None else ""
    lines = [f"**BatchNormalization**{axis}", ""]
    if found.outcome:
        lines.append(
            f"bnlint could not follow this one ({found.outcome}), so it says nothing of it."
        )
        lines.append("")
    if found.inputs:
        lines.append(f"- normalizes {_listed(found.inputs, link)}")
    if found.consumers:
        lines.append(f"- feeds {_listed(found.consumers, link)}")
    if found.absorbed:
        lines.append(f"- subtracts again the bias of {_listed(found.absorbed, link)}")
    elif found.inputs and not found.outcome:
        lines.append("- absorbs no bias")
    if not (found.inputs or found.consumers or found.outcome):
        lines.append("- no model applies it")
    return "\n".join(lines).rstrip()


def _listed(places: Sequence[Place], link: Callable[[Location], str]) -> str:
    said = [
        place.text if place.location is None else f"`{place.text}` at {link(place.location)}"
        for place in places[:_MOST_PLACES]
    ]
    rest = len(places) - _MOST_PLACES
    if rest > 0:
        said.append(f"{rest} more")
    return ", ".join(said[:-1]) + " and " + said[-1] if len(said) > 1 else said[0]
