"""The questions that rules ask of a layer graph.

Everything is answered from the graph and :mod:`bnlint.keras_api`; nothing here knows which reader
drew the graph. "Absorbed" is the theorem of DESIGN.md: a shift that is one number per channel is
removed exactly by a BatchNormalization over the channel axis in training mode.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from bnlint import keras_api
from bnlint.findings import Outcome
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Origin, Tensor, Unknown, Value
from bnlint.keras_api import LayerSpec, Role, Shift
from bnlint.queries.axes import (
    Format,
    axis_name,
    data_format,
    default_format,
    keeps_axes,
    rank,
    rank_behind,
    single_axis,
)
from bnlint.queries.kinds import TRANSPARENT_WRAPPERS, acting, spec_of

BATCH_NORMALIZATION: Final = "BatchNormalization"
SLIM: Final = "slim.batch_norm"
_NO_ACTIVATION: Final = (None, "linear", "identity")
# What BN301 looks through between a BatchNormalization and an activation.
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
_DEEPEST_SHIFT: Final = 250  # two frames of Python each


def is_batch_normalization(layer: Layer) -> bool:
    return layer.kind == BATCH_NORMALIZATION


def is_updated_by_ops(layer: Layer) -> bool:
    """Whether it is a batch normalization of TensorFlow 1, which leaves ops in `UPDATE_OPS`."""
    if layer.kind == SLIM:
        return True
    # `reuse` is an argument of the functions of `tf.layers` alone.
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
    """Whether a BatchNormalization runs, or may run, in inference mode whatever the model does."""
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
    """The applications of a layer, its wrapper's included."""
    if layer.wrapped_by is not None and layer.wrapped_by.kind in TRANSPARENT_WRAPPERS:
        return [*layer.calls, *calls_of(layer.wrapped_by)]
    return layer.calls


def activation(layer: Layer) -> str | Unknown | None:
    """The non-linear function that a layer applies to its output.

    Returns:
        Its name; ``None`` for a linear output; UNKNOWN where it can't be told.
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
    """EinsumDense: ``bias_axes`` must name the last output axis alone."""
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


# Liveness


def is_live(call: Call, graph: LayerGraph) -> bool:
    """Whether anything that leaves the graph depends on ``call``.

    A branch that was computed and dropped is in no model.
    """
    return call in _live(graph)


def _live(graph: LayerGraph) -> set[Call]:
    live = graph.memo.get("live")
    if live is None:
        live = graph.memo["live"] = _leading_to(graph, lambda tensor: tensor.leaves)
    assert isinstance(live, set)
    return live


def _leading_to(graph: LayerGraph, wanted: Callable[[Tensor], bool]) -> set[Call]:
    """The calls that return such a tensor, or what one is computed from."""
    found: set[Call] = set()
    pending = [
        call
        for layer in graph.layers
        for call in layer.calls
        if any(wanted(tensor) for tensor in call.outputs)
    ]
    while pending:
        call = pending.pop()
        if call in found:
            continue
        found.add(call)
        pending.extend(t.producer for t in call.inputs if t.producer is not None)
    return found


def is_used(call: Call, graph: LayerGraph) -> bool:
    """Whether the result of ``call`` is looked at or part of what leaves the graph."""
    if is_live(call, graph):
        return True
    used = graph.memo.get("used")
    if used is None:
        used = graph.memo["used"] = _leading_to(graph, lambda t: t.leaves or t.observed)
    assert isinstance(used, set)
    return call in used


def goes_on_without(call: Call, graph: LayerGraph) -> bool:
    """Whether anything that ``call``, which is not used, is computed from has another use.

    Where nothing has, the call is all that there is, as in a benchmark: there is no model that
    could do without it.
    """
    pending, seen = [call], {call}
    while pending:
        for tensor in pending.pop().inputs:
            others = (consumer for consumer in tensor.consumers if consumer not in seen)
            if tensor.leaves or tensor.observed or any(is_used(o, graph) for o in others):
                return True
            if tensor.producer is not None and tensor.producer not in seen:
                seen.add(tensor.producer)
                pending.append(tensor.producer)
    return False


def is_dropped(layer: Layer, graph: LayerGraph) -> bool:
    """Whether all that comes of a layer is thrown away beside a model: it is applied to tensors
    that the model is made of, and nothing that leaves the graph, or is looked at, depends on it.
    """
    key = ("dropped", layer)
    if key not in graph.memo:
        calls = calls_of(layer)
        hidden = layer.escaped or layer.observed or not graph.complete
        branches = set() if hidden or not calls else _branches(graph)
        graph.memo[key] = not branches.isdisjoint(calls) and not any(
            is_used(call, graph) for call in calls
        )
    return graph.memo[key] is True


def _branches(graph: LayerGraph) -> set[Call]:
    """The calls that are not live and computed from what a model is made of."""
    known = graph.memo.get("branches")
    if known is not None:
        assert isinstance(known, set)
        return known
    live = _live(graph)
    dead = [call for layer in graph.layers for call in layer.calls if call not in live]
    pending = [
        call
        for call in dead
        if any(t.leaves or not live.isdisjoint(t.consumers) for t in call.inputs)
    ]
    found: set[Call] = set()
    while pending:
        call = pending.pop()
        if call not in found:
            found.add(call)
            pending.extend(c for t in call.outputs for c in t.consumers if c not in live)
    graph.memo["branches"] = found
    return found


def behind(call: Call) -> Iterator[Tensor]:
    """Every tensor that a call is computed from, the nearest ones first, each once."""
    seen = set(call.inputs)
    pending = deque(dict.fromkeys(call.inputs))
    while pending:
        tensor = pending.popleft()
        yield tensor
        if tensor.producer is not None:
            news = [t for t in dict.fromkeys(tensor.producer.inputs) if t not in seen]
            seen.update(news)
            pending.extend(news)


# Channel axes


Side = Literal["first", "last"]


def _is_channel_axis(
    axis: Value, side: Side, tensor: Tensor, graph: LayerGraph, *, each_step: bool = False
) -> bool:
    """Whether ``axis`` is where the channels are. One that can't be evaluated is presumed to be:
    that is what it is for, and a wrong one is BN401's and BN402's to report.
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
    """Whether a tensor is what a Dense makes of an input whose rank nobody says: such an input is
    mostly a batch of vectors.
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


# Is the shift absorbed?


class _Shifted(NamedTuple):
    """A shift on its way: the same for each sample of a batch.

    Attributes:
        side: where its channels are.
        channels: how many, if that is known.
        is_even: it is one number per channel; else it differs from position to position too.
    """

    side: Side
    channels: int | None
    is_even: bool = True


_UNEVEN: Final = _Shifted("last", None, is_even=False)


def absorbers(layer: Layer, graph: LayerGraph) -> tuple[Layer, ...]:
    """The BatchNormalization layers that remove the bias of ``layer``, wherever it is applied.

    Empty where one call's output is used in another way too, leaves the graph, or can't be
    followed (DESIGN.md, "Is this bias redundant? The one theorem").
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


def _in_order(layers: Iterable[Layer], graph: LayerGraph) -> tuple[Layer, ...]:
    """Layers in the order of construction, whichever way the graph was walked."""
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
    """What absorbs a shift of ``tensor``; ``None`` where something sees it, or where it is not
    found within a great many layers.
    """
    if depth > _DEEPEST_SHIFT:
        return None
    key = ("absorbed", tensor, shift)
    if key not in graph.memo:
        graph.memo[key] = None  # a shift that came back to itself is absorbed by nothing
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
        return False  # Keras 1: mode 1 normalizes each sample by itself
    if not shift.is_even and rank(tensor, graph) != 2:
        return False  # its mean is taken over positions too, and they differ
    axis = layer.arguments.get("axis", -1)
    return _is_channel_axis(
        axis, shift.side, tensor, graph, each_step=call.layer.kind == "TimeDistributed"
    )


def _passed(
    layer: Layer, call: Call, tensor: Tensor, shift: _Shifted, graph: LayerGraph
) -> _Shifted | None:
    """The shift behind ``call``, where it is still one number per channel; else ``None``."""
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
    """Whether what a layer returns is looked at by a loss of its own."""
    return layer.arguments.get("activity_regularizer") is not None


def _is_affine_op(layer: Layer, call: Call) -> bool:
    """Whether what comes out has moved by the same for each sample where what goes in has."""
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
    """A BatchNormalization that does not absorb because it is pinned to inference, or may be: it
    scales and moves each channel by numbers of its own, so a shift stays one.
    """
    mode, axis = layer.arguments.get("mode"), layer.arguments.get("axis", -1)
    return mode in (None, 0, 2) and _is_channel_axis(axis, shift.side, tensor, graph)


def _is_zero(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == 0


def _is_one_per_group(layer: Layer, tensor: Tensor, shift: _Shifted) -> bool:
    """Whether each channel is a group: -1, which a layer that is built holds as their number."""
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
    """EinsumDense: what it makes of one number per channel may vary along the axes that the
    channels and the kernel give to the output, which must be the last one alone.
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
    """Whether the size of a kernel or stride is 1 along each axis."""
    if isinstance(size, (tuple, list)):
        return bool(size) and all(axis == 1 for axis in size)
    return size == 1


def _reduced(layer: Layer, tensor: Tensor, shift: _Shifted, graph: LayerGraph) -> _Shifted | None:
    """Mean or sum over axes that are neither the batch nor the channels."""
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


# Activations around a BatchNormalization


class Activation(NamedTuple):
    """An activation next to a BatchNormalization.

    Attributes:
        layer: the activation layer, or the linear layer that it is fused into.
        function: its name, ``"relu"``.
        fused: it is the ``activation=`` of a linear layer that stands directly there.
        call: its application.
    """

    layer: Layer
    function: str
    fused: bool
    call: Call


def activation_before(call: Call) -> Activation | Unknown | None:
    """The activation whose output a call normalizes, looking through pooling, dropout, padding,
    reshape and upsampling; stops at the first parametric layer, merge or input.
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
    """The activations that are applied to what a call returns, looked for in the same way.

    Args:
        call: where to start.
        graph: the graph that it is in.
        through_merges: look behind Add, Concatenate and the like too.
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
                continue  # what is computed there goes nowhere
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
    """Whether what ``first`` returns goes to ``last`` and nowhere else.

    What lies between may pool, drop or pad, but keep the axes.
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


# The axis of a BatchNormalization


class Misplaced(NamedTuple):
    """A BatchNormalization over another axis than the channels.

    Attributes:
        axis: as its argument says.
        format: the data format of its input, and the layer that gives it.
        name: what is on that axis: ``"height"``.
        is_batch: it is the batch axis, wrong under any format.
    """

    axis: int
    format: Format
    name: str
    is_batch: bool = False


def misplaced_axis(layer: Layer, call: Call, graph: LayerGraph) -> Misplaced | None:
    """What is wrong with the axis of a BatchNormalization at one call; ``None`` where nothing is
    known to be.

    A format that is only the backend's setting counts against it only where another
    BatchNormalization of the same model gets it right: without that, the author never meant the
    code for the other format.
    """
    key = ("misplaced", layer, call)
    if key not in graph.memo:
        graph.memo[key] = _misplaced_axis(layer, call, graph)
    known = graph.memo[key]
    assert known is None or isinstance(known, Misplaced)
    return known


def _misplaced_axis(layer: Layer, call: Call, graph: LayerGraph) -> Misplaced | None:
    axis = single_axis(layer.arguments.get("axis", -1))
    if axis is UNKNOWN or not call.inputs:
        return None
    tensor = call.inputs[0]
    axes = rank(tensor, graph)
    if axes is not UNKNOWN and call.layer.kind == "TimeDistributed":
        axes -= 1  # it is applied to each step
    if axes is UNKNOWN or axes <= 2:
        return None
    source = data_format(tensor, graph)
    if source is None:
        return None
    if axis in (0, -axes):
        return Misplaced(axis, source, "batch", is_batch=True)  # wrong under any format
    if not source.known:
        return None
    setting = default_format(source.layer, graph).name
    if source.literal and (source.name, setting) == ("channels_last", "channels_first"):
        return None  # a literal against the setting: which of the two is meant is unknown
    first = 1 + source.each_step - (call.layer.kind == "TimeDistributed")
    if first < 1:
        return None
    wanted = (-1, axes - 1) if source.name == "channels_last" else (first, first - axes)
    if axis in wanted:
        return None
    if source.name == "channels_first":
        known = source.literal or source.is_set
        certain = known or _another_is_right(layer, "channels_first", graph)
    else:
        certain = True
    name = axis_name(axis, axes, source.name, has_steps=first > 1)
    return Misplaced(axis, source, name) if certain else None


def axis_is_wrong(layer: Layer, graph: LayerGraph) -> bool:
    """Whether BN401 or BN402 has something to say of a BatchNormalization."""
    return any(misplaced_axis(layer, call, graph) is not None for call in calls_of(layer))


def _another_is_right(layer: Layer, name: str, graph: LayerGraph) -> bool:
    for other in batch_normalizations(graph):
        if other is layer:
            continue
        axis = single_axis(other.arguments.get("axis", -1))
        for call in other.calls:
            source = data_format(call.inputs[0], graph) if call.inputs else None
            if source is not None and source.name == name and axis == 1:
                return True
    return False
