"""Which models of a run are drawn: of all that was read, one whole picture of each.

A program is read in many ways: from several starts, each in several worlds, a helper within the
models that use it and by itself. A model is drawn once, from its most real reading, which is one
without open ends, and of those the first: flags have their defaults in it. What has open ends (a
block whose input is a parameter) is drawn only where no whole model shows it and something was
found in it, or where there is nothing else. Parts of one program that nothing connects, such as a
layer that is in no model, stand in one picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bnlint.findings import Finding, Location
from bnlint.reporters.drawing.picture import Picture, joined, with_findings


@dataclass(frozen=True, slots=True)
class Candidate:
    """One connected part of one graph.

    Attributes:
        picture: what it looks like.
        start: the root that it was read from, and the number of the graph, the first being the
            most usual.
        open_ends: how many of its inputs are unknown.
        tier: how real the reading was, 0 the most.
    """

    picture: Picture
    start: tuple[str, int]
    open_ends: int = 0
    tier: int = 0


def chosen(candidates: Iterable[Candidate], findings: Sequence[Finding]) -> list[Picture]:
    """The pictures worth drawing, in the order of the source, with the findings on them.

    Args:
        candidates: all that was read; several may show the same model.
        findings: what is to be told; each stands on the layers at its location.
    """
    marked = [
        replace(candidate, picture=with_findings(candidate.picture, findings))
        for candidate in candidates
    ]
    marked.sort(key=lambda c: (c.open_ends > 0, c.tier, c.start[1], -len(c.picture.boxes)))
    shown: set[Location] = set()
    graph_of: dict[str, int] = {}
    pictures: list[Picture] = []
    for candidate in marked:
        picture = candidate.picture
        root, graph = candidate.start
        # Another world of the same start is the same model over again, told apart by a flag.
        repeats = graph_of.get(root, graph) != graph or (candidate.open_ends and pictures)
        if repeats or len(picture.boxes) == 1:
            places = {place for box in picture.boxes if box.marks for place in box.places}
        else:
            places = set(picture.locations())
        if places <= shown:
            continue
        graph_of.setdefault(root, graph)
        shown |= picture.locations()
        pictures.append(picture)
    by_title: dict[str, list[Picture]] = {}
    for picture in sorted(pictures, key=_first):
        by_title.setdefault(picture.title, []).append(picture)
    return [joined(same) for same in by_title.values()]


def _first(picture: Picture) -> tuple[str, int, int, str]:
    return min(
        (
            (place.filename, place.cell or 0, place.line, place.path or "")
            for place in picture.locations()
        ),
        default=("", 0, 0, ""),
    )
