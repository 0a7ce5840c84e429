"""The positions of the boxes in a picture: layered layouts by grandalf, nested models first.

The layered ("Sugiyama") drawing puts data flow from top to bottom. A nested model is laid out by
itself and is then one box in the outer layout, so its frame only contains its own boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from bnlint.reporters.drawing.picture import Picture

Point: TypeAlias = tuple[float, float]
Size: TypeAlias = tuple[float, float]

_BETWEEN_BOXES: Final = 24.0
_BETWEEN_LAYERS: Final = 30.0
_BETWEEN_PARTS: Final = 48.0
_MARGIN: Final = 14.0
_FRAME_TITLE: Final = 22.0
_LARGEST: Final = 20_000
_MOST_BENDS: Final = 4_000


class DrawingError(Exception):
    """A picture cannot be drawn; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around a nested model; ``x`` and ``y`` are its upper left corner."""

    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Layout:
    """The position of everything, in pixels, with ``y`` downwards.

    Attributes:
        size: width and height of the whole layout.
        boxes: the upper left corner of each box, by its index.
        arrows: the bends of each arrow, from the tail's lower edge to the head's upper edge.
        frames: outer frames come before inner ones.
    """

    size: Size = (0.0, 0.0)
    boxes: dict[int, Point] = field(default_factory=dict)
    arrows: dict[tuple[int, int], list[Point]] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)


def laid_out(picture: Picture, sizes: Sequence[Size]) -> Layout:
    """The layout of the boxes of ``picture``.

    Args:
        picture: the picture to lay out.
        sizes: width and height of each box in pixels.

    Raises:
        DrawingError: grandalf is not installed, or the picture is too large.
    """
    if len(picture.boxes) > _LARGEST:
        raise DrawingError(
            f"{picture.title}: {len(picture.boxes)} boxes are too many for svg;"
            " write dot and draw it with a tool of your choice"
        )
    return _group(picture, sizes, list(range(len(picture.boxes))), 0)


def _group(picture: Picture, sizes: Sequence[Size], members: list[int], depth: int) -> Layout:
    """Lay out boxes whose groups have the same first ``depth`` names."""
    _, inner = picture.nested(members, depth)
    layouts = {name: _group(picture, sizes, inside, depth + 1) for name, inside in inner.items()}
    nodes: list[int | str] = []
    node_of: dict[int, int] = {}
    numbers: dict[str, int] = {}
    for index in members:
        group = picture.boxes[index].group
        if len(group) == depth:
            node_of[index] = len(nodes)
            nodes.append(index)
            continue
        name = group[depth]
        if name not in numbers:
            numbers[name] = len(nodes)
            nodes.append(name)
        node_of[index] = numbers[name]
    extents = [
        sizes[node] if isinstance(node, int) else _framed(layouts[node].size, node)
        for node in nodes
    ]
    crossing = [
        (tail, head)
        for tail, head in picture.arrows
        if tail in node_of and head in node_of and node_of[tail] != node_of[head]
    ]
    edges = {(node_of[tail], node_of[head]) for tail, head in crossing}
    places, bends, size = _layered(extents, sorted(edges))
    layout = Layout(size)
    for number, node in enumerate(nodes):
        x, y = places[number]
        if isinstance(node, int):
            layout.boxes[node] = (x, y)
            continue
        layout.frames.append(Frame(node, x, y, *extents[number]))
        _take_in(layout, layouts[node], x + _MARGIN, y + _FRAME_TITLE)
    for tail, head in crossing:
        (x, y), (width, height) = layout.boxes[tail], sizes[tail]
        left, top = layout.boxes[head]
        layout.arrows[tail, head] = [
            (x + width / 2, y + height),
            *bends.get((node_of[tail], node_of[head]), ()),
            (left + sizes[head][0] / 2, top),
        ]
    return layout


def _framed(size: Size, title: str) -> Size:
    width = max(size[0], 7.0 * len(title))
    return width + 2 * _MARGIN, size[1] + _FRAME_TITLE + _MARGIN


def _take_in(layout: Layout, part: Layout, x: float, y: float) -> None:
    """Add a part that was laid out by itself, moved to its position."""
    layout.boxes.update({i: (x + left, y + top) for i, (left, top) in part.boxes.items()})
    layout.arrows.update(
        {ends: [(x + a, y + b) for a, b in points] for ends, points in part.arrows.items()}
    )
    layout.frames += [Frame(f.title, x + f.x, y + f.y, f.width, f.height) for f in part.frames]


_Ends: TypeAlias = tuple[int, int]
_Part: TypeAlias = Any
"""grandalf has no types of its own."""


def _layered(
    sizes: Sequence[Size], edges: Sequence[_Ends]
) -> tuple[list[Point], Mapping[_Ends, list[Point]], Size]:
    """Corners, bends by the ends of an edge, and the total size; parts are side by side."""
    try:
        from grandalf.graphs import Edge, Graph, Vertex
    except ImportError:
        raise DrawingError(
            "svg needs grandalf: pip install 'bnlint[draw]' (dot and mermaid need nothing)"
        ) from None
    vertices = [Vertex(number) for number in range(len(sizes))]
    for vertex, size in zip(vertices, sizes, strict=True):
        vertex.view = _View(*size)
    downwards = _acyclic(len(sizes), edges)
    kept, long = _affordable(len(sizes), downwards)
    links = [Edge(vertices[tail], vertices[head]) for tail, head in kept]
    places: list[Point] = [(0.0, 0.0)] * len(sizes)
    bends: dict[_Ends, list[Point]] = {}
    right = bottom = 0.0
    parts = Graph(vertices, links).C
    for part in sorted(parts, key=lambda part: min(vertex.data for vertex in part.V())):
        width, height = _place(part, right, places, bends)
        right += width + _BETWEEN_PARTS
        bottom = max(bottom, height)
    right = max(right - _BETWEEN_PARTS, 0.0)
    if long:
        right += _BETWEEN_BOXES
        for tail, head in long:
            start = places[tail][1] + sizes[tail][1] + _BETWEEN_LAYERS / 2
            bends[tail, head] = [(right, start), (right, places[head][1] - _BETWEEN_LAYERS / 2)]
    return places, bends, (right, bottom)


def _place(
    part: _Part, left: float, places: list[Point], bends: dict[_Ends, list[Point]]
) -> tuple[float, float]:
    """Place one connected part, starting at ``left``; returns its width and height."""
    from grandalf.layouts import SugiyamaLayout

    layout = SugiyamaLayout(part)
    layout.xspace, layout.yspace = _BETWEEN_BOXES, _BETWEEN_LAYERS
    layout.init_all(inverted_edges=[])
    layout.draw()
    vertices = list(part.V())
    start = left - min(vertex.view.xy[0] - vertex.view.w / 2 for vertex in vertices)
    top = -min(vertex.view.xy[1] - vertex.view.h / 2 for vertex in vertices)
    width = height = 0.0
    for vertex in vertices:
        x, y = vertex.view.xy
        x, y = x + start - vertex.view.w / 2, y + top - vertex.view.h / 2
        places[vertex.data] = (x, y)
        width, height = max(width, x + vertex.view.w - left), max(height, y + vertex.view.h)
    for edge, turns in layout.ctrls.items():
        points = [turns[rank].view.xy for rank in sorted(turns) if rank not in _ends(layout, edge)]
        bends[edge.v[0].data, edge.v[1].data] = [(x + start, y + top) for x, y in points]
        width = max([width, *(x + start - left for x, _ in points)])
    return width, height


def _ends(layout: _Part, edge: _Part) -> set[int]:
    return {layout.grx[vertex].rank for vertex in edge.v}


def _acyclic(count: int, edges: Sequence[_Ends]) -> list[_Ends]:
    """The edges without those that close a cycle: a path that leaves a nested model and enters it
    again is a cycle between frames, though there is none between boxes.
    """
    after: dict[int, list[int]] = defaultdict(list)
    for tail, head in edges:
        after[tail].append(head)
    kept = []
    done: set[int] = set()
    for first in range(count):
        if first in done:
            continue
        open_now = {first}
        pending = [(first, iter(after[first]))]
        while pending:
            node, heads = pending[-1]
            head = next(heads, -1)
            if head < 0:
                pending.pop()
                open_now.discard(node)
                done.add(node)
            elif head not in open_now:
                kept.append((node, head))
                if head not in done:
                    open_now.add(head)
                    pending.append((head, iter(after[head])))
    return sorted(kept)


def _affordable(count: int, edges: Sequence[_Ends]) -> tuple[list[_Ends], list[_Ends]]:
    """The edges that are part of the layout, and those that go around it in one lane.

    An edge has a bend in each layer that it passes, and the time grows faster than the number of
    bends: the skip connections of DenseNets and U-Nets of a thousand layers would take minutes.
    The longest edges are taken out first. Each box keeps the edge from the box directly above.
    """
    ranks = _ranks(count, edges)
    by_length = sorted(edges, key=lambda edge: (ranks[edge[1]] - ranks[edge[0]], edge))
    bends = 0
    for number, (tail, head) in enumerate(by_length):
        bends += ranks[head] - ranks[tail] - 1
        if bends > _MOST_BENDS:
            return sorted(by_length[:number]), sorted(by_length[number:])
    return sorted(edges), []


def _ranks(count: int, edges: Sequence[_Ends]) -> list[int]:
    """How many boxes are above each box, along the longest path."""
    after: dict[int, list[int]] = defaultdict(list)
    above = [0] * count
    for tail, head in edges:
        after[tail].append(head)
        above[head] += 1
    ranks = [0] * count
    ready = [node for node in range(count) if not above[node]]
    while ready:
        node = ready.pop()
        for head in after[node]:
            ranks[head] = max(ranks[head], ranks[node] + 1)
            above[head] -= 1
            if not above[head]:
                ready.append(head)
    return ranks


@dataclass(slots=True)
class _View:
    """The data that grandalf needs for a vertex: its size, and fields for its centre."""

    w: float
    h: float
    xy: Point = (0.0, 0.0)
