"""BN501: a model of the user's own whose `call` is never told that it trains."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import LayerGraph
from bnlint.graph.events import Event, Fitted
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem


class CallWithoutTraining(EventRule):
    code = "BN501"
    name = "call-without-training"
    summary = "`call` of a fitted model takes no `training`, so that in Keras 3 it never trains"
    severity = Severity.ERROR

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        for event in graph.events:
            if isinstance(event, Fitted) and event.model.call is not None:
                yield event, _problem(event, graph, options)


def _problem(event: Fitted, graph: LayerGraph, options: Options) -> Problem | None:
    model = event.model
    own = model.call
    if own is None or own.takes_training or own.sets_training or model.own_step:
        return None
    norms = following_the_mode(model, graph)
    if not norms:
        return None
    target = options.target
    if target is None or not target.is_from((3,)):
        return None
    return Problem(
        event,
        f"`call` of {model.kind} takes no `training`, so BatchNormalization stays in inference mode"
        f" in {target}: it never trains",
        location=own.location,
        help="write `def call(self, inputs, training=None)`",
        related=(
            Related(norms[0].location, "its statistics stay mean 0 and variance 1"),
            Related(event.location, f"{model.kind} is fitted here"),
        ),
    )
