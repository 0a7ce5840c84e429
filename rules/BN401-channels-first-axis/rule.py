"""BN401: BatchNormalization over the width of a channels_first tensor."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import Misplaced, batch_normalizations, calls_of, misplaced_axis
from bnlint.repair import SetAxis
from bnlint.rule import Options, Problem, Rule


class ChannelsFirstAxis(Rule):
    code = "BN401"
    name = "channels-first-axis"
    summary = "BatchNormalization normalizes a spatial axis of a channels_first tensor"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return bool(calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        for call in calls_of(layer):
            wrong = misplaced_axis(layer, call, graph)
            if (
                isinstance(wrong, Misplaced)
                and wrong.format.name == "channels_first"
                and not wrong.is_batch
            ):
                source = wrong.format.layer
                yield Problem(
                    layer,
                    f"BatchNormalization over axis {wrong.axis} of a channels_first tensor"
                    f" normalizes the {wrong.name}, not the channels",
                    help="write `axis=1`",
                    related=(Related(source.location, f"{source.kind} is channels_first"),),
                    repair=_repair(layer, wrong),
                )
                return


def _repair(layer: Layer, wrong: Misplaced) -> SetAxis | None:
    if layer.written_at is not None:
        return None  # a class of the project sets the axis
    return SetAxis(layer.location, 1, wrong.format.literal)
