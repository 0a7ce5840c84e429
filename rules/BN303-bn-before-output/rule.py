"""BN303: BatchNormalization between the last layer of a model and its output activation."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import (
    Activation,
    batch_normalizations,
    calls_of,
    is_live,
    is_pinned,
)
from bnlint.queries.passages import output_activation
from bnlint.rule import Options, Problem, Rule


class BnBeforeOutput(Rule):
    code = "BN303"
    name = "bn-before-output"
    summary = "BatchNormalization right before the output activation of a model"
    severity = Severity.INFO

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return any(is_live(call, graph) for call in calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        found: list[Activation] = []
        for call in calls_of(layer):
            if is_live(call, graph) and not is_pinned(layer, call):
                last = output_activation(call, graph)
                if last is None:
                    return
                found.append(last)
        if not found:
            return
        last = found[0]
        yield Problem(
            layer,
            f"BatchNormalization right before the output activation {last.function}:"
            " each output is standardised over the batch; without it the last layer needs its bias",
            help="leave it out before the last activation, and keep the bias of the last layer",
            related=(Related(last.layer.location, "the output activation"),),
        )
