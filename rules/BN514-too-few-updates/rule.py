"""BN514: a training with so few updates that the statistics are still the initial ones."""

from collections.abc import Iterator
from math import prod

from bnlint.findings import Related, Severity
from bnlint.graph import UNKNOWN, Layer, LayerGraph, Unknown
from bnlint.graph.events import Applied, Event, Fitted, Inferred, Loaded, Lost, Model
from bnlint.queries import is_batch_normalization
from bnlint.queries.arguments import number
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem

_MOST_LEFT = 0.1


class TooFewUpdates(EventRule):
    code = "BN514"
    name = "too-few-updates"
    summary = "A model is trained for so few updates that its statistics are still the initial ones"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        last: dict[Model, Fitted] = {}
        for event in graph.events:
            if isinstance(event, Fitted):
                last[event.model] = event
        for event in graph.events:
            if isinstance(event, Fitted):
                is_last = event.location == last[event.model].location
                yield event, _problem(event, graph) if is_last else None


def _problem(event: Fitted, graph: LayerGraph) -> Problem | None:
    model = event.model
    norms = [
        norm
        for norm in following_the_mode(model, graph)
        if is_batch_normalization(norm) and not norm.escaped
    ]
    updates = _updates(model, norms, graph)
    if updates is UNKNOWN or not norms or not _is_used(model, graph):
        return None
    momenta = [(momentum, norm) for norm in norms if (momentum := number(norm, "momentum"))]
    if len(momenta) != len(norms):
        return None
    momentum, norm = max(momenta, key=lambda pair: pair[0])
    left = momentum**updates
    if not _MOST_LEFT < left < 1 or momentum >= 1:
        return None
    return Problem(
        event,
        f"{updates} updates at momentum {momentum:g} leave {left:.0%} of the initial moving mean 0"
        " and variance 1, which evaluation normalizes by",
        help=f"train longer, or write a smaller momentum, such as {_fitting(updates):g}",
        related=(Related(norm.location, "its statistics have hardly moved"),),
    )


def _fitting(updates: int) -> float:
    """A usual momentum with which almost nothing of the initial statistics is left."""
    return next((m for m in (0.95, 0.9, 0.8, 0.6, 0.5) if m**updates < 0.01), 0.5)


def _is_used(model: Model, graph: LayerGraph) -> bool:
    return any(
        (isinstance(event, Inferred) or (isinstance(event, Fitted) and event.validates))
        and event.model is model
        for event in graph.events
    )


def _updates(model: Model, norms: list[Layer], graph: LayerGraph) -> int | Unknown:
    """How often the statistics of a model are updated; unknown where other events may happen."""
    held = set(norms)
    counts: dict[object, int] = {}
    for event in graph.events:
        match event:
            case Loaded(target=target):
                layers = target.layers if isinstance(target, Model) else (target,)
                if not held.isdisjoint(layers):
                    return UNKNOWN
            case Lost(model=lost) if lost is model or not held.isdisjoint(lost.layers):
                if event.is_parting or not counts:
                    return UNKNOWN
            case Fitted(model=fitted) if not held.isdisjoint(fitted.layers):
                times = _times(event)
                if event.updates is UNKNOWN or times is None or fitted.own_step:
                    return UNKNOWN
                counts[event.location] = event.updates * times
            case Applied(model=applied, training=training) if training not in (None, False):
                times = _times(event)
                if not held.isdisjoint(applied.layers):
                    if times is None:
                        return UNKNOWN
                    counts[event.location] = times
            case _:
                pass
    return sum(counts.values())


def _times(event: Event) -> int | None:
    """How often an event happens in the loops around it."""
    turns = [turn.turns for turn in event.turns]
    return None if None in turns else prod(count for count in turns if count is not None)
