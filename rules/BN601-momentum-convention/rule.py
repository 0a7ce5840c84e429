"""BN601: a momentum in the convention of PyTorch, where it is the weight of the new value."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations, calls_of, is_pinned
from bnlint.queries.arguments import exchanged, is_default, is_meant, number
from bnlint.rule import Options, Problem, Rule

MOST = 0.3
PYTORCHS_EPSILON = 1e-5


class MomentumConvention(Rule):
    code = "BN601"
    name = "momentum-convention"
    summary = "A momentum so small that it seems to be PyTorch's, which means the opposite"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        given = not is_default(layer, "momentum") and number(layer, "momentum") is not None
        return given and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph, options
        momentum = number(layer, "momentum")
        if momentum is None or not 0 < momentum <= MOST or exchanged(layer) is not None:
            return
        calls = calls_of(layer)
        if layer.trainable is False or (calls and all(is_pinned(layer, call) for call in calls)):
            return  # its statistics are never updated
        ported = (
            "; with `epsilon=1e-5` these are PyTorch's defaults"
            if momentum == 0.1 and number(layer, "epsilon") == PYTORCHS_EPSILON
            else ""
        )
        yield Problem(
            layer,
            f"momentum {momentum:g} forgets {1 - momentum:.3g} of the moving statistics at each"
            f" step: Keras's momentum is what is kept, PyTorch's what is replaced{ported}",
            location=layer.written_at,
            help=f"write `momentum={round(1 - momentum, 9):g}` if {momentum:g} was PyTorch's",
        )
