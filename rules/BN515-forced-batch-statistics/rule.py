"""BN515: a `call` that runs BatchNormalization in training mode, even when the model predicts."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.graph.events import Fitted, Inferred
from bnlint.queries import BATCH_NORMALIZATION, calls_of, is_batch_normalization
from bnlint.queries.training import is_never_frozen
from bnlint.rule import Options, Problem, Rule


class ForcedBatchStatistics(Rule):
    code = "BN515"
    name = "forced-batch-statistics"
    summary = "BatchNormalization is told `training=True` for good, in a model that predicts"
    severity = Severity.INFO

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [layer for layer in graph.layers if _normalizes(layer)] if graph.events else []

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return _where_fitted(layer, graph) is not None and bool(calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        predicted = [
            event
            for event in graph.events
            if (isinstance(event, Inferred) or (isinstance(event, Fitted) and event.validates))
            and layer in event.model.layers
        ]
        if not predicted or not is_never_frozen(layer, graph):
            return
        by_hand = [e for e in predicted if isinstance(e, Inferred) and e.by_hand]
        is_2 = options.target is not None and options.target.is_before((3,))
        for call in calls_of(layer):
            default = call.default_mode is True and bool(by_hand)
            if not (call.fixed_mode is True or default or (is_2 and _is_constant(call))):
                continue
            event = by_hand[0] if default and call.fixed_mode is None else predicted[0]
            yield Problem(
                layer,
                "BatchNormalization is in training mode wherever the model is called: a prediction"
                " depends on what else is in its batch",
                location=call.mode_place,
                help="hand on the `training` that `call` is given"
                if not _is_constant(call)
                else "leave out `training=True`",
                related=(Related(event.location, "normalizes by the batch here too"),),
            )
            return


def _normalizes(layer: Layer) -> bool:
    return is_batch_normalization(layer) or layer.base == BATCH_NORMALIZATION


def _is_constant(call: Call) -> bool:
    return call.keeps_training and call.arguments.get("training") is True


def _where_fitted(layer: Layer, graph: LayerGraph) -> Fitted | None:
    fitted = (event for event in graph.events if isinstance(event, Fitted))
    return next((event for event in fitted if layer in event.model.layers), None)
