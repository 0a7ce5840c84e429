"""What comes before and after a layer, searched through layers that may lie between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bnlint.graph import Call, Layer, LayerGraph, Origin, Tensor
from bnlint.keras_api import LayerSpec, Role, holds_batch_normalization
from bnlint.queries.activations import Activation
from bnlint.queries.kinds import acting, spec_of
from bnlint.queries.layers import activation, is_batch_normalization, is_pinned
from bnlint.queries.liveness import behind, is_live

# Kinds that keep each channel separate and do not reduce many positions to one number.
_BY_CHANNEL: Final = frozenset(
    {
        Role.ACTIVATION,
        Role.POOLING,
        Role.PADDING,
        Role.CROPPING,
        Role.RESHAPE,
        Role.UPSAMPLING,
        Role.NOISE,
        Role.IDENTITY,
    }
)
_OF_OUTPUTS: Final = frozenset({"softmax", "log_softmax", "sigmoid", "hard_sigmoid", "tanh"})
_MOST_STEPS: Final = 400


def is_symbolic(call: Call) -> bool:
    """Whether a call is known to take a tensor computed from a ``keras.Input``, so that it is a
    node of a Functional model.
    """
    return any(tensor.producer is None and tensor.origin is Origin.INPUT for tensor in behind(call))


def learning_in(layer: Layer) -> Iterator[Layer]:
    """The BatchNormalization layers in a layer or model (or the layer itself) that are known not
    to be frozen; for a model of ``keras.applications`` that has some, the model itself.
    """
    if layer.trainable is not True:
        return
    if is_batch_normalization(layer) or holds_batch_normalization(layer.kind):
        yield layer
    for inside in layer.holds:
        yield from learning_in(inside)


def source_through(tensor: Tensor, graph: LayerGraph) -> Call | None:
    """The call that computes ``tensor``, searched upstream past layers that change nothing.

    ``None`` where there is none, or where a tensor on the way has another use.
    """
    for _ in range(_MOST_STEPS):
        call = tensor.producer
        users = sum(is_live(consumer, graph) for consumer in tensor.consumers)
        if call is None or tensor.leaves or users > 1:
            return None
        layer = acting(call.layer)
        spec = spec_of(layer)
        if spec is None or not _changes_nothing(layer, spec):
            return call
        if len(call.inputs) != 1:
            return None
        tensor = call.inputs[0]
    return None


def _changes_nothing(layer: Layer, spec: LayerSpec) -> bool:
    if spec.role is Role.ACTIVATION:
        return activation(layer) is None
    return spec.role is Role.IDENTITY


def linear_before(call: Call) -> Layer | None:
    """The Dense or convolution layer whose output ``call`` takes, channel by channel."""
    for _ in range(_MOST_STEPS):
        producer = call.inputs[0].producer if len(call.inputs) == 1 else None
        if producer is None:
            return None
        layer = acting(producer.layer)
        spec = spec_of(layer)
        if spec is None:
            return None
        if spec.role is Role.LINEAR:
            return layer
        if not _is_by_channel(spec):
            return None
        call = producer
    return None


def normalizations_behind(call: Call, graph: LayerGraph) -> list[Layer]:
    """The BatchNormalization layers after ``call``, with no weight layer or merge in between.

    A global pooling, which averages noise away, or a frozen BatchNormalization ends the search.
    """
    found: dict[Layer, None] = {}
    seen: set[Tensor] = set()
    pending = list(call.outputs)
    while pending and len(seen) < _MOST_STEPS:
        tensor = pending.pop()
        if tensor in seen:
            continue
        seen.add(tensor)
        for consumer in tensor.consumers:
            layer = acting(consumer.layer)
            spec = spec_of(layer)
            if spec is None or not is_live(consumer, graph):
                continue
            if is_batch_normalization(layer):
                if not layer.is_class and not is_pinned(layer, consumer):
                    found[layer] = None
            elif _is_by_channel(spec):
                pending.extend(consumer.outputs)
    return list(found)


def _is_by_channel(spec: LayerSpec) -> bool:
    is_global = spec.role is Role.POOLING and spec.rank == 2
    return spec.role in _BY_CHANNEL and not is_global


def output_activation(call: Call, graph: LayerGraph) -> Activation | None:
    """The activation that turns the result of ``call`` directly into a model's output.

    ``None`` where there is none, or where the result of ``call`` has another use.
    """
    (output,) = call.outputs if len(call.outputs) == 1 else (None,)
    if output is None or output.leaves:
        return None
    users = [consumer for consumer in output.consumers if is_live(consumer, graph)]
    if len(users) != 1:
        return None
    layer = acting(users[0].layer)
    spec = spec_of(layer)
    if spec is None or spec.role is not Role.ACTIVATION:
        return None
    function = activation(layer)
    if not isinstance(function, str) or function not in _OF_OUTPUTS:
        return None
    last = users[0].outputs
    if not all(tensor.is_model_output and not _is_consumed(tensor, graph) for tensor in last):
        return None
    return Activation(layer, function, fused=False, call=users[0])


def _is_consumed(tensor: Tensor, graph: LayerGraph) -> bool:
    """Whether anything that leaves the graph is computed from ``tensor``."""
    return any(is_live(consumer, graph) for consumer in tensor.consumers)
