"""Is the bias of a layer redundant? The shift that it adds is followed until a layer cancels it.

A shift that is one number per channel is removed exactly by a BatchNormalization over the channel
axis in training mode; ``docs/design.md`` has the theorem.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from bnlint import keras_api
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Tensor, Value
from bnlint.keras_api import LayerSpec, Role, Shift
from bnlint.queries.axes import default_format, rank, rank_behind, single_axis
from bnlint.queries.kinds import acting, spec_of
from bnlint.queries.layers import (
    activation,
    calls_of,
    is_batch_normalization,
    is_pinned,
)
from bnlint.queries.liveness import is_live

_MOST_STEPS: Final = 400
_DEEPEST_SHIFT: Final = 250  # two frames of Python each

Side = Literal["first", "last"]


def _is_channel_axis(
    axis: Value, side: Side, tensor: Tensor, graph: LayerGraph, *, each_step: bool = False
) -> bool:
    """Whether ``axis`` is the channel axis. An axis that can't be evaluated is presumed to be:
    that is its purpose, and BN401 and BN402 report a wrong one.
    """
    number = single_axis(axis)
    if number is UNKNOWN:
        return not isinstance(axis, (tuple, list)) or len(axis) == 1
    axes = rank(tensor, graph)
    if each_step and axes is not UNKNOWN:
        axes -= 1  # TimeDistributed applies it to each step
    if side == "last":
        if axes is UNKNOWN:
            return number == -1 or (number == 1 and _comes_from_dense(tensor))
        return number in (-1, axes - 1)
    return number == 1 or (axes is not UNKNOWN and number == 1 - axes)


def _comes_from_dense(tensor: Tensor) -> bool:
    """Whether a tensor is the output of a Dense on an input of unknown rank: such an input is
    usually a batch of vectors.
    """
    is_from_dense = False
    for _ in range(_MOST_STEPS):
        call = tensor.producer
        if call is None or not call.inputs:
            return is_from_dense
        is_from_dense |= call.layer.kind == "Dense"
        if rank_behind(acting(call.layer)) is not None or call.layer.kind == "Embedding":
            return False
        tensor = call.inputs[0]
    return False


class _Shifted(NamedTuple):
    """A shift on its way: the same for each sample of a batch.

    Attributes:
        side: where the channel axis is.
        channels: the number of channels, if known.
        is_even: it is one number per channel; otherwise it also differs between positions.
    """

    side: Side
    channels: int | None
    is_even: bool = True


_UNEVEN: Final = _Shifted("last", None, is_even=False)


def absorbers(layer: Layer, graph: LayerGraph) -> tuple[Layer, ...]:
    """The BatchNormalization layers that remove the bias of ``layer``, over all its calls.

    Empty where the output of a call also has another use, leaves the graph, or can't be
    followed (`docs/design.md`, "The theorem").
    """
    calls = calls_of(layer)
    live = [call for call in calls if is_live(call, graph)]
    if not live:
        return ()
    found: dict[Layer, None] = {}
    shift = _shift_of(layer, graph)
    for call in live:
        for tensor in call.outputs:
            behind = _absorbed(tensor, shift, graph)
            if behind is None:
                return ()
            found.update(dict.fromkeys(behind))
    return _in_order(found, graph)


def bias_is_seen(layer: Layer, graph: LayerGraph) -> bool:
    """Whether the bias of ``layer`` certainly has an effect, even if the graph is only a part of
    the network: the layer has an activation, or a known layer depends on the shift.
    """
    if activation(layer) is not None:
        return activation(layer) is not UNKNOWN
    shift = _shift_of(layer, graph)
    pending = [(t, shift) for call in calls_of(layer) if is_live(call, graph) for t in call.outputs]
    for tensor, moved in pending:  # the loop appends to it
        for call in tensor.consumers:
            following = acting(call.layer)
            if not is_live(call, graph) or _absorbs(following, call, tensor, moved, graph):
                continue
            passed = _passed(following, call, tensor, moved, graph) if moved.is_even else None
            if passed is not None:
                if len(pending) < _MOST_STEPS:
                    pending.extend((output, passed) for output in call.outputs)
            elif spec_of(following) is not None and not is_batch_normalization(following):
                return True
    return False


def _in_order(layers: Iterable[Layer], graph: LayerGraph) -> tuple[Layer, ...]:
    """Layers in the order of construction, independent of the order of the search."""
    order = graph.memo.get("order")
    if order is None:
        order = graph.memo["order"] = {layer: index for index, layer in enumerate(graph.layers)}
    assert isinstance(order, dict)
    return tuple(sorted(layers, key=lambda layer: order.get(layer, len(order))))


def _shift_of(layer: Layer, graph: LayerGraph) -> _Shifted:
    return _Shifted(_side_of(layer, graph), _width(layer))


def _side_of(layer: Layer, graph: LayerGraph) -> Side:
    spec = spec_of(layer)
    if spec is None or not spec.has_data_format:
        return "last"
    given = layer.arguments.get("data_format")
    if given is None:
        given = default_format(layer, graph).name
    return "first" if given == "channels_first" else "last"


def _absorbed(
    tensor: Tensor, shift: _Shifted, graph: LayerGraph, depth: int = 0
) -> tuple[Layer, ...] | None:
    """The layers that absorb a shift of ``tensor``; ``None`` where something depends on the shift,
    or where the search would go too deep.
    """
    if depth > _DEEPEST_SHIFT:
        return None
    key = ("absorbed", tensor, shift)
    if key not in graph.memo:
        graph.memo[key] = None  # in a cycle, nothing absorbs the shift
        graph.memo[key] = _absorbed_by_consumers(tensor, shift, graph, depth)
    known = graph.memo[key]
    assert known is None or isinstance(known, tuple)
    return known


def _absorbed_by_consumers(
    tensor: Tensor, shift: _Shifted, graph: LayerGraph, depth: int
) -> tuple[Layer, ...] | None:
    if tensor.leaves:
        return None
    found: dict[Layer, None] = {}
    consumers = [call for call in tensor.consumers if is_live(call, graph)]
    if not consumers:
        return None
    for call in consumers:
        layer = acting(call.layer)
        if _absorbs(layer, call, tensor, shift, graph):
            found[layer] = None
            continue
        passed = _passed(layer, call, tensor, shift, graph) if shift.is_even else None
        if passed is None:
            if not _is_affine_op(layer, call):
                return None
            passed = _UNEVEN
        for output in call.outputs:
            behind = _absorbed(output, passed, graph, depth + 1)
            if behind is None:
                return None
            found.update(dict.fromkeys(behind))
    return tuple(found)


def _absorbs(layer: Layer, call: Call, tensor: Tensor, shift: _Shifted, graph: LayerGraph) -> bool:
    if not is_batch_normalization(layer) or layer.is_class:
        return False
    if is_pinned(layer, call):
        return False
    if layer.arguments.get("mode") not in (None, 0, 2):
        return False  # Keras 1: mode 1 normalizes each sample separately
    if not shift.is_even and rank(tensor, graph) != 2:
        return False  # its mean is also over positions, and the shift differs between them
    axis = layer.arguments.get("axis", -1)
    return _is_channel_axis(
        axis, shift.side, tensor, graph, each_step=call.layer.kind == "TimeDistributed"
    )


def _passed(
    layer: Layer, call: Call, tensor: Tensor, shift: _Shifted, graph: LayerGraph
) -> _Shifted | None:
    """The shift after ``call``, where it is still one number per channel; else ``None``."""
    spec = spec_of(layer)
    arguments = layer.arguments
    if spec is None or call.wrong_operands or _is_penalized(layer):
        return None
    match spec.shift:
        case Shift.ALWAYS:
            if layer.kind == "Flatten":
                return _Shifted("last", None)
            if spec.role is Role.POOLING and spec.has_data_format:
                if _side_of(layer, graph) != shift.side:
                    return None  # it pools over the channels
                if spec.rank == 2 and shift.side == "first":
                    return _Shifted("last", shift.channels)
            return shift
        case Shift.SUM | Shift.CONSTANT:
            return shift
        case Shift.ABSORBS:
            return shift if _is_affine(layer, shift, tensor, graph) else None
        case Shift.SLICE:
            return _Shifted(shift.side, None)
        case Shift.RESIZE:
            return shift if arguments.get("pad_to_aspect_ratio", False) is False else None
        case Shift.IF_LINEAR:
            return shift if activation(layer) is None else None
        case Shift.IF_RATE_ZERO:
            return shift if _is_zero(arguments.get("rate")) else None
        case Shift.CONCATENATE:
            axis = arguments.get("axis", -1)
            return (
                _Shifted(shift.side, None)
                if _is_channel_axis(axis, shift.side, tensor, graph)
                else None
            )
        case Shift.RESHAPE:
            return _reshaped(layer, shift)
        case Shift.PERMUTE:
            return _permuted(layer, shift)
        case Shift.LINEAR:
            return _through_linear(layer, spec, shift, graph)
        case Shift.POINTWISE:
            is_pointwise = _is_one(arguments.get("kernel_size")) and _is_one(
                arguments.get("strides", 1)
            )
            return _through_linear(layer, spec, shift, graph) if is_pointwise else None
        case Shift.EINSUM:
            return _through_einsum(layer, shift)
        case Shift.SPATIAL_REDUCE:
            return _reduced(layer, tensor, shift, graph)
        case Shift.INSTANCE_NORM:
            return shift if _is_one_per_group(layer, tensor, shift) else None
        case Shift.SPATIAL_LAYER_NORM:
            return _reduced(layer, tensor, shift, graph)
        case _:
            return None


def _is_penalized(layer: Layer) -> bool:
    """Whether a layer has a loss on its own output."""
    return layer.arguments.get("activity_regularizer") is not None


def _is_affine_op(layer: Layer, call: Call) -> bool:
    """Whether an op turns a shift that is the same for each sample into another such shift."""
    spec = spec_of(layer)
    if spec is None or call.wrong_operands or _is_penalized(layer):
        return False
    if spec.shift is Shift.IF_RATE_ZERO:
        return _is_zero(layer.arguments.get("rate"))
    if spec.shift in (Shift.LINEAR, Shift.POINTWISE, Shift.EINSUM, Shift.IF_LINEAR):
        return activation(layer) is None
    if layer.kind == "Concatenate":
        axis = single_axis(layer.arguments.get("axis", -1))
        return axis is not UNKNOWN and (axis == -1 or axis > 0)
    if layer.kind == "Reshape" and layer.is_op:
        return False
    return layer.kind in keras_api.AFFINE


def _is_affine(layer: Layer, shift: _Shifted, tensor: Tensor, graph: LayerGraph) -> bool:
    """Whether a BatchNormalization does not absorb because it is, or may be, pinned to inference:
    it scales and moves each channel by its own numbers, so a shift stays a shift.
    """
    mode, axis = layer.arguments.get("mode"), layer.arguments.get("axis", -1)
    return mode in (None, 0, 2) and _is_channel_axis(axis, shift.side, tensor, graph)


def _is_zero(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == 0


def _is_one_per_group(layer: Layer, tensor: Tensor, shift: _Shifted) -> bool:
    """Whether each channel is a group: ``groups`` is -1, or in a built layer their number."""
    groups = layer.arguments.get("groups")
    channels = None
    if tensor.shape is not UNKNOWN and len(tensor.shape) > 2:
        channels = tensor.shape[-1 if shift.side == "last" else 1]
    return groups == -1 or (isinstance(groups, int) and groups == channels)


def _reshaped(layer: Layer, shift: _Shifted) -> _Shifted | None:
    if layer.kind == "Flatten":
        return _Shifted("last", None)
    target = layer.arguments.get("target_shape", layer.arguments.get("shape"))
    if (
        shift.side != "last"
        or shift.channels is None
        or not isinstance(target, tuple)
        or not target
    ):
        return None
    last = target[-1]
    if isinstance(last, int) and last > 0 and last % shift.channels == 0:
        return _Shifted("last", last)
    return None


def _permuted(layer: Layer, shift: _Shifted) -> _Shifted | None:
    dims = layer.arguments.get("dims")
    if shift.side == "last" and isinstance(dims, tuple) and dims and dims[-1] == len(dims):
        return shift
    perm = layer.arguments.get("perm", layer.arguments.get("axes"))
    if shift.side == "last" and isinstance(perm, tuple) and perm and perm[-1] == len(perm) - 1:
        return shift
    return None


def _through_linear(
    layer: Layer, spec: LayerSpec, shift: _Shifted, graph: LayerGraph
) -> _Shifted | None:
    if activation(layer) is not None or _side_of(layer, graph) != shift.side:
        return None
    if spec.has_data_format and not (
        layer.arguments.get("padding", "valid") == "valid"
        or _is_one(layer.arguments.get("kernel_size"))
    ):
        return None
    return _Shifted(shift.side, _width(layer))


def _width(layer: Layer) -> int | None:
    """The number of channels that a linear layer returns."""
    width = layer.arguments.get("filters", layer.arguments.get("units"))
    if width is None:
        shape = layer.arguments.get("output_shape")
        width = shape[-1] if isinstance(shape, tuple) and shape else shape
    return width if isinstance(width, int) else None


def _through_einsum(layer: Layer, shift: _Shifted) -> _Shifted | None:
    """EinsumDense: its output for one number per channel may vary along the output axes that come
    from the channels and the kernel; this must be the last axis only.
    """
    equation = layer.arguments.get("equation")
    if shift.side != "last" or activation(layer) is not None or not isinstance(equation, str):
        return None
    operands, arrow, output = equation.replace(" ", "").partition("->")
    tensor, comma, kernel = operands.partition(",")
    if not (arrow and comma and tensor[-1:].isalpha() and output[-1:].isalpha()):
        return None
    varying = {tensor[-1], *kernel} & set(output) - {"."}
    return _Shifted("last", _width(layer)) if varying <= {output[-1]} else None


def _is_one(size: Value) -> bool:
    """Whether a kernel size or stride is 1 along each axis."""
    if isinstance(size, (tuple, list)):
        return bool(size) and all(axis == 1 for axis in size)
    return size == 1


def _reduced(layer: Layer, tensor: Tensor, shift: _Shifted, graph: LayerGraph) -> _Shifted | None:
    """The shift after a mean or sum over axes that are neither the batch nor the channels."""
    axis = layer.arguments.get("axis")
    axes = list(axis) if isinstance(axis, (tuple, list)) else [axis]
    total = rank(tensor, graph)
    if total is UNKNOWN or not all(isinstance(a, int) for a in axes):
        return None
    channel = total - 1 if shift.side == "last" else 1
    reduced = {a % total for a in axes if isinstance(a, int)}
    if 0 in reduced or channel in reduced or not reduced:
        return None
    if spec_of(layer) is not None and layer.kind == "LayerNormalization":
        return shift if len(reduced) == total - 2 else None
    keeps = layer.arguments.get("keepdims") is True
    if shift.side == "first" and not keeps:
        return (
            shift
            if len(reduced) < total - 2 and min(reduced) > 1
            else _Shifted("last", shift.channels)
        )
    return shift
