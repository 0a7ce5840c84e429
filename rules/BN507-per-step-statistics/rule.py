"""BN507: BatchNormalization that is applied to each time step by itself."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Location, Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import (
    batch_normalizations,
    calls_of,
    is_batch_normalization,
    is_live,
    is_pinned,
)
from bnlint.queries.training import is_never_frozen, is_pretrained_family
from bnlint.rule import Options, Problem, Rule

_RECURRENT: Final = frozenset({"RNN", "StackedRNNCells"})


class PerStepStatistics(Rule):
    code = "BN507"
    name = "per-step-statistics"
    summary = "BatchNormalization in TimeDistributed or in a cell, which normalizes step by step"
    severity = Severity.WARNING
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        holding = [layer for layer in graph.layers if layer.holds and _steps(layer)]
        return [*batch_normalizations(graph), *holding]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        wrapper = layer if layer.holds else layer.wrapped_by
        return (
            wrapper is not None
            and _steps(wrapper)
            and any(is_live(call, graph) for call in calls_of(layer))
            and (wrapper.kind in _RECURRENT or options.target is not None)
        )

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        wrapper, target = layer if layer.holds else layer.wrapped_by, options.target
        if wrapper is None:
            return
        recurrent = wrapper.kind in _RECURRENT
        if not recurrent and (target is None or target.is_before((3,))):
            return
        live = [call for call in wrapper.calls if is_live(call, graph)]
        if not live or any(is_pinned(layer, call) for call in live):
            return
        if layer.holds:
            norm = _normalizing(layer, graph)
            if norm is not None:
                yield _of_model(layer, norm, recurrent=recurrent)
            return
        yield Problem(
            layer,
            "TimeDistributed(BatchNormalization) takes its statistics from each time step by"
            f" itself in {target}",
            help="write `BatchNormalization()` without TimeDistributed",
            related=(Related(wrapper.location, "TimeDistributed calls it once for each step"),),
        )


def _steps(layer: Layer) -> bool:
    return layer.kind == "TimeDistributed" or layer.kind in _RECURRENT


def _normalizing(layer: Layer, graph: LayerGraph) -> Layer | None:
    """A BatchNormalization that trains inside a layer which is called once per time step."""
    for inside in layer.holds:
        norms = is_batch_normalization(inside) or is_pretrained_family(inside)
        pinned = any(call.arguments.get("training") is False for call in inside.calls)
        if norms and not pinned and is_never_frozen(inside, graph):
            return inside
    return None


def _of_model(wrapper: Layer, norm: Layer, *, recurrent: bool) -> Problem:
    where: Location = wrapper.location
    if recurrent:
        where = norm.calls[0].location if norm.calls else norm.location
    what = "in a recurrent cell" if recurrent else f"in the model that {wrapper.kind} calls"
    return Problem(
        wrapper,
        f"BatchNormalization {what} takes its statistics from each time step by itself, and"
        " updates the moving ones as often",
        location=where,
        help="use LayerNormalization there"
        if recurrent
        else "fold the steps into the batch around the model, or freeze it",
        related=(
            Related(wrapper.location, "called once for each step here")
            if recurrent
            else Related(norm.location, "normalizes each step by itself"),
        ),
    )
