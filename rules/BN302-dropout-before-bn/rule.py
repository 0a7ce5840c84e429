"""BN302: dropout before BatchNormalization, which learns a variance that inference has not."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.queries import calls_of, dropouts, is_live
from bnlint.queries.arguments import number
from bnlint.queries.passages import normalizations_behind
from bnlint.rule import Options, Problem, Rule

MOST = 0.1
# AlphaDropout keeps mean and variance; that is what it is for.
_SHIFTING = frozenset(
    {"Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}
)


class DropoutBeforeBn(Rule):
    code = "BN302"
    name = "dropout-before-bn"
    summary = "Dropout before BatchNormalization: the variance at inference is not the learned one"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return dropouts(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return layer.kind in _SHIFTING and any(is_live(call, graph) for call in calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        rate = number(layer, "rate")
        if rate is None or not MOST < rate < 1:
            return
        behind: dict[Layer, None] = {}
        for call in calls_of(layer):
            if _is_judged(call, graph):
                behind.update(dict.fromkeys(normalizations_behind(call, graph)))
        if not behind:
            return
        yield Problem(
            layer,
            f"{layer.kind} {rate:g} before BatchNormalization: the variance learned in training is"
            " larger than at inference",
            help="put the dropout behind the last BatchNormalization, or leave it out",
            related=tuple(
                Related(norm.location, "this BatchNormalization learns the variance of training")
                for norm in behind
            ),
        )


def _is_judged(call: Call, graph: LayerGraph) -> bool:
    """One that always drops (Monte Carlo dropout) has the same variance at inference."""
    return is_live(call, graph) and call.arguments.get("training") in (None, False)
