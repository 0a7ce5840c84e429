"""Chooses the models of a run to draw: one complete picture of each.

A program is read in many ways: from several starts, each in several worlds, a helper inside the
models that use it and by itself. A model is drawn once, from its most real reading. That is the
first one without open ends: there, flags have their defaults. A part with open ends (a block whose
input is a parameter) is drawn only if no whole model shows it and it has a finding, or if there is
nothing else. Unconnected parts of one program, such as a layer that is in no model, share one
picture.
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
        picture: its picture.
        start: the root that it was read from, and the number of the graph; the first graph is
            the most usual.
        open_ends: how many of its inputs are unknown.
        tier: how real the reading was; 0 is the most real.
    """

    picture: Picture
    start: tuple[str, int]
    open_ends: int = 0
    tier: int = 0


def chosen(candidates: Iterable[Candidate], findings: Sequence[Finding]) -> list[Picture]:
    """The pictures to draw, in the order of the source, with the findings on them.

    Args:
        candidates: all parts that were read; several may show the same model.
        findings: the findings to show; each is on the layers at its location.
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
        # Another world of the same start shows the same model again, with another flag value.
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
