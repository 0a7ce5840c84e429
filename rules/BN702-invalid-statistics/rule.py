"""BN702: moving statistics that no data can have."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations
from bnlint.queries.trained_state import has_statistics, invalid_channels
from bnlint.rule import Options, Problem, Rule


class InvalidStatistics(Rule):
    code = "BN702"
    name = "invalid-statistics"
    summary = "Moving statistics are not finite, or a variance is negative"
    severity = Severity.ERROR
    reads_weights = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return has_statistics(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        not_finite, negative = invalid_channels(layer, graph)
        parts = []
        if not_finite:
            parts.append(f"NaN or infinity in {_channels(not_finite)}")
        if negative:
            parts.append(f"a negative variance in {_channels(negative)}")
        if parts:
            yield Problem(
                layer,
                f"the moving statistics hold {' and '.join(parts)}: predictions are wrong",
                help="go back to a checkpoint from before that, and look for what diverged",
            )


def _channels(count: int) -> str:
    return "1 channel" if count == 1 else f"{count} channels"
