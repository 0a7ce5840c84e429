"""A layer graph as boxes and arrows, and the findings on the boxes.

A picture is plain data: it does not refer to the graph that it was made from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bnlint.findings import Finding, Location, Severity
from bnlint.graph import Call, Layer, LayerGraph, Tensor
from bnlint.queries import is_live
from bnlint.reporters.drawing.labels import details, kind_of, shape_text
from bnlint.reporters.terminal import printable


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding on a box.

    Attributes:
        code: the rule's code.
        severity: the severity of the finding.
        message: the problem, and the condition under which it holds.
    """

    code: str
    severity: Severity
    message: str

    @property
    def label(self) -> str:
        """``BN201 warning``: the severity in words, for users who see no colours."""
        return f"{self.code} {self.severity.name.lower()}"


@dataclass(frozen=True, slots=True)
class Box:
    """One application of a layer, the start of a graph, or one of its outputs.

    Attributes:
        kind: the layer's class, or ``"Input"``, ``"Output"``, ``"Parameter"``, ``"Unknown"``.
        name: the layer's name; empty if it has none.
        details: its arguments that matter, each in a few words.
        shape: the shape of its output; empty if unknown.
        is_small: an op, an input or an output rather than a layer.
        group: the nested models that contain it, outermost first.
        places: where the layer is constructed and applied.
        marks: the findings there.
    """

    kind: str
    name: str = ""
    details: tuple[str, ...] = ()
    shape: str = ""
    is_small: bool = False
    group: tuple[str, ...] = ()
    places: tuple[Location, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The severity of the worst finding on it."""
        return max((mark.severity for mark in self.marks), default=None)

    def lines(self, *, messages: bool = False) -> list[str]:
        """The lines of text in the box.

        Args:
            messages: also show the messages of the findings, not only their codes.
        """
        head = f"{self.kind} {self.name}".rstrip()
        marks = [f"{mark.label}: {mark.message}" if messages else mark.label for mark in self.marks]
        return [line for line in (head, ", ".join(self.details), self.shape, *marks) if line]

    @property
    def place(self) -> str:
        """Where the layer is written, ``net.py:12``, or its path in a model."""
        if not self.places or not self.places[0].filename:
            return ""
        where = self.places[0]
        if not where.in_text:
            return printable(where.within)
        cell = f"cell {where.cell}:" if where.cell is not None else ""
        return f"{printable(where.filename)}:{cell}{where.line}"


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing of one model.

    Attributes:
        title: the text above it.
        boxes: in the order in which the layers are applied.
        arrows: pairs of indices into ``boxes``, each once, sorted.
    """

    title: str
    boxes: tuple[Box, ...] = ()
    arrows: tuple[tuple[int, int], ...] = ()

    def locations(self) -> frozenset[Location]:
        """Where its layers are constructed and applied."""
        return frozenset(place for box in self.boxes for place in box.places)

    def nested(self, members: Iterable[int], depth: int) -> tuple[list[int], dict[str, list[int]]]:
        """Split the boxes ``members``: those directly at ``depth``, and for each nested model
        there, by its name, the boxes in it.
        """
        here: list[int] = []
        inner: dict[str, list[int]] = defaultdict(list)
        for index in members:
            group = self.boxes[index].group
            (inner[group[depth]] if len(group) > depth else here).append(index)
        return here, inner


def picture_of(graph: LayerGraph, title: str = "") -> Picture:
    """All layer calls of a graph, and its layers that are never applied.

    Args:
        graph: a graph from either reader.
        title: the text above the picture.
    """
    return _Taking().picture(graph, printable(title))


def with_findings(picture: Picture, findings: Iterable[Finding]) -> Picture:
    """The same picture with each finding on the boxes of the layer that it points at."""
    at: dict[Location, list[Mark]] = defaultdict(list)
    for finding in sorted(findings, key=lambda finding: finding.code):
        when = f" when {finding.when}" if finding.when else ""
        mark = Mark(finding.code, finding.severity, printable(finding.message + when))
        at[_spot(finding.location)].append(mark)
    boxes = tuple(replace(box, marks=_marks(box, at)) for box in picture.boxes)
    return replace(picture, boxes=boxes)


def _spot(place: Location) -> Location:
    """A location for comparisons: all layers on one source line have the same."""
    return place._replace(path=None) if place.in_text else place


def connected(picture: Picture) -> list[Picture]:
    """The connected parts of a picture, in their order."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for tail, head in picture.arrows:
        neighbours[tail].append(head)
        neighbours[head].append(tail)
    seen: set[int] = set()
    parts = []
    for start in range(len(picture.boxes)):
        if start in seen:
            continue
        seen.add(start)
        pending = [start]
        members = []
        while pending:
            index = pending.pop()
            members.append(index)
            fresh = [other for other in neighbours[index] if other not in seen]
            seen.update(fresh)
            pending.extend(fresh)
        parts.append(selection(picture, sorted(members)))
    return parts


def selection(picture: Picture, members: Sequence[int]) -> Picture:
    """The picture of some of the boxes, given by their indices in ascending order."""
    renumbered = {index: number for number, index in enumerate(members)}
    arrows = tuple(
        (renumbered[tail], renumbered[head])
        for tail, head in picture.arrows
        if tail in renumbered and head in renumbered
    )
    return Picture(picture.title, tuple(picture.boxes[index] for index in members), arrows)


def joined(pictures: Sequence[Picture]) -> Picture:
    """Several pictures with one title as one."""
    boxes: list[Box] = []
    arrows: list[tuple[int, int]] = []
    for picture in pictures:
        start = len(boxes)
        boxes += picture.boxes
        arrows += [(tail + start, head + start) for tail, head in picture.arrows]
    return Picture(pictures[0].title, tuple(boxes), tuple(arrows))


def _marks(box: Box, at: Mapping[Location, list[Mark]]) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(mark for place in box.places for mark in at.get(_spot(place), ())))


@dataclass(slots=True)
class _Taking:
    """Makes one picture."""

    boxes: list[Box] = field(default_factory=list)
    arrows: dict[tuple[int, int], None] = field(default_factory=dict)
    of_tensor: dict[Tensor, int] = field(default_factory=dict)

    def picture(self, graph: LayerGraph, title: str) -> Picture:
        shown = {layer: _calls_in_use(layer, graph) for layer in graph.layers}
        turns: dict[Layer, int] = defaultdict(int)
        for call in _in_order(call for calls in shown.values() for call in calls):
            turns[call.layer] += 1
            self._add_call(call, turns[call.layer], len(shown[call.layer]))
        for layer in graph.layers:
            if not layer.calls and layer.wrapped_by is None and not layer.is_op:
                self.boxes.append(_box(layer, None, ("never applied",)))
        return Picture(title, tuple(self.boxes), tuple(sorted(self.arrows)))

    def _add_call(self, call: Call, turn: int, uses: int) -> None:
        tails = [self._source(tensor) for tensor in call.inputs]
        shared = (f"use {turn} of {uses}",) if uses > 1 and not call.layer.is_op else ()
        number = self._new(_box(call.layer, call, shared))
        self.arrows.update(((tail, number), None) for tail in tails)
        for tensor in call.outputs:
            self.of_tensor[tensor] = number
            if tensor.leaves and tensor.consumers:
                # A used tensor would not show as an output otherwise, and it decides verdicts.
                self.arrows[number, self._new(Box("Output", is_small=True))] = None

    def _source(self, tensor: Tensor) -> int:
        number = self.of_tensor.get(tensor)
        if number is None:
            kind = "Unknown" if tensor.producer is not None else tensor.origin.value.capitalize()
            shape = shape_text(tensor.shape)
            number = self.of_tensor[tensor] = self._new(Box(kind, shape=shape, is_small=True))
        return number

    def _new(self, box: Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1


def _calls_in_use(layer: Layer, graph: LayerGraph) -> list[Call]:
    """The applications of a layer that are in use, or all if none is: a nested model is built by
    applying its layers once, before it is applied itself.
    """
    return [call for call in layer.calls if is_live(call, graph)] or layer.calls


def _box(layer: Layer, call: Call | None, notes: tuple[str, ...]) -> Box:
    places = [layer.location]
    inner = layer.wraps
    while inner is not None:
        places.append(inner.location)
        inner = inner.wraps
    if call is not None:
        places.append(call.location)
    path = layer.location.path
    return Box(
        printable(kind_of(layer)),
        printable(layer.name or ""),
        tuple(printable(detail) for detail in (*details(layer, call), *notes)),
        shape_text(call.outputs[0].shape) if call is not None and call.outputs else "",
        layer.is_op,
        tuple(printable(part) for part in path.split("/")[:-1]) if path else (),
        tuple(dict.fromkeys(place for place in places if place.filename)),
    )


def _in_order(calls: Iterable[Call]) -> list[Call]:
    """Calls after those whose results they take; otherwise in the order of the layers."""
    listed = list(calls)
    known = set(listed)
    done: set[Call] = set()
    order: list[Call] = []
    for start in listed:
        pending = [(start, iter(_before(start, known)))]
        entered = {start}
        while pending:
            call, before = pending[-1]
            following = next((c for c in before if c not in done and c not in entered), None)
            if following is not None:
                entered.add(following)
                pending.append((following, iter(_before(following, known))))
                continue
            pending.pop()
            if call not in done:
                done.add(call)
                order.append(call)
    return order


def _before(call: Call, known: set[Call]) -> list[Call]:
    producers = (tensor.producer for tensor in call.inputs)
    return [producer for producer in producers if producer is not None and producer in known]
