"""BN703: channels that no longer carry a signal."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations
from bnlint.queries.trained_state import dead_channels, has_statistics
from bnlint.rule import Options, Problem, Rule


class DeadChannels(Rule):
    code = "BN703"
    name = "dead-channels"
    summary = "Channels whose gamma and beta are zero, or whose variance is far under epsilon"
    severity = Severity.INFO
    reads_weights = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return has_statistics(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        dead = dead_channels(layer, graph)
        if dead is None or not (dead.switched_off or dead.silent):
            return
        parts = []
        if dead.switched_off:
            parts.append(f"gamma and beta are 0 in {dead.switched_off}")
        if dead.silent:
            parts.append(f"the variance is far under epsilon ({dead.epsilon:g}) in {dead.silent}")
        count = dead.switched_off + dead.silent
        yield Problem(
            layer,
            f"{count} of {dead.channels} channels {'is' if count == 1 else 'are'} dead:"
            f" {'; '.join(parts)}",
            help="they can be pruned with the filters that feed them",
        )
