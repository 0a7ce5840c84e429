"""BN101: a BatchNormalization that is created and never part of a model."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.queries import (
    batch_normalizations,
    calls_of,
    goes_on_without,
    is_dropped,
    is_used,
)
from bnlint.repair import AddLayer, KeepResult
from bnlint.rule import Options, Problem, Rule


class NotInModel(Rule):
    code = "BN101"
    name = "not-in-model"
    summary = "BatchNormalization is created and never part of a model"
    severity = Severity.ERROR
    definite_only = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        if not graph.complete:
            return False
        if Layer in map(type, layer.arguments.values()):
            return False
        owner = layer if layer.wrapped_by is None else layer.wrapped_by
        seen_elsewhere = owner.escaped or owner.observed or layer.escaped or layer.observed
        return not (seen_elsewhere or layer.is_class or layer.is_op)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        calls = calls_of(layer)
        if not calls:
            yield Problem(
                layer,
                "BatchNormalization is created and never applied: the model trains without it",
                help="write `model.add(BatchNormalization())` or `x = BatchNormalization()(x)`,"
                " or delete it",
                repair=AddLayer(layer.location),
            )
            return
        if any(is_used(call, graph) for call in calls):
            return
        if not any(goes_on_without(call, graph) for call in calls):
            return
        yield Problem(
            layer,
            "the result of BatchNormalization is dropped: the model goes on without it",
            help="use what the call returns, as in `x = BatchNormalization()(x)`, or delete it",
            related=tuple(
                Related(_end(call).location, "what this call returns is not used")
                for call in calls[:1]
            ),
            repair=KeepResult(calls[0].location) if len(calls) == 1 else None,
            is_settled=is_dropped(layer, graph),
        )


def _end(call: Call) -> Call:
    """The last call of the chain that starts at a dropped call."""
    seen: set[Call] = set()
    while call not in seen:
        seen.add(call)
        following = [consumer for tensor in call.outputs for consumer in tensor.consumers]
        if following:
            call = following[0]
    return call
