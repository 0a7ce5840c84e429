"""BN506: one BatchNormalization after several layers, whose statistics it mixes."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.queries import batch_normalizations, calls_of, is_live, is_pinned
from bnlint.queries.kinds import acting
from bnlint.queries.passages import linear_before
from bnlint.rule import Options, Problem, Rule


class SharedBatchnorm(Rule):
    code = "BN506"
    name = "shared-batchnorm"
    summary = "One BatchNormalization normalizes the outputs of several layers"
    severity = Severity.WARNING
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return any(is_live(call, graph) for call in calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        calls = [c for c in calls_of(layer) if is_live(c, graph) and not is_pinned(layer, c)]
        sources = _sources(calls)
        if len(sources) < 2:
            return
        yield Problem(
            layer,
            f"one BatchNormalization normalizes the outputs of {len(sources)} layers:"
            " their moving statistics are mixed",
            help="create a BatchNormalization for each",
            related=tuple(
                Related(source.location, f"normalizes the output of this {source.kind}")
                for source in sources
            ),
        )


def _sources(calls: list[Call]) -> list[Layer]:
    """The layers with weights of their own before the calls, if there is one before each call."""
    found: dict[Layer, None] = {}
    for call in calls:
        source = linear_before(call)
        if source is None:
            return []
        found[acting(source)] = None
    return list(found)
