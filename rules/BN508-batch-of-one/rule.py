"""BN508: BatchNormalization over a batch that has one value for each feature."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Event, Fitted
from bnlint.queries import calls_of, is_batch_normalization
from bnlint.queries.axes import rank
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem


class BatchOfOne(EventRule):
    code = "BN508"
    name = "batch-of-one"
    summary = "A model that normalizes features over the batch is fitted on batches of one sample"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        for event in graph.events:
            if isinstance(event, Fitted):
                following = following_the_mode(event.model, graph)
                norm = next((n for n in following if _has_one_value(n, graph)), None)
                if norm is not None:
                    yield event, _problem(event, norm) if event.batch_size == 1 else None


def _has_one_value(layer: Layer, graph: LayerGraph) -> bool:
    return is_batch_normalization(layer) and any(
        call.inputs and rank(call.inputs[0], graph) == 2 for call in calls_of(layer)
    )


def _problem(event: Fitted, norm: Layer) -> Problem:
    return Problem(
        event,
        "a batch of one sample is its own mean: BatchNormalization of a tensor (batch, features)"
        " returns its `beta` whatever comes in, and nothing before it trains",
        help="use larger batches, or LayerNormalization",
        related=(Related(norm.location, "normalizes one value for each feature"),),
    )
