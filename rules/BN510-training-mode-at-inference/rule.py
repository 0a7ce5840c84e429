"""BN510: a trained model that is evaluated, or sampled repeatedly, in training mode."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Applied, Differentiated, Event, Fitted, Model, Stepped
from bnlint.queries import dropouts
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem


class TrainingModeAtInference(EventRule):
    code = "BN510"
    name = "training-mode-at-inference"
    summary = (
        "A trained model is judged or sampled with `training=True`, which moves its statistics"
    )
    severity = Severity.INFO

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        calls = [
            event
            for event in graph.events
            if isinstance(event, Applied) and event.training is True and not event.tapes
        ]
        for event in calls:
            norms = following_the_mode(event.model, graph)
            if norms:
                yield event, _problem(event, norms[0], calls, graph)


def _problem(
    event: Applied, norm: Layer, calls: list[Applied], graph: LayerGraph
) -> Problem | None:
    trained = _where_trained(event.model, graph)
    if trained is None:
        return None
    drops = not set(dropouts(graph)).isdisjoint(event.model.layers)
    stacked = drops and any(_is_repeated(event, other, graph) for other in calls)
    if not (stacked or event.judges or (drops and not _trains_in(graph, event))):
        return None
    of = "the data that it is judged by" if event.judges else "whatever it is given"
    return Problem(
        event,
        "a trained model is called with `training=True`: BatchNormalization normalizes by"
        f" {of}, and its moving statistics move there",
        help="call only the Dropout layers with `training=True`"
        if drops and not event.judges
        else "call it with `training=False`",
        related=(
            Related(norm.location, "normalizes by the batch in training mode"),
            Related(trained.location, "trained here"),
        ),
        severity=Severity.WARNING if stacked else None,
    )


def _where_trained(model: Model, graph: LayerGraph) -> Event | None:
    """Where the model is trained, if it is the only one: a generator is not judged."""
    found: dict[tuple[Model, ...], Event] = {}
    for index, event in enumerate(graph.events):
        if isinstance(event, Fitted):
            found.setdefault((event.model,), event)
        elif isinstance(event, Differentiated):
            later = graph.events[index:]
            if any(isinstance(each, Stepped) for each in later):
                found.setdefault(event.models, event)
    if len(found) != 1:
        return None
    ((models, event),) = found.items()
    held = {layer for each in models for layer in each.layers}
    return event if held.issuperset(model.layers) else None


def _is_repeated(one: Applied, other: Applied, graph: LayerGraph) -> bool:
    """Whether two turns of a loop without training give the model the same input."""
    if one.location != other.location or one.given != other.given:
        return False
    return any(
        turn.loop is again.loop
        and turn.number != again.number
        and not _is_training(turn.loop, graph)
        for turn, again in zip(one.turns, other.turns, strict=False)
    )


def _is_training(loop: object, graph: LayerGraph) -> bool:
    return any(
        isinstance(event, (Fitted, Stepped)) and any(turn.loop is loop for turn in event.turns)
        for event in graph.events
    )


def _trains_in(graph: LayerGraph, event: Applied) -> bool:
    """Whether a loop around the call trains."""
    return any(_is_training(turn.loop, graph) for turn in event.turns)
