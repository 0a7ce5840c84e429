"""BN704: a redundant bias that is not zero; removing it requires correcting the statistics."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import (
    absorbers,
    activation,
    axis_is_wrong,
    bias,
    calls_of,
    is_live,
    linear_layers,
)
from bnlint.queries.kinds import acting
from bnlint.queries.trained_state import has_statistics, largest_bias
from bnlint.rule import Options, Problem, Rule


class FoldableBias(Rule):
    code = "BN704"
    name = "foldable-bias"
    summary = "A redundant bias is not zero; it can be folded into the moving mean behind it"
    severity = Severity.INFO
    claims_redundant_bias = True
    reads_weights = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return linear_layers(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return layer.weights is not None and "bias" in layer.weights and bias(layer) is True

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        if activation(layer) is not None or layer.arguments.get("activity_regularizer") is not None:
            return
        behind = absorbers(layer, graph)
        if not behind or not _feeds_only(layer, behind, graph):
            return
        if any(axis_is_wrong(norm, graph) or not has_statistics(norm) for norm in behind):
            return
        largest = largest_bias(layer)
        if largest:
            yield Problem(
                layer,
                f"the redundant bias of {layer.kind} is not zero (up to {largest:.2g}): predictions"
                " need it until it is folded into the moving mean",
                help="let `bnlint --fold` subtract it from `moving_mean` and set `use_bias=False`",
                related=tuple(
                    Related(norm.location, "subtract the bias from this moving mean")
                    for norm in behind
                ),
            )


def _feeds_only(layer: Layer, behind: tuple[Layer, ...], graph: LayerGraph) -> bool:
    """Whether the output goes into ``behind`` directly, with nothing in between."""
    return all(
        acting(consumer.layer) in behind
        for call in calls_of(layer)
        if is_live(call, graph)
        for tensor in call.outputs
        for consumer in tensor.consumers
        if is_live(consumer, graph)
    )
