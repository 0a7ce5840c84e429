"""Activations around a BatchNormalization: the nearest ones before it and after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Tensor, Unknown
from bnlint.keras_api import Role
from bnlint.queries.axes import keeps_axes
from bnlint.queries.kinds import acting, spec_of
from bnlint.queries.layers import (
    activation,
)
from bnlint.queries.liveness import is_live

# Roles that BN301 allows between a BatchNormalization and an activation.
_LOOKED_THROUGH: Final = frozenset(
    {
        Role.POOLING,
        Role.DROPOUT,
        Role.PADDING,
        Role.CROPPING,
        Role.RESHAPE,
        Role.UPSAMPLING,
        Role.NOISE,
        Role.IDENTITY,
    }
)
_MOST_STEPS: Final = 400


class Activation(NamedTuple):
    """An activation next to a BatchNormalization.

    Attributes:
        layer: the activation layer, or the linear layer that it is fused into.
        function: its name, ``"relu"``.
        fused: it is the ``activation=`` of a linear layer that is directly next.
        call: the call that applies it.
    """

    layer: Layer
    function: str
    fused: bool
    call: Call


def activation_before(call: Call) -> Activation | Unknown | None:
    """The activation whose output a call normalizes. Pooling, dropout, padding, reshape and
    upsampling may lie between; the search stops at the first parametric layer, merge or input.
    """
    tensor = call.inputs[0] if call.inputs else None
    direct = True
    for _ in range(_MOST_STEPS):
        producer = tensor.producer if tensor is not None else None
        if producer is None:
            return None
        layer = acting(producer.layer)
        spec = spec_of(layer)
        if spec is None:
            return None
        function = activation(layer)
        if spec.role in (Role.LINEAR, Role.ACTIVATION) and function is not None:
            if function is UNKNOWN:
                return UNKNOWN
            return Activation(layer, function, direct and spec.role is Role.LINEAR, producer)
        if spec.role not in _LOOKED_THROUGH and spec.role is not Role.ACTIVATION:
            return None
        direct = False
        tensor = producer.inputs[0] if producer.inputs else None
    return None


def activations_after(
    call: Call, graph: LayerGraph, *, through_merges: bool = False
) -> Iterator[Activation | Unknown]:
    """The activations applied to the result of a call; see :func:`activation_before`.

    Args:
        call: where to start.
        graph: the graph that contains it.
        through_merges: also search after Add, Concatenate and other merges.
    """
    pending = list(call.outputs)
    starts_live = is_live(call, graph)
    seen: set[Tensor] = set()
    while pending and len(seen) < _MOST_STEPS:
        tensor = pending.pop()
        if tensor in seen:
            continue
        seen.add(tensor)
        for consumer in tensor.consumers:
            if starts_live and not is_live(consumer, graph):
                continue  # its result is not used
            layer = acting(consumer.layer)
            spec = spec_of(layer)
            if spec is None:
                continue
            if spec.role is Role.ACTIVATION:
                function = activation(layer)
                if function is UNKNOWN:
                    yield UNKNOWN
                elif function is not None:
                    yield Activation(layer, function, False, consumer)
                else:
                    pending.extend(consumer.outputs)
            elif spec.role in _LOOKED_THROUGH or (through_merges and spec.role is Role.MERGE):
                pending.extend(consumer.outputs)
    del graph


def is_alone_between(first: Call, last: Call) -> bool:
    """Whether the result of ``first`` goes to ``last`` and nowhere else.

    Layers in between may pool, drop or pad, but must keep the axes.
    """
    call = first
    for _ in range(_MOST_STEPS):
        if call is last:
            return True
        if len(call.outputs) != 1:
            return False
        (tensor,) = call.outputs
        if tensor.leaves or tensor.observed or len(tensor.consumers) != 1:
            return False
        call = tensor.consumers[0]
        spec = spec_of(acting(call.layer))
        if call is not last and (spec is None or not keeps_axes(spec)):
            return False
    return False
