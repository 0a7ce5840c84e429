"""BN201: a bias that the BatchNormalization after it subtracts again.

The proof and the measurements are on the rule's page; only :func:`bnlint.queries.absorbers` decides
whether a bias is redundant.
"""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import (
    absorbers,
    activation,
    axis_is_wrong,
    bias,
    calls_of,
    is_live,
    linear_layers,
)
from bnlint.repair import DropBias
from bnlint.rule import Options, Problem, Rule


class RedundantBias(Rule):
    code = "BN201"
    name = "redundant-bias"
    summary = "The bias before BatchNormalization is subtracted again and never trains"
    severity = Severity.WARNING
    claims_redundant_bias = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return linear_layers(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return (
            bias(layer) is True
            and not layer.is_class
            and not layer.escaped
            and any(is_live(call, graph) for call in calls_of(layer))
            and not any(call.wrong_operands for call in layer.calls)
        )

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        if activation(layer) is not None or layer.arguments.get("activity_regularizer") is not None:
            return
        behind = absorbers(layer, graph)
        if not behind or any(axis_is_wrong(norm, graph) for norm in behind):
            return
        yield Problem(
            layer,
            f"the bias of {layer.kind} is redundant: BatchNormalization at"
            f" {_places(layer, behind)} subtracts it again",
            help="write `use_bias=False` (Keras 1: `bias=False`)",
            help_when="write `use_bias={opposite}`",
            related=tuple(
                Related(norm.location, "this BatchNormalization subtracts the bias again")
                for norm in behind
            ),
            repair=DropBias(
                layer.location,
                layer.kind,
                behind=tuple(norm.location for norm in behind),
                applied=tuple(call.location for norm in behind for call in calls_of(norm)),
                exact=all(norm.arguments.get("renorm") in (None, False) for norm in behind),
            ),
        )


def _places(layer: Layer, behind: tuple[Layer, ...]) -> str:
    """The places of the first few absorbing layers, in short form."""
    paths = [norm.location.path for norm in behind]
    if None not in paths:
        return paths[0] or ""
    here = layer.location
    places = sorted(
        (norm.location for norm in behind),
        key=lambda place: (place.filename != here.filename, place),
    )
    return " and ".join(list(dict.fromkeys(place.seen_from(here) for place in places))[:2])
