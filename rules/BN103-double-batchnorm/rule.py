"""BN103: a BatchNormalization that is applied to the output of a BatchNormalization."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.queries import (
    batch_normalizations,
    calls_of,
    is_batch_normalization,
    is_live,
    is_pinned,
)
from bnlint.queries.axes import rank, same_axis
from bnlint.queries.kinds import acting
from bnlint.queries.passages import source_through
from bnlint.rule import Options, Problem, Rule


class DoubleBatchnorm(Rule):
    code = "BN103"
    name = "double-batchnorm"
    summary = "BatchNormalization directly behind BatchNormalization over the same axis"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return any(is_live(call, graph) for call in calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        live = [call for call in calls_of(layer) if is_live(call, graph)]
        firsts = [_normalized_before(layer, call, graph) for call in live]
        first = firsts[0]
        if first is None or None in firsts:
            return
        place = first.location
        where = place.path or place.seen_from(layer.location)
        yield Problem(
            layer,
            f"BatchNormalization directly behind BatchNormalization at {where}:"
            " the second undoes the scale and shift of the first",
            help="keep one of the two",
            related=(Related(place, "this BatchNormalization comes first"),),
        )


def _normalized_before(layer: Layer, call: Call, graph: LayerGraph) -> Layer | None:
    """The BatchNormalization whose output ``call`` normalizes, where nothing else uses it.

    A frozen one is part of a pretrained network, and an output with other uses has a purpose there.
    """
    if is_pinned(layer, call) or len(call.inputs) != 1:
        return None
    producer = source_through(call.inputs[0], graph)
    if producer is None:
        return None
    first = acting(producer.layer)
    if first is layer or not is_batch_normalization(first) or is_pinned(first, producer):
        return None
    if (first is producer.layer) != (layer is call.layer):
        return None  # one of the two normalizes each time step by itself
    axes = rank(call.inputs[0], graph)
    same = same_axis(first.arguments.get("axis"), layer.arguments.get("axis"), axes)
    return first if same else None
