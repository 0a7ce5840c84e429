"""What a layer of a graph is and has: its kind, its calls, its bias, its fused activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bnlint.findings import Outcome
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Origin, Tensor, Unknown
from bnlint.keras_api import Role
from bnlint.queries.kinds import TRANSPARENT_WRAPPERS, spec_of

BATCH_NORMALIZATION: Final = "BatchNormalization"
SLIM: Final = "slim.batch_norm"
_NO_ACTIVATION: Final = (None, "linear", "identity")


def is_batch_normalization(layer: Layer) -> bool:
    return layer.kind == BATCH_NORMALIZATION


def is_updated_by_ops(layer: Layer) -> bool:
    """Whether it is a batch normalization of TensorFlow 1, which adds ops to `UPDATE_OPS`."""
    if layer.kind == SLIM:
        return True
    # Only the functions of `tf.layers` have the argument `reuse`.
    from_tensorflow = layer.path.startswith(("tensorflow.layers.", "tensorflow.compat.v1.layers."))
    return is_batch_normalization(layer) and (from_tensorflow or "reuse" in layer.arguments)


def batch_normalizations(graph: LayerGraph) -> list[Layer]:
    """The BatchNormalization layers of a graph."""
    return _layers(graph, "normalizations", is_batch_normalization)


def linear_layers(graph: LayerGraph) -> list[Layer]:
    """The layers with a kernel and perhaps a bias: Dense, convolutions, …"""
    return _layers(graph, "linear", _is_linear)


def dropouts(graph: LayerGraph) -> list[Layer]:
    """The layers that zero or scale values at random in training: Dropout, SpatialDropout2D, …"""
    return _layers(graph, "dropouts", _is_dropout)


def _is_dropout(layer: Layer) -> bool:
    spec = spec_of(layer)
    return spec is not None and spec.role is Role.DROPOUT


def is_pinned(layer: Layer, call: Call) -> bool:
    """Whether a BatchNormalization runs, or may run, in inference mode in any mode of the model."""
    pinned = layer.trainable is not True or call.layer.trainable is not True
    return pinned or call.arguments.get("training") is False


def _is_linear(layer: Layer) -> bool:
    spec = spec_of(layer)
    return spec is not None and spec.role is Role.LINEAR


def _layers(graph: LayerGraph, name: str, wanted: Callable[[Layer], bool]) -> list[Layer]:
    found = graph.memo.get(name)
    if found is None:
        found = graph.memo[name] = [layer for layer in graph.layers if wanted(layer)]
    assert isinstance(found, list)
    return found


def calls_of(layer: Layer) -> list[Call]:
    """The calls of a layer, including the calls of its wrapper."""
    if layer.wrapped_by is not None and layer.wrapped_by.kind in TRANSPARENT_WRAPPERS:
        return [*layer.calls, *calls_of(layer.wrapped_by)]
    return layer.calls


def activation(layer: Layer) -> str | Unknown | None:
    """The non-linear function that a layer applies to its output.

    Returns:
        Its name; ``None`` for a linear output; UNKNOWN where it can't be inferred.
    """
    spec = spec_of(layer)
    if spec is None:
        return None
    if spec.activation is not None and spec.activation != "?":
        return spec.activation
    if spec.activation is None and spec.role is not Role.LINEAR:
        return None
    function = layer.arguments.get("activation")
    if function in _NO_ACTIVATION:
        return None
    return function if isinstance(function, str) else UNKNOWN


def bias(layer: Layer) -> bool | Unknown:
    """Whether a linear layer adds a bias that is one number per channel of its output."""
    spec = spec_of(layer)
    if spec is None or spec.role is not Role.LINEAR or spec.bias is None:
        return False
    if spec.bias == "use_bias":
        flag = layer.arguments.get("use_bias", True)
        if flag is UNKNOWN:
            return UNKNOWN
        return bool(flag)
    return _einsum_bias(layer)


def _einsum_bias(layer: Layer) -> bool | Unknown:
    """EinsumDense: ``bias_axes`` must name only the last output axis."""
    axes = layer.arguments.get("bias_axes")
    equation = layer.arguments.get("equation")
    if axes is None:
        return False
    if not isinstance(axes, str) or not isinstance(equation, str):
        return UNKNOWN
    return len(axes) == 1 and equation.rstrip().endswith(axes)


def reading_outcome(layer: Layer, graph: LayerGraph) -> Outcome:
    """How the reading of one BatchNormalization ended in one graph."""
    applications = calls_of(layer)
    for call in applications:
        for tensor in call.inputs[:1]:
            if tensor.producer is not None or tensor.origin is not Origin.UNKNOWN:
                return Outcome.UNDERSTOOD
        if call.wrong_operands:
            return Outcome.UNDERSTOOD
    if applications:
        return Outcome.UNKNOWN_INPUT
    if any(isinstance(value, Tensor) for value in layer.arguments.values()):
        return Outcome.UNDERSTOOD
    if layer.escaped or layer.observed or layer.wrapped_by is not None:
        return Outcome.ESCAPED
    return Outcome.UNDERSTOOD if graph.complete else Outcome.CUT
