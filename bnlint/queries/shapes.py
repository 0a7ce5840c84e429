"""The shapes of tensors, as far as sizes are known, and whether Keras would build such a model.

A model written for one data format can usually not be built in the other: a kernel is larger
than its input, or branches do not fit together. Measured with Keras 3 and tf_keras by
``tests/queries/test_shapes.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Shape, Size, Tensor, Unknown, Value
from bnlint.keras_api import LayerSpec, Role, Shift
from bnlint.queries.axes import format_of, single_axis
from bnlint.queries.kinds import acting, spec_of


class AtMost(NamedTuple):
    """An unknown size with a known upper bound."""

    size: int


_Bound: TypeAlias = Size | AtMost
_Sizes: TypeAlias = tuple[_Bound, ...] | Unknown


class _RefusedError(Exception):
    """Keras would not build the layer on its input."""


class _Applied(NamedTuple):
    """A layer applied to an input shape.

    Attributes:
        layer: the layer, without its wrapper.
        spec: what is known about its kind.
        sizes: of its first input, one for each axis.
        first: the channels are first; UNKNOWN where that is not known.
    """

    layer: Layer
    spec: LayerSpec
    sizes: tuple[_Bound, ...]
    first: bool | Unknown

    def argument(self, name: str, default: Value = None) -> Value:
        return self.layer.arguments.get(name, default)

    @property
    def channels(self) -> _Bound:
        return UNKNOWN if self.first is UNKNOWN else self.sizes[1 if self.first else -1]

    @property
    def spatial(self) -> tuple[_Bound, ...]:
        if self.first is UNKNOWN:
            return (UNKNOWN,) * (len(self.sizes) - 2)
        return self.sizes[2:] if self.first else self.sizes[1:-1]

    def joined(self, spatial: Iterable[_Bound], channels: _Bound) -> tuple[_Bound, ...]:
        """The shape with these spatial sizes and channels."""
        if self.first is UNKNOWN:
            return (self.sizes[0], *((UNKNOWN,) * (len(self.sizes) - 1)))
        inner = (channels, *spatial) if self.first else (*spatial, channels)
        return (self.sizes[0], *inner)


class Shapes:
    """The shapes in a graph.

    Attributes:
        is_refused: Keras would not build some layer on the shape of its input.
        is_doubtful: Keras would not build some layer if an unknown size is larger than one.
    """

    def __init__(
        self, calls: Sequence[Call], graph: LayerGraph, *, defaults_hold: bool = True
    ) -> None:
        """Infer the shapes of the results of calls.

        Args:
            calls: in the order in which they were made; only calls whose sizes can be trusted.
            graph: the graph that contains them.
            defaults_hold: an input whose shape is the default of a parameter has that shape.
        """
        self._defaults_hold = defaults_hold
        self.is_refused = False
        self.is_doubtful = False
        self._graph = graph
        self._known: dict[Tensor, _Sizes] = {}
        for call in calls:
            try:
                sizes = self._of_call(call)
            except _RefusedError:
                self.is_refused = True
                sizes = UNKNOWN
            if sizes is not UNKNOWN and len(call.outputs) == 1:
                self._known[call.outputs[0]] = sizes

    def of(self, tensor: Tensor) -> Shape:
        """The shape of a tensor; an axis with only an upper bound is UNKNOWN."""
        sizes = self._of(tensor)
        if sizes is UNKNOWN:
            return UNKNOWN
        return tuple(UNKNOWN if isinstance(size, AtMost) else size for size in sizes)

    def _of(self, tensor: Tensor) -> _Sizes:
        if tensor.producer is not None or tensor.shape is UNKNOWN:
            return self._known.get(tensor, UNKNOWN)
        if self._defaults_hold or not tensor.has_presumed_shape:
            return tensor.shape
        return (UNKNOWN,) * len(tensor.shape)

    def _of_call(self, call: Call) -> _Sizes:
        layer = acting(call.layer)
        spec = spec_of(layer)
        if spec is None or not call.inputs or call.wrong_operands:
            return UNKNOWN
        shapes = [self._of(tensor) for tensor in call.inputs]
        if spec.role is Role.MERGE:
            return _merged(layer, shapes)
        if len(shapes) > 1 or (layer.is_op and spec.role is not Role.ACTIVATION):
            return shapes[0] if _keeps_sizes(spec) else UNKNOWN
        if call.layer.kind != "TimeDistributed":
            return self._of_layer(layer, spec, shapes[0])
        if shapes[0] is UNKNOWN or len(shapes[0]) < 3:
            return UNKNOWN
        batch, steps, *rest = shapes[0]
        each = self._of_layer(layer, spec, (batch, *rest))
        return UNKNOWN if each is UNKNOWN else (batch, steps, *each[1:])

    def _of_layer(self, layer: Layer, spec: LayerSpec, sizes: _Sizes) -> _Sizes:
        if _keeps_sizes(spec):
            return sizes
        infer = _RULES.get(layer.kind)
        if infer is None:
            return UNKNOWN
        if spec.spatial is not None and layer.kind not in _OF_ANY_RANK:
            axes = spec.spatial + 2
            sizes = (UNKNOWN,) * axes if sizes is UNKNOWN else sizes
            if len(sizes) < axes:
                raise _RefusedError
            if len(sizes) > axes:
                return UNKNOWN  # Keras 2 treats extra axes as parts of the batch
        if sizes is UNKNOWN:
            return UNKNOWN
        applied = _Applied(layer, spec, sizes, self._is_first(layer, spec))
        self.is_doubtful |= _may_be_too_small(applied)
        return infer(applied)

    def _is_first(self, layer: Layer, spec: LayerSpec) -> bool | Unknown:
        if not spec.has_data_format:
            return False
        found = format_of(layer, self._graph)
        return UNKNOWN if found is None or not found.is_given else found.name == "channels_first"


def settle_format(calls: Sequence[Call], graph: LayerGraph) -> None:
    """Infer in which data format the models of a graph can be built, and store it in the graph.

    Args:
        calls: the calls of the graph in their order, only those whose sizes can be trusted.
        graph: the graph of a program; a built model needs no such proof.
    """
    shapes = Shapes(calls, graph)
    if shapes.is_refused and graph.image_data_format is UNKNOWN:
        graph.image_data_format = "channels_first"
        other = Shapes(calls, graph)
        if other.is_refused:
            graph.image_data_format = UNKNOWN
        else:
            shapes = other
    elif shapes.is_refused and graph.image_data_format == "channels_first":
        # A channels_first user does not keep a default that fits channels_last, which is what
        # everybody writes. A default that fits only channels_first is meant.
        shapes = Shapes(calls, graph, defaults_hold=False)
    if shapes.is_refused or shapes.is_doubtful:
        graph.can_be_built = False if shapes.is_refused else UNKNOWN
    graph.memo.clear()


def _keeps_sizes(spec: LayerSpec) -> bool:
    kept = (Role.ACTIVATION, Role.NORMALIZATION, Role.DROPOUT, Role.NOISE, Role.IDENTITY)
    return spec.role in kept or spec.shift is Shift.CONSTANT or spec.kind in _KEEP_SIZES


_KEEP_SIZES: Final = frozenset(
    {"Rescaling", "Normalization", "Masking", "Negative", "BiasAdd", "Clip", "Elementwise"}
)
# They accept single images and batches of images.
_OF_ANY_RANK: Final = frozenset({"Resizing", "CenterCrop"})


# Sizes along one axis


def _each(value: Value, count: int) -> tuple[int | Unknown, ...]:
    """An argument that is one number for each axis, or one number for all axes."""
    values = value if isinstance(value, (tuple, list)) else (value,) * count
    if len(values) == 1:
        values = (values[0],) * count
    if len(values) != count:
        return (UNKNOWN,) * count
    return tuple(v if isinstance(v, int) and v > 0 else UNKNOWN for v in values)


def _window(
    size: _Bound,
    kernel: int | Unknown,
    stride: int | Unknown,
    padding: Value,
) -> _Bound:
    """The number of window positions along an axis of ``size``."""
    padding = padding.lower() if isinstance(padding, str) else padding
    if size is None or size is UNKNOWN or padding not in ("valid", "same", "causal"):
        return None if size is None else UNKNOWN
    most = size.size if isinstance(size, AtMost) else size
    is_exact = isinstance(size, int) and stride is not UNKNOWN
    if padding == "valid":
        is_exact = is_exact and kernel is not UNKNOWN
        most -= 0 if kernel is UNKNOWN else kernel - 1
        if most < 1:
            raise _RefusedError
    most = most if stride is UNKNOWN else math.ceil(most / stride)
    return most if is_exact else AtMost(most)


def _product(sizes: Iterable[_Bound]) -> Size:
    total = 1
    for size in sizes:
        if size is None:
            return None
        if not isinstance(size, int):
            return UNKNOWN
        total *= size
    return total


def _scaled(size: _Bound, factor: int | Unknown) -> _Bound:
    if isinstance(size, int) and factor is not UNKNOWN:
        return size * factor
    return None if size is None else UNKNOWN


def _may_be_too_small(applied: _Applied) -> bool:
    """Whether a window of unknown size slides over an axis of size one."""
    kernel = applied.argument("kernel_size", applied.argument("pool_size"))
    if kernel is None or applied.argument("padding", "valid") != "valid":
        return False
    sizes = applied.spatial
    return any(
        wide is UNKNOWN and size in (1, AtMost(1))
        for size, wide in zip(sizes, _each(kernel, len(sizes)), strict=True)
    )


# Layers


def _convolved(applied: _Applied) -> _Sizes:
    spatial = _windows(applied, applied.argument("kernel_size"), applied.argument("strides", 1))
    return applied.joined(spatial, _filters(applied))


def _windows(applied: _Applied, kernel: Value, strides: Value) -> list[_Bound]:
    sizes = applied.spatial
    count = len(sizes)
    dilation = _each(applied.argument("dilation_rate", 1), count)
    kernels = [
        UNKNOWN if UNKNOWN in (wide, far) else _spread(wide, far)
        for wide, far in zip(_each(kernel, count), dilation, strict=True)
    ]
    steps = _each(strides, count)
    padding = applied.argument("padding", "valid")
    return [
        _window(size, wide, step, padding)
        for size, wide, step in zip(sizes, kernels, steps, strict=True)
    ]


def _spread(kernel: int | Unknown, dilation: int | Unknown) -> int | Unknown:
    if kernel is UNKNOWN or dilation is UNKNOWN:
        return UNKNOWN
    return (kernel - 1) * dilation + 1


def _filters(applied: _Applied) -> _Bound:
    """The channels after a convolution; Keras must know the channels before it and the groups."""
    channels, groups = applied.channels, applied.argument("groups", 1)
    if channels is None:
        raise _RefusedError
    filters = applied.argument("filters")
    if "Depthwise" in applied.layer.kind:
        return _scaled(channels, _each(applied.argument("depth_multiplier", 1), 1)[0])
    for count in (channels, filters):
        if isinstance(count, int) and isinstance(groups, int) and groups > 1 and count % groups:
            raise _RefusedError
    return filters if isinstance(filters, int) else UNKNOWN


def _transposed(applied: _Applied) -> _Sizes:
    sizes = applied.spatial
    count = len(sizes)
    dilation = _each(applied.argument("dilation_rate", 1), count)
    more = applied.argument("output_padding")
    arguments = zip(
        sizes,
        map(_spread, _each(applied.argument("kernel_size"), count), dilation),
        _each(applied.argument("strides", 1), count),
        (None,) * count if more is None else _each(more, count),
        strict=True,
    )
    padding = applied.argument("padding", "valid")
    return applied.joined([_widened(*each, padding) for each in arguments], _filters(applied))


def _widened(
    size: _Bound,
    kernel: int | Unknown,
    stride: int | Unknown,
    more: int | Unknown | None,
    padding: Value,
) -> _Bound:
    if not isinstance(size, int) or kernel is UNKNOWN or stride is UNKNOWN:
        return None if size is None else UNKNOWN
    if more is not None or padding not in ("valid", "same"):
        return UNKNOWN
    return size * stride + (max(kernel - stride, 0) if padding == "valid" else 0)


def _pooled(applied: _Applied) -> _Sizes:
    size, strides = applied.argument("pool_size", 2), applied.argument("strides")
    spatial = _windows(applied, size, size if strides is None else strides)
    return applied.joined(spatial, applied.channels)


def _pooled_globally(applied: _Applied) -> _Sizes:
    keeps = applied.argument("keepdims", False)
    if keeps is True:
        return applied.joined([1] * len(applied.spatial), applied.channels)
    return (applied.sizes[0], applied.channels) if keeps is False else UNKNOWN


def _margins(value: Value, count: int) -> list[int | Unknown]:
    """The total padding or cropping along each axis."""
    if count == 1:
        pairs: list[Value] = [value]
    else:
        pairs = list(value) if isinstance(value, (tuple, list)) else [value] * count
    if len(pairs) != count:
        return [UNKNOWN] * count
    return [_margin(pair) for pair in pairs]


def _margin(pair: Value) -> int | Unknown:
    if isinstance(pair, int):
        return 2 * pair
    if isinstance(pair, (tuple, list)) and len(pair) == 2:
        before, behind = pair
        if isinstance(before, int) and isinstance(behind, int):
            return before + behind
    return UNKNOWN


def _padded(applied: _Applied) -> _Sizes:
    margins = _margins(applied.argument("padding"), len(applied.spatial))
    spatial = [_grown(size, more) for size, more in zip(applied.spatial, margins, strict=True)]
    return applied.joined(spatial, applied.channels)


def _cropped(applied: _Applied) -> _Sizes:
    margins = _margins(applied.argument("cropping"), len(applied.spatial))
    less = [UNKNOWN if margin is UNKNOWN else -margin for margin in margins]
    spatial = [_grown(size, more) for size, more in zip(applied.spatial, less, strict=True)]
    return applied.joined(spatial, applied.channels)


def _grown(size: _Bound, more: int | Unknown) -> _Bound:
    if size is None or size is UNKNOWN or more is UNKNOWN:
        return None if size is None else UNKNOWN
    if isinstance(size, AtMost):
        return AtMost(max(size.size + more, 1))
    if size + more < 1:
        raise _RefusedError
    return size + more


def _enlarged(applied: _Applied) -> _Sizes:
    factors = _each(applied.argument("size", 2), len(applied.spatial))
    return applied.joined(map(_scaled, applied.spatial, factors), applied.channels)


def _resized(applied: _Applied) -> _Sizes:
    if len(applied.sizes) != 4:
        return UNKNOWN
    height, width = applied.argument("height"), applied.argument("width")
    new = [size if isinstance(size, int) else UNKNOWN for size in (height, width)]
    return applied.joined(new, applied.channels)


def _dense(applied: _Applied) -> _Sizes:
    if applied.sizes[-1] is None:
        raise _RefusedError
    units = applied.argument("units")
    return (*applied.sizes[:-1], units if isinstance(units, int) else UNKNOWN)


def _flattened(applied: _Applied) -> _Sizes:
    return (applied.sizes[0], _product(applied.sizes[1:]))


def _reshaped(applied: _Applied) -> _Sizes:
    target = applied.argument("target_shape")
    if not isinstance(target, tuple) or not all(isinstance(size, int) for size in target):
        return (
            (applied.sizes[0], *((UNKNOWN,) * len(target)))
            if isinstance(target, tuple)
            else UNKNOWN
        )
    total = _product(applied.sizes[1:])
    told = math.prod(size for size in target if size != -1)
    if isinstance(total, int) and (total % told if -1 in target else total != told):
        raise _RefusedError
    rest = total // told if isinstance(total, int) else total
    return (applied.sizes[0], *(rest if size == -1 else size for size in target))


def _permuted(applied: _Applied) -> _Sizes:
    dims = applied.argument("dims")
    if not isinstance(dims, tuple) or not all(isinstance(axis, int) for axis in dims):
        return UNKNOWN
    if sorted(dims) != list(range(1, len(applied.sizes))):
        raise _RefusedError
    return (applied.sizes[0], *(applied.sizes[axis] for axis in dims))


def _repeated(applied: _Applied) -> _Sizes:
    count = applied.argument("n")
    if len(applied.sizes) != 2:
        raise _RefusedError
    return (applied.sizes[0], count if isinstance(count, int) else UNKNOWN, applied.sizes[1])


def _recurrent(applied: _Applied) -> _Sizes:
    units, sequences = applied.argument("units"), applied.argument("return_sequences", False)
    if len(applied.sizes) != 3:
        raise _RefusedError
    if applied.argument("return_state", False) is not False or not isinstance(sequences, bool):
        return UNKNOWN
    width = units if isinstance(units, int) else UNKNOWN
    return (*applied.sizes[: 2 if sequences else 1], width)


def _embedded(applied: _Applied) -> _Sizes:
    width = applied.argument("output_dim")
    return (*applied.sizes, width if isinstance(width, int) else UNKNOWN)


# Merges


def _merged(layer: Layer, shapes: Sequence[_Sizes]) -> _Sizes:
    known = [shape for shape in shapes if shape is not UNKNOWN]
    if len(known) != len(shapes):
        return UNKNOWN
    if layer.kind == "Concatenate":
        return _concatenated(single_axis(layer.arguments.get("axis", -1)), known)
    if layer.kind not in _ELEMENTWISE:
        return UNKNOWN
    result = known[0]
    for other in known[1:]:
        result = _broadcast(result, other)
    return result


_ELEMENTWISE: Final = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})


def _broadcast(one: tuple[_Bound, ...], other: tuple[_Bound, ...]) -> tuple[_Bound, ...]:
    """The shape of an element-wise result; axes are aligned from the last one."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    fits = range(1, min(len(shorter), len(longer)))  # the batch is not compared
    if any(_differ(longer[-axis], shorter[-axis]) for axis in fits):
        raise _RefusedError
    if len(longer) > len(shorter):
        return (longer[0], *((UNKNOWN,) * (len(longer) - 1)))
    inner = (_larger(a, b) for a, b in zip(one[1:], other[1:], strict=True))
    return (one[0], *inner)


def _differ(one: _Bound, other: _Bound) -> bool:
    exact = isinstance(one, int) and isinstance(other, int)
    return exact and one != other and 1 not in (one, other)


def _larger(one: _Bound, other: _Bound) -> _Bound:
    for size, against in ((one, other), (other, one)):
        if isinstance(size, int) and (size > 1 or against == 1):
            return size
    return None if one is None and other is None else UNKNOWN


def _concatenated(axis: int | Unknown, shapes: Sequence[tuple[_Bound, ...]]) -> _Sizes:
    axes = len(shapes[0])
    if any(len(shape) != axes for shape in shapes):
        raise _RefusedError
    if axis is UNKNOWN or not -axes <= axis < axes or axis % axes == 0:
        return (UNKNOWN,) * axes  # over the batch by a mistake that BN402 reports
    result: list[_Bound] = []
    for place, sizes in enumerate(zip(*shapes, strict=True)):
        exact = {size for size in sizes if isinstance(size, int)}
        if place == axis % axes:
            result.append(_total(sizes))
        elif place and len(exact) > 1:
            raise _RefusedError
        else:
            result.append(exact.pop() if exact else sizes[0])
    return tuple(result)


def _total(sizes: Iterable[_Bound]) -> Size:
    total = 0
    for size in sizes:
        if size is None:
            return None
        if not isinstance(size, int):
            return UNKNOWN
        total += size
    return total


def _of_each(names: Iterable[str], rule: Callable[[_Applied], _Sizes], *numbers: int) -> _Table:
    return {f"{name}{number}D": rule for name in names for number in numbers}


_Table: TypeAlias = dict[str, Callable[[_Applied], _Sizes]]
_RULES: Final[_Table] = {
    **_of_each(("Conv", "SeparableConv", "DepthwiseConv"), _convolved, 1, 2, 3),
    "Conv1DTranspose": _transposed,
    "Conv2DTranspose": _transposed,
    "Conv3DTranspose": _transposed,
    **_of_each(("MaxPooling", "AveragePooling"), _pooled, 1, 2, 3),
    **_of_each(("GlobalMaxPooling", "GlobalAveragePooling"), _pooled_globally, 1, 2, 3),
    **_of_each(("ZeroPadding",), _padded, 1, 2, 3),
    **_of_each(("Cropping",), _cropped, 1, 2, 3),
    **_of_each(("UpSampling",), _enlarged, 1, 2, 3),
    "Resizing": _resized,
    "CenterCrop": _resized,
    "Dense": _dense,
    "Flatten": _flattened,
    "Reshape": _reshaped,
    "Permute": _permuted,
    "RepeatVector": _repeated,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "SimpleRNN": _recurrent,
    "Embedding": _embedded,
}
