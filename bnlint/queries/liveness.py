"""Which calls belong to a model: those that lead to an output, and those that are dropped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from bnlint.graph import Call, Layer, LayerGraph, Tensor
from bnlint.queries.layers import (
    calls_of,
)


def is_live(call: Call, graph: LayerGraph) -> bool:
    """Whether anything that leaves the graph depends on ``call``.

    A branch that was computed and dropped belongs to no model.
    """
    return call in _live(graph)


def _live(graph: LayerGraph) -> set[Call]:
    live = graph.memo.get("live")
    if live is None:
        live = graph.memo["live"] = _leading_to(graph, lambda tensor: tensor.leaves)
    assert isinstance(live, set)
    return live


def _leading_to(graph: LayerGraph, wanted: Callable[[Tensor], bool]) -> set[Call]:
    """The calls that return a wanted tensor, or a tensor from which one is computed."""
    found: set[Call] = set()
    pending = [
        call
        for layer in graph.layers
        for call in layer.calls
        if any(wanted(tensor) for tensor in call.outputs)
    ]
    while pending:
        call = pending.pop()
        if call in found:
            continue
        found.add(call)
        pending.extend(t.producer for t in call.inputs if t.producer is not None)
    return found


def is_used(call: Call, graph: LayerGraph) -> bool:
    """Whether the result of ``call`` is read, or contributes to what leaves the graph."""
    if is_live(call, graph):
        return True
    used = graph.memo.get("used")
    if used is None:
        used = graph.memo["used"] = _leading_to(graph, lambda t: t.leaves or t.observed)
    assert isinstance(used, set)
    return call in used


def goes_on_without(call: Call, graph: LayerGraph) -> bool:
    """Whether a tensor upstream of ``call``, which is not used, has another use.

    If there is none, the call is the whole program, as in a benchmark: there is no model from
    which the call could be removed.
    """
    pending, seen = [call], {call}
    while pending:
        for tensor in pending.pop().inputs:
            others = (consumer for consumer in tensor.consumers if consumer not in seen)
            if tensor.leaves or tensor.observed or any(is_used(o, graph) for o in others):
                return True
            if tensor.producer is not None and tensor.producer not in seen:
                seen.add(tensor.producer)
                pending.append(tensor.producer)
    return False


def is_dropped(layer: Layer, graph: LayerGraph) -> bool:
    """Whether all results of a layer are unused beside a model: it is applied to tensors of the
    model, and nothing that leaves the graph, or is read, depends on it.
    """
    key = ("dropped", layer)
    if key not in graph.memo:
        calls = calls_of(layer)
        hidden = layer.escaped or layer.observed or not graph.complete
        branches = set() if hidden or not calls else _branches(graph)
        graph.memo[key] = not branches.isdisjoint(calls) and not any(
            is_used(call, graph) for call in calls
        )
    return graph.memo[key] is True


def _branches(graph: LayerGraph) -> set[Call]:
    """The calls that are not live but are computed from tensors of a model."""
    known = graph.memo.get("branches")
    if known is not None:
        assert isinstance(known, set)
        return known
    live = _live(graph)
    dead = [call for layer in graph.layers for call in layer.calls if call not in live]
    pending = [
        call
        for call in dead
        if any(t.leaves or not live.isdisjoint(t.consumers) for t in call.inputs)
    ]
    found: set[Call] = set()
    while pending:
        call = pending.pop()
        if call not in found:
            found.add(call)
            pending.extend(c for t in call.outputs for c in t.consumers if c not in live)
    graph.memo["branches"] = found
    return found


def behind(call: Call) -> Iterator[Tensor]:
    """Every tensor upstream of a call, the nearest ones first, each once."""
    seen = set(call.inputs)
    pending = deque(dict.fromkeys(call.inputs))
    while pending:
        tensor = pending.popleft()
        yield tensor
        if tensor.producer is not None:
            news = [t for t in dict.fromkeys(tensor.producer.inputs) if t not in seen]
            seen.update(news)
            pending.extend(news)
