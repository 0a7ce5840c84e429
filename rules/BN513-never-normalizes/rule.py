"""BN513: BatchNormalization that is frozen from the start and never gets weights loaded."""

from collections.abc import Iterator

from bnlint.findings import Location, Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Compiled, Fitted, Loaded, Lost, Model, TrainableSet
from bnlint.queries import batch_normalizations, calls_of
from bnlint.queries.training import normalizing
from bnlint.rule import Options, Problem, Rule

_STATISTICS = ("moving_mean_initializer", "moving_variance_initializer", "weights")


class NeverNormalizes(Rule):
    code = "BN513"
    name = "never-normalizes"
    summary = "BatchNormalization is frozen from the start, at mean 0 and variance 1"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph) if graph.events else []

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del options
        return any(isinstance(e, Fitted) and layer in e.model.layers for e in graph.events)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        where = _where_frozen(layer, graph, options)
        if where is None or layer.is_class or layer.escaped:
            return
        fitted = next(
            event
            for event in graph.events
            if isinstance(event, Fitted) and layer in event.model.layers
        )
        if _may_get_weights(layer, fitted, graph):
            return
        if any(_where_frozen(each, graph, options) is None for each in normalizing(fitted.model)):
            return
        yield Problem(
            layer,
            "BatchNormalization is frozen from the start, and no weights are loaded into it: at"
            " mean 0 and variance 1 it never normalizes anything",
            location=where,
            help="let it train, or load weights into it before it is frozen",
            related=(Related(fitted.location, "trained here from its initial weights"),),
        )


def _where_frozen(layer: Layer, graph: LayerGraph, options: Options) -> Location | None:
    """Where a layer is frozen, if it is frozen from the start and never trains."""
    set_by = [
        event
        for event in graph.events
        if isinstance(event, TrainableSet)
        and (event.target is layer or _holds(event.target, layer))
    ]
    if any(event.value is not False or isinstance(event.target, Model) for event in set_by):
        return None
    if layer.arguments.get("trainable", True) is False:
        return layer.location
    if set_by:
        before = graph.events[: graph.events.index(set_by[0])]
        used = any(
            isinstance(event, (Compiled, Fitted)) and layer in event.model.layers
            for event in before
        )
        return None if used else set_by[0].location
    calls = calls_of(layer)
    is_2 = options.target is not None and options.target.is_before((3,))
    for call in calls:
        constant = is_2 and call.keeps_training and call.arguments.get("training") is False
        if not (call.fixed_mode is False or constant):
            return None
    return calls[0].mode_place if calls else None


def _holds(target: Layer | Model, layer: Layer) -> bool:
    return isinstance(target, Model) and layer in target.layers


def _may_get_weights(layer: Layer, fitted: Fitted, graph: LayerGraph) -> bool:
    if any(argument.keyword in _STATISTICS for argument in layer.written):
        return True
    before = graph.events[: graph.events.index(fitted)]
    return any(
        isinstance(event, Loaded) and (event.target is layer or _holds(event.target, layer))
        for event in graph.events
    ) or any(isinstance(event, Lost) and layer in event.model.layers for event in before)
