"""BN503: a training step written by hand that calls the model in inference mode."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Applied, Event
from bnlint.queries.training import following_the_mode, trained_without_mode
from bnlint.rule import EventRule, Options, Problem


class TapeWithoutTraining(EventRule):
    code = "BN503"
    name = "tape-without-training"
    summary = "A model is trained under a GradientTape and called without `training=True`"
    severity = Severity.ERROR

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        for event in graph.events:
            if isinstance(event, Applied) and event.tapes:
                norms = following_the_mode(event.model, graph)
                if norms:
                    yield event, _problem(event, norms[0], graph)


def _problem(event: Applied, norm: Layer, graph: LayerGraph) -> Problem | None:
    gradient = trained_without_mode(event, graph)
    if gradient is None:
        return None
    own = event.model.call
    pass_on = "" if own is None or own.takes_training else ", and give `call` such a parameter"
    return Problem(
        event,
        "the model is called without `training=True` in a training step: BatchNormalization runs in"
        " inference mode and its moving statistics never change",
        help=f"pass `training=True`{pass_on}",
        related=(
            Related(gradient.location, "its weights are trained on what it returns"),
            Related(norm.location, "stays at mean 0 and variance 1"),
        ),
    )
