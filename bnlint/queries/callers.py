"""The helpers that a finding depends on: functions that other code may call for other purposes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bnlint.graph import Call, Layer, LayerGraph
from bnlint.graph.running import Running
from bnlint.queries.bias_absorption import absorbers
from bnlint.queries.layers import calls_of
from bnlint.queries.liveness import is_live

_OF_THE_CLASS: Final = frozenset({"__init__", "__call__", "call", "build", "forward", "__new__"})
_MOST_CALLS: Final = 300


class Helper(NamedTuple):
    """A function, or a class with methods that Python and Keras call, that others may use.

    Attributes:
        name: the name that its callers write.
        owner: the class of which it is a method, or empty.
        filename: the file that defines it.
    """

    name: str
    owner: str
    filename: str

    @property
    def is_private(self) -> bool:
        """Whether all its callers are known because its name begins with an underscore."""
        return self.name.startswith("_") or self.owner.startswith("_")


def helpers_behind_bias(layer: Layer, graph: LayerGraph) -> tuple[Helper, ...]:
    """The functions that return ``layer`` or its output before its bias is absorbed: other callers
    of these functions may not normalize it.
    """
    norms = set(absorbers(layer, graph))
    left: dict[Running, None] = {}
    for call in calls_of(layer):
        if not is_live(call, graph):
            continue
        for end in _ends(call, norms):
            around = set(_outwards(end.running))
            left.update((r, None) for r in _outwards(call.running) if r not in around)
            builders = {*_outwards(call.running), *_outwards(end.layer.running), *around}
            made = (r for r in _outwards(layer.running) if r not in builders)
            left.update((r, None) for r in made if r.name not in _OF_THE_CLASS)
    return _as_helpers(left)


def helpers_around(layer: Layer) -> tuple[Helper, ...]:
    """The functions that construct ``layer`` for a caller."""
    runs = list(_outwards(layer.running))
    return _as_helpers(runs[:-1])


def _outwards(running: Running | None) -> Iterator[Running]:
    return iter(()) if running is None else running.outwards()


def _ends(call: Call, norms: set[Layer]) -> Iterator[Call]:
    """The calls of ``norms`` that are nearest downstream of ``call``."""
    pending = [call]
    seen = {call}
    while pending and len(seen) < _MOST_CALLS:
        for tensor in pending.pop().outputs:
            for following in tensor.consumers:
                if following in seen:
                    continue
                seen.add(following)
                wraps = following.layer.wraps
                if following.layer in norms or (wraps is not None and wraps in norms):
                    yield following
                else:
                    pending.append(following)


def _as_helpers(runs: Iterable[Running]) -> tuple[Helper, ...]:
    found = {
        Helper(
            run.owner if run.name in _OF_THE_CLASS and run.owner else run.name,
            run.owner,
            run.filename,
        )
        for run in runs
        if not run.is_nested
    }
    return tuple(sorted(found))
