"""The neighbours of each BatchNormalization, collected from the graphs while rules run on them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Origin, Tensor
from bnlint.interfaces.server.lint_process.jobs import Neighbours, Place
from bnlint.project.judging.file_check import FileResult
from bnlint.queries import (
    absorbers,
    activation,
    batch_normalizations,
    bias,
    calls_of,
    linear_layers,
)
from bnlint.queries.kinds import acting

_MOST_GRAPHS: Final = 60
_ORIGINS: Final = {
    Origin.INPUT: "the model's input",
    Origin.PARAMETER: "a parameter of the function around it",
    Origin.UNKNOWN: "something that could not be followed",
}


@dataclass(slots=True)
class _Gathered:
    axes: set[object] = field(default_factory=set)
    inputs: dict[Place, None] = field(default_factory=dict)
    consumers: dict[Place, None] = field(default_factory=dict)
    absorbed: dict[Place, None] = field(default_factory=dict)


class Surroundings:
    """Observes the reading of one file.

    Args:
        filename: the file, as its locations name it; layers constructed elsewhere are skipped.
        graphs: collect from graphs too, not only dependencies; this costs a tenth of all work.
    """

    def __init__(self, filename: str, *, graphs: bool) -> None:
        self.dependencies: set[str] = set()
        self._filename = filename
        self._at: dict[Location, _Gathered] = {}
        self._left = _MOST_GRAPHS if graphs else 0

    def graph(self, graph: LayerGraph) -> None:
        """Collect from one world of the file."""
        if not self._left:
            return
        self._left -= 1
        for layer in batch_normalizations(graph):
            if layer.location.filename == self._filename and not layer.is_class:
                self._note(layer)
        for layer in linear_layers(graph):
            if bias(layer) is True and activation(layer) is None and not layer.is_class:
                for behind in absorbers(layer, graph):
                    if behind.location.filename == self._filename:
                        at = self._at.setdefault(behind.location, _Gathered())
                        at.absorbed[_place(layer)] = None

    def result(self, result: FileResult) -> None:
        """Collect from the result of reading the file."""
        self.dependencies.update(result.dependencies)

    def neighbours(self, outcomes: Mapping[Location, str]) -> tuple[Neighbours, ...]:
        """All constructions of the file, with how their reading ended (empty: understood)."""
        every = sorted({*self._at, *(at for at in outcomes if at.filename == self._filename)})
        return tuple(
            _neighbours(location, self._at.get(location, _Gathered()), outcomes.get(location, ""))
            for location in every
        )

    def _note(self, layer: Layer) -> None:
        at = self._at.setdefault(layer.location, _Gathered())
        axis = layer.arguments.get("axis", -1)
        at.axes.add(axis if isinstance(axis, int) else UNKNOWN)
        for call in calls_of(layer):
            at.inputs.update(dict.fromkeys(_producer(tensor) for tensor in call.inputs[:1]))
            at.consumers.update(dict.fromkeys(_consumers(call)))


def _neighbours(location: Location, at: _Gathered, outcome: str) -> Neighbours:
    axis = next(iter(at.axes)) if len(at.axes) == 1 else UNKNOWN
    return Neighbours(
        _absolute(location),
        None if axis is UNKNOWN else str(axis),
        _sorted(at.inputs),
        _sorted(at.consumers),
        _sorted(at.absorbed),
        outcome,
    )


def _sorted(places: Iterable[Place]) -> tuple[Place, ...]:
    def key(place: Place) -> tuple[bool, Location, str]:
        return (place.location is None, place.location or Location(""), place.text)

    return tuple(
        place if place.location is None else Place(place.text, _absolute(place.location))
        for place in sorted(places, key=key)
    )


def _producer(tensor: Tensor) -> Place:
    if tensor.producer is None:
        return Place(_ORIGINS[tensor.origin])
    return _place(tensor.producer.layer)


def _consumers(call: Call) -> Iterable[Place]:
    for tensor in call.outputs:
        for consumer in tensor.consumers:
            yield _place(consumer.layer)
        if tensor.leaves:
            yield Place("what is outside: it is an output, or returned")


def _place(layer: Layer) -> Place:
    inner = acting(layer)
    function = activation(inner)
    says_more = isinstance(function, str) and function.replace("_", "") != inner.kind.lower()
    shown = f"{inner.kind}({function})" if says_more else inner.kind
    return Place(shown, layer.location if layer.location.filename else None)


def _absolute(location: Location) -> Location:
    return location._replace(filename=os.path.abspath(location.filename))
