"""The models of a run, drawn, with the findings on their layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bnlint.findings import Finding
from bnlint.reporters.drawing.layout import DrawingError
from bnlint.reporters.drawing.picture import Picture
from bnlint.reporters.html.findings import heading_of, ticked
from bnlint.reporters.pictures import svg
from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable

_MOST_BYTES = 3_000_000


def drawings(pictures: Sequence[Picture], anchors: Mapping[Finding, str]) -> Iterator[str]:
    """A figure for each model, those with findings first, up to a limit on the page's size."""
    yield "<section aria-labelledby=models>\n<h2 id=models>Models</h2>\n"
    yield "<p class=soft>A drawing that has the focus scrolls with the arrow keys and zooms with"
    yield " <kbd>+</kbd>, <kbd>-</kbd>, <kbd>1</kbd> (original size), <kbd>w</kbd> (width) and"
    yield " <kbd>0</kbd> (all of it). What stands on it is said again as text below.</p>\n"
    left = _MOST_BYTES
    ordered = sorted(pictures, key=lambda p: not any(box.marks for box in p.boxes))
    for number, picture in enumerate(ordered, 1):
        drawn = _drawn(picture, left)
        left -= len(drawn)
        yield from _figure(picture, number, drawn, anchors)
    yield "</section>\n"


def _drawn(picture: Picture, left: int) -> str:
    if left <= 0:
        return "<p>Not drawn, to keep this page handy: lint the file alone to see it.</p>\n"
    try:
        text = "".join(svg.render([picture]))
    except DrawingError as error:
        return f"<p>Not drawn: {escape(printable(str(error)))}</p>\n"
    if len(text) > left:
        return "<p>Not drawn, to keep this page handy: lint the file alone to see it.</p>\n"
    title = escape(printable(picture.title))
    return (
        "<div class=tools hidden></div>\n"
        f'<div class=drawing tabindex=0 role=region aria-label="Drawing of {title}">\n'
        f"{text}</div>\n"
    )


def _figure(
    picture: Picture, number: int, drawn: str, anchors: Mapping[Finding, str]
) -> Iterator[str]:
    places = set(picture.locations())
    here = [finding for finding in anchors if finding.location in places]
    layers = sum(not box.is_small for box in picture.boxes)
    yield f"<h3 id=model-{number}>{escape(printable(picture.title))}</h3>\n"
    yield f"<figure aria-labelledby=model-{number}>\n{drawn}<figcaption>"
    yield f"{plural(layers, 'layer')}, {plural(len(here), 'finding')} on this drawing.\n"
    if here:
        yield "<ul>\n"
        for finding in here:
            word = finding.severity.name.lower()
            text = ticked(finding.message)
            place = escape(printable(heading_of(finding.location)))
            yield f'<li><span class="severity {word}">{word}</span> <a href="#{anchors[finding]}">'
            yield f"{escape(finding.code)}</a> {text} <code>{place}</code></li>\n"
        yield "</ul>\n"
    yield "</figcaption>\n</figure>\n"
