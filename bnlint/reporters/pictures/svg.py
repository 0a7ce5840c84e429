"""Layer graphs as one SVG picture, readable without colour and without a script.

Every box has its findings' messages as its ``<title>``, which viewers show as a tooltip.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bnlint.findings import Finding, Severity
from bnlint.graph import LayerGraph
from bnlint.reporters.drawing.labels import shortened
from bnlint.reporters.drawing.layout import Frame, Layout, Point, Size, laid_out
from bnlint.reporters.drawing.picture import Box, Picture, picture_of, with_findings

_FONT: Final = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_LINE: Final = 15.0
_PADDING: Final = 8.0
_CHARACTER: Final = 6.3
_MOST_CHARACTERS: Final = 46
_EDGE: Final = 20.0
_TITLE: Final = 34.0
# Fill, border and its width; width and label show the same without colour.
_PLAIN: Final = ("#ffffff", "#64748b", 1.0)
_SMALL: Final = ("#f1f5f9", "#94a3b8", 1.0)
_STYLES: Final = {
    Severity.ERROR: ("#fbd5d5", "#b91c1c", 3.5),
    Severity.WARNING: ("#fdf0c4", "#a16207", 2.5),
    Severity.INFO: ("#dbeafe", "#1d4ed8", 2.0),
}


def svg(graph: LayerGraph, findings: Iterable[Finding] = (), *, title: str = "") -> str:
    """The picture of one layer graph, for a file or for an HTML page.

    Args:
        graph: a graph from either reader.
        findings: each is shown on the layer that has its location, or has a call there.
        title: the text above the picture.

    Returns:
        An ``<svg>`` element in pixels, without an XML declaration. It has no ids and no style
        sheet, so that several can stand in one page. The same graph gives the same text.

    Raises:
        DrawingError: grandalf is not installed (``pip install 'bnlint[draw]'``).
    """
    return "".join(render([with_findings(picture_of(graph, title), findings)]))


def render(pictures: Sequence[Picture]) -> Iterator[str]:
    """One ``<svg>`` with the pictures side by side."""
    drawn = [(picture, *_laid_out(picture)) for picture in pictures]
    width = height = 0.0
    starts = []
    for picture, layout, _ in drawn:
        starts.append(width)
        width += max(layout.size[0], _width(picture.title) * 1.2) + 2 * _EDGE
        height = max(height, layout.size[1] + _TITLE + 2 * _EDGE)
    size = f'width="{_number(width)}" height="{_number(height)}"'
    box = f"0 0 {_number(width)} {_number(height)}"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" role="img"'
    yield f' font-family="{_FONT}" font-size="11" fill="#0f172a">\n'
    yield f"<title>{escape(', '.join(picture.title for picture in pictures))}</title>\n"
    yield f'<rect {size} fill="#ffffff"/>\n'
    for start, (picture, layout, sizes) in zip(starts, drawn, strict=True):
        yield f'<g transform="translate({_number(start + _EDGE)} {_number(_EDGE)})">\n'
        yield '<text x="0" y="14" font-size="14" font-weight="bold">'
        yield f"{escape(picture.title)}</text>\n"
        yield f'<g transform="translate(0 {_number(_TITLE)})">\n'
        for frame in layout.frames:
            yield _frame(frame)
        for ends in picture.arrows:
            yield _arrow(layout.arrows[ends])
        for index, each in enumerate(picture.boxes):
            yield from _box(each, layout.boxes[index], sizes[index])
        yield "</g>\n</g>\n"
    yield "</svg>\n"


def _laid_out(picture: Picture) -> tuple[Layout, list[Size]]:
    sizes = [_size(box) for box in picture.boxes]
    return laid_out(picture, sizes), sizes


def _size(box: Box) -> Size:
    lines = _lines(box)
    widest = max(_width(line) for line in lines)
    slack = 4.0 if box.is_small and not box.marks else _PADDING
    return widest + 2 * _PADDING, _LINE * len(lines) + 2 * slack


def _lines(box: Box) -> list[str]:
    lines = box.lines()
    if box.is_small and not box.marks:
        lines = ["  ".join(lines)]
    return [shortened(line, _MOST_CHARACTERS) for line in lines]


def _width(text: str) -> float:
    """The width in pixels, roughly and rather too large: the viewer chooses the font."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return _CHARACTER * (len(text) + 0.8 * wide)


def _box(box: Box, corner: Point, size: Size) -> Iterator[str]:
    x, y = corner
    severity = box.severity
    fill, line, stroke = (
        (_SMALL if box.is_small else _PLAIN) if severity is None else _STYLES[severity]
    )
    yield "<g>"
    hint = "\n".join(_hint(box))
    if hint:
        yield f"<title>{escape(hint)}</title>"
    yield f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(size[0])}"'
    yield f' height="{_number(size[1])}" rx="{9 if box.is_small else 4}" fill="{fill}"'
    yield f' stroke="{line}" stroke-width="{_number(stroke)}"/>'
    lines = _lines(box)
    middle = _number(x + size[0] / 2)
    first = y + (size[1] - _LINE * len(lines)) / 2 + 11
    marked = len(lines) - len(box.marks)
    for number, text in enumerate(lines):
        is_bold = number >= marked or (number == 0 and not box.is_small)
        weight = ' font-weight="bold"' if is_bold else ""
        colour = f' fill="{line}"' if number >= marked else ""
        height = _number(first + number * _LINE)
        yield f'<text x="{middle}" y="{height}" text-anchor="middle"{weight}{colour}>'
        yield f"{escape(text)}</text>"
    yield "</g>\n"


def _hint(box: Box) -> Iterator[str]:
    for mark in box.marks:
        yield f"{mark.label}: {mark.message}"
    yield from box.lines()[: len(box.lines()) - len(box.marks)]
    if box.place:
        yield box.place


def _frame(frame: Frame) -> str:
    return (
        f'<rect x="{_number(frame.x)}" y="{_number(frame.y)}" width="{_number(frame.width)}"'
        f' height="{_number(frame.height)}" rx="6" fill="none" stroke="#94a3b8"'
        f' stroke-dasharray="5 3"/><text x="{_number(frame.x + 8)}" y="{_number(frame.y + 15)}"'
        f' font-weight="bold" fill="#475569">{escape(frame.title)}</text>\n'
    )


def _arrow(points: Sequence[Point]) -> str:
    """A line through ``points``, rounded at its bends, with a head that points down."""
    x, y = points[-1]
    tip = " ".join(_pair(corner) for corner in ((x, y), (x - 3.5, y - 7), (x + 3.5, y - 7)))
    through = [*points[:-1], (x, y - 6)]
    start = f"M{_pair(through[0])}"
    if len(through) == 2:
        (x1, y1), (x2, y2) = through
        bend = (y2 - y1) / 2
        path = f"{start} C{_pair((x1, y1 + bend))} {_pair((x2, y2 - bend))} {_pair((x2, y2))}"
    else:
        path = start + "".join(_rounded(through))
    return (
        f'<path d="{path}" fill="none" stroke="#64748b"/><polygon points="{tip}" fill="#64748b"/>\n'
    )


def _rounded(points: Sequence[Point]) -> Iterator[str]:
    for before, bend, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(bend, before), _towards(bend, after)
        yield f" L{_pair(near)} Q{_pair(bend)} {_pair(far)}"
    yield f" L{_pair(points[-1])}"


def _towards(start: Point, end: Point) -> Point:
    """A point 12 pixels from ``start`` towards ``end``, but at most half of the way."""
    width, height = end[0] - start[0], end[1] - start[1]
    length = max((width * width + height * height) ** 0.5, 1e-9)
    share = min(12.0 / length, 0.5)
    return start[0] + share * width, start[1] + share * height


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
