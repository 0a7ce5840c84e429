"""BN402: BatchNormalization over another axis than the channels of a channels_last tensor."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import Misplaced, batch_normalizations, calls_of, misplaced_axis
from bnlint.repair import SetAxis
from bnlint.rule import Options, Problem, Rule


class AxisMismatch(Rule):
    code = "BN402"
    name = "axis-mismatch"
    summary = "BatchNormalization normalizes another axis than the channels"
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
            if isinstance(wrong, Misplaced) and (
                wrong.is_batch or wrong.format.name == "channels_last"
            ):
                source = wrong.format.layer
                yield Problem(
                    layer,
                    f"BatchNormalization over axis {wrong.axis} of a {wrong.format.name} tensor"
                    f" normalizes the {wrong.name}, not the channels",
                    help=_help(wrong),
                    related=(Related(source.location, f"{source.kind} is {wrong.format.name}"),),
                    repair=_repair(layer, wrong),
                )
                return


def _help(wrong: Misplaced) -> str:
    if wrong.format.name == "channels_first":
        return "write `axis=1`"
    return "write `axis=-1`, or leave `axis` out"


def _repair(layer: Layer, wrong: Misplaced) -> SetAxis | None:
    if layer.written_at is not None:
        return None  # a class of the project sets the axis
    axis = 1 if wrong.format.name == "channels_first" else -1
    return SetAxis(layer.location, axis, wrong.format.literal)
