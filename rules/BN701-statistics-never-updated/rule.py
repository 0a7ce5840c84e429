"""BN701: a normalization whose weights were trained while its moving statistics never were."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations
from bnlint.queries.trained_state import (
    has_statistics,
    starts_as_usual,
    was_trained,
    were_never_updated,
)
from bnlint.rule import Options, Problem, Rule


class StatisticsNeverUpdated(Rule):
    code = "BN701"
    name = "statistics-never-updated"
    summary = "Trained, and the moving statistics are still mean 0 and variance 1"
    severity = Severity.WARNING
    reads_weights = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return has_statistics(layer) and starts_as_usual(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        if was_trained(layer) and were_never_updated(layer, graph):
            yield Problem(
                layer,
                "trained, but its moving statistics were never updated: mean 0 and variance 1 in"
                " every channel",
                help="train with `training=True` (in `call(self, x, training=None)` of a subclassed"
                " model, in `model(x, training=True)` of a loop)",
            )
