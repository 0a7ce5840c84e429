"""BN507: BatchNormalization that is applied to each time step by itself."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations, calls_of, is_live, is_pinned
from bnlint.rule import Options, Problem, Rule


class PerStepStatistics(Rule):
    code = "BN507"
    name = "per-step-statistics"
    summary = "TimeDistributed(BatchNormalization), which Keras 3 normalizes step by step"
    severity = Severity.WARNING
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        wrapper = layer.wrapped_by
        return (
            wrapper is not None
            and wrapper.kind == "TimeDistributed"
            and any(is_live(call, graph) for call in calls_of(layer))
            and options.target is not None
        )

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        wrapper, target = layer.wrapped_by, options.target
        if wrapper is None or target is None or target.is_before((3,)):
            return
        live = [call for call in wrapper.calls if is_live(call, graph)]
        if not live or any(is_pinned(layer, call) for call in live):
            return
        yield Problem(
            layer,
            "TimeDistributed(BatchNormalization) takes its statistics from each time step by"
            f" itself in {target}",
            help="write `BatchNormalization()` without TimeDistributed",
            related=(Related(wrapper.location, "TimeDistributed calls it once for each step"),),
        )
