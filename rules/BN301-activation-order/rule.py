"""BN301: BatchNormalization before the activation where the policy says after, or the reverse."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph
from bnlint.queries import (
    Activation,
    activation_before,
    activations_after,
    batch_normalizations,
    calls_of,
    is_alone_between,
    is_batch_normalization,
    is_used,
    linear_layers,
)
from bnlint.repair import DetachActivation, Repair, SwapLayers, Use
from bnlint.rule import Options, Problem, Rule

_BEFORE = "activation-first"
_AFTER = "bn-first"


class ActivationOrder(Rule):
    code = "BN301"
    name = "activation-order"
    summary = "BatchNormalization and activation stand in the other order than the policy"
    severity = Severity.INFO

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph
        return options.order != "off" and not layer.is_class and bool(calls_of(layer))

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        wanted = options.order if options.order != "consistent" else _usual_order(graph)
        # A nested model counts as it is applied, not as it was defined.
        calls = calls_of(layer)
        used = [call for call in calls if is_used(call, graph)]
        if not used and (layer.escaped or layer.observed):
            used = calls  # the use of the results is not known
        orders = [_order_of(call, graph) for call in used]
        if (
            wanted is None
            or not orders
            or any(order is None or order[0] == wanted for order in orders)
        ):
            return
        order = orders[0]
        assert order is not None
        found, activation = order
        known = [(call, order) for call, order in zip(used, orders, strict=True) if order]
        repair = _repair(layer, known, graph)
        severity = Severity.WARNING if options.order_is_set else None
        mostly = " as most of this model has it" if options.order == "consistent" else ""
        if found == _BEFORE:
            yield Problem(
                layer,
                f"BatchNormalization stands behind the activation {activation.function},"
                f" not before it{mostly}",
                help="normalize first: layer without activation, BatchNormalization, then the"
                ' activation; or set `order = "activation-first"`',
                related=(Related(activation.layer.location, _named(activation)),),
                severity=severity,
                repair=repair,
            )
        else:
            yield Problem(
                layer,
                f"BatchNormalization stands before the activation {activation.function},"
                f" not behind it{mostly}",
                help='activate first, then BatchNormalization; or set `order = "bn-first"`',
                related=(Related(activation.layer.location, _named(activation)),),
                severity=severity,
                repair=repair,
            )


def _repair(
    norm: Layer, uses: list[tuple[Call, tuple[str, Activation]]], graph: LayerGraph
) -> Repair | None:
    """The repair, if each of the two layers is applied once in the source, and the change affects
    nothing else: no other call uses the tensors between them.
    """
    (start, (found, activation)), *_ = uses
    other = activation.layer
    if norm.wrapped_by or other.wrapped_by:
        return None
    is_linear = other in linear_layers(graph)
    if is_linear and len(other.calls) != len(norm.calls):
        return None
    for call, (side, each) in uses:
        # A model that is called applies all its layers again, at the place of that call.
        is_again = call is start or each.call.location == call.location
        first, last = (call, each.call) if side == _AFTER else (each.call, call)
        if each.layer is not other or not is_again or not is_alone_between(first, last):
            return None
        if is_linear and any(activations_after(call, graph)):
            return None
        if not is_linear and _would_meet_another(first, last):
            return None
    here = Use(norm.location, start.location)
    there = Use(other.location, activation.call.location)
    if found == _AFTER:
        return SwapLayers(here, there)
    return DetachActivation(there, here) if is_linear else SwapLayers(there, here)


def _would_meet_another(first: Call, last: Call) -> bool:
    """Whether swapping two neighbours would put one of them next to a third layer that normalizes
    already.
    """
    before = [tensor.producer for tensor in first.inputs]
    after = [consumer for tensor in last.outputs for consumer in tensor.consumers]
    return any(
        call is not None and is_batch_normalization(call.layer) for call in (*before, *after)
    )


def _named(activation: Activation) -> str:
    if activation.fused:
        return f"`activation={activation.function!r}` of {activation.layer.kind} comes first"
    return f"the activation {activation.function}"


def _order_of(call: Call, graph: LayerGraph) -> tuple[str, Activation] | None:
    """Whether a call is before or after its activation; ``None`` for neither, both or unknown.

    Between two activations it belongs to the second (pre-activation nets), unless the first is
    fused into the very layer it follows.
    """
    before = activation_before(call)
    after = list(activations_after(call, graph))
    if before is UNKNOWN or UNKNOWN in after:
        return None
    known = [activation for activation in after if isinstance(activation, Activation)]
    if isinstance(before, Activation) and (before.fused or not known):
        # On a shortcut from an activation that others use too, it comes before the activation
        # after the merge, which is bn-first as well.
        is_shortcut = not before.fused and not is_alone_between(before.call, call)
        joins = is_shortcut and any(activations_after(call, graph, through_merges=True))
        return None if joins else (_BEFORE, before)
    if known and before is None:
        return (_AFTER, known[0])
    return None


def _usual_order(graph: LayerGraph) -> str | None:
    """The order that most BatchNormalizations of the model have; ``None`` for a draw."""
    counts = {_BEFORE: 0, _AFTER: 0}
    for layer in batch_normalizations(graph):
        for call in calls_of(layer):
            order = _order_of(call, graph)
            if order is not None:
                counts[order[0]] += 1
    if counts[_BEFORE] == counts[_AFTER]:
        return None
    return max(counts, key=counts.__getitem__)
