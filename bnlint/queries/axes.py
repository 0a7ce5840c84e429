"""The axes of tensors: their number, their format, and the axis that an argument names.

Inferred from the graph and :mod:`bnlint.keras_api` where no shape is known.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from bnlint.graph import UNKNOWN, Layer, LayerGraph, Tensor, Unknown, Value
from bnlint.keras_api import LayerSpec, Role, Shift
from bnlint.queries.kinds import acting, spec_of

_MOST_STEPS: Final = 400
_DEEPEST_MERGE: Final = 4  # successive merges without a layer that determines the rank


class Format(NamedTuple):
    """The data format of a tensor and the layer that determines it.

    Attributes:
        name: ``"channels_first"`` or ``"channels_last"``.
        layer: the nearest upstream layer that has a data format.
        literal: the format is an argument of that layer, not the backend's setting.
        known: it is not just presumed to be the default.
        is_given: the layer's argument, if it has one, is known.
        each_step: that layer is applied to each step of a sequence, so that the steps come first.
        is_set: the program has set the backend's format before.
    """

    name: str
    layer: Layer
    literal: bool
    known: bool = True
    each_step: bool = False
    is_set: bool = False
    is_given: bool = True


def data_format(tensor: Tensor, graph: LayerGraph) -> Format | None:
    """The format of ``tensor``, from the nearest convolution, pooling, … before it.

    ``None`` where there is none, after Flatten, Dense or Reshape, or where no layer before makes
    channels: bnlint does not judge the axes of an input. An unknown format is taken for the
    default.
    """
    nearest: Format | None = None
    for _ in range(_MOST_STEPS):
        call = tensor.producer
        if call is None or not call.inputs:
            return None
        layer = acting(call.layer)
        spec = spec_of(layer)
        if spec is None:
            return nearest
        if spec.has_data_format and spec.rank is not None and spec.rank > 2:
            found = format_of(layer, graph)
            if found is not None and call.layer is not layer:
                found = found._replace(each_step=call.layer.kind == "TimeDistributed")
            if found is None or not keeps_axes(spec):
                return found
            # A pooling or padding in a wrong format works on other axes. The channels stay where
            # the convolution before it has put them.
            nearest = nearest or found
        elif spec.role in (
            Role.RESHAPE,
            Role.LINEAR,
            Role.RECURRENT,
            Role.ATTENTION,
            Role.EMBEDDING,
        ) or not (keeps_axes(spec) and layer.kind not in _MOVE_AXES):
            return nearest
        tensor = call.inputs[0]
    return nearest


_SPATIAL: Final = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def axis_name(axis: int, axes: int, format_name: str, *, has_steps: bool) -> str:
    """What is on ``axis`` of a tensor of rank ``axes``: ``"height"``.

    Args:
        axis: counted from 0, or negative from the end.
        axes: the number of axes with the batch axis.
        format_name: ``"channels_first"`` or ``"channels_last"``.
        has_steps: the first axis after the batch is the steps of a sequence.
    """
    steps = ("time steps",) if has_steps else ()
    spatial = _SPATIAL.get(axes - 2 - len(steps), ())
    inner = ("channels", *spatial) if format_name == "channels_first" else (*spatial, "channels")
    names = ("batch", *steps, *inner)
    return names[axis] if len(names) == axes and -axes <= axis < axes else "wrong axis"


def format_of(layer: Layer, graph: LayerGraph) -> Format | None:
    """The data format of a layer; an unknown one is taken for the default."""
    given = layer.arguments.get("data_format")
    if given in ("channels_first", "channels_last"):
        return Format(str(given), layer, literal=True)
    if given is UNKNOWN:
        return Format("channels_last", layer, literal=False, known=False, is_given=False)
    return default_format(layer, graph) if given is None else None


def default_format(layer: Layer, graph: LayerGraph) -> Format:
    """The format of a layer to which no ``data_format`` is passed."""
    if layer.set_format is not None:
        known = layer.set_format is not UNKNOWN
        name = str(layer.set_format) if known else "channels_last"
        return Format(name, layer, literal=False, known=known, is_set=known, is_given=known)
    if graph.image_data_format is not UNKNOWN:
        return Format(str(graph.image_data_format), layer, literal=False)
    return Format("channels_last", layer, literal=False, known=not graph.format_is_doubtful)


# Merges and splits after which the axes, or their number, may differ.
_MOVE_AXES: Final = frozenset({"Dot", "Matmul", "Split", "Stack", "Where"})
_KEEP_RANK: Final = frozenset(
    {
        *("Dense", "Embedding", "Rescaling", "Normalization", "Permute", "Transpose"),
        *("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"),
        *("Negative", "BiasAdd", "Reverse", "Roll", "Elementwise", "Clip", "Masking"),
        "ActivityRegularization",
    }
)
"""Kinds whose output has as many axes as their input, whatever they mean; Embedding adds one."""


def keeps_axes(spec: LayerSpec) -> bool:
    """Whether the output of such a layer has the axes of its input, in their order."""
    return (
        spec.role
        in (
            Role.ACTIVATION,
            Role.NORMALIZATION,
            Role.MERGE,
            Role.DROPOUT,
            Role.NOISE,
            Role.IDENTITY,
            Role.PADDING,
            Role.CROPPING,
            Role.UPSAMPLING,
        )
        or (spec.role is Role.POOLING and spec.rank is not None and spec.rank > 2)
        or (spec.shift is Shift.CONSTANT)
    )


def rank(tensor: Tensor, graph: LayerGraph, depth: int = 0) -> int | Unknown:
    """The number of axes of ``tensor``, the batch axis included."""
    more = 0
    for _ in range(_MOST_STEPS):
        if tensor.shape is not UNKNOWN:
            return len(tensor.shape) + more
        call = tensor.producer
        if call is None or not call.inputs:
            return _shown_by_others(tensor, more)
        layer = acting(call.layer)
        steps = 1 if call.layer.kind == "TimeDistributed" else 0
        found = rank_behind(layer)
        if found is UNKNOWN:
            return _shown_by_others(tensor, more)
        if found is not None:
            return found + steps + more
        spec = spec_of(layer)
        if spec is not None and spec.role is Role.MERGE and depth < _DEEPEST_MERGE:
            ranks = [rank(operand, graph, depth + 1) for operand in set(call.inputs)]
            # Merged tensors mostly have the same rank; the largest is the rank of the result.
            known = [number for number in ranks if number is not UNKNOWN]
            told = (
                layer.kind == "Concatenate" or len(known) == len(ranks) or max(known, default=0) > 2
            )
            return max(known) + more if known and told else _shown_by_others(tensor, more)
        more += layer.kind == "Embedding"
        tensor = call.inputs[0]
    return UNKNOWN


def _shown_by_others(tensor: Tensor, more: int) -> int | Unknown:
    """The rank required by a layer of fixed rank that takes the same tensor."""
    for call in tensor.consumers:
        layer = acting(call.layer)
        spec = spec_of(layer)
        fixes = spec is not None and spec.role in _FIXING and not layer.is_op
        if fixes and spec is not None and spec.spatial is not None:
            return spec.spatial + 2 + (call.layer.kind == "TimeDistributed") + more
    return UNKNOWN


_FIXING: Final = frozenset({Role.LINEAR, Role.POOLING, Role.PADDING, Role.CROPPING})


def rank_behind(layer: Layer) -> int | Unknown | None:
    """The rank of a layer's output; ``None`` where it equals, or depends on, the input's rank."""
    if layer.kind == "Bidirectional" and layer.wraps is not None:
        if layer.arguments.get("merge_mode", "concat") is None:
            return UNKNOWN
        layer = layer.wraps
    spec = spec_of(layer)
    if spec is None:
        return UNKNOWN
    if spec.rank is not None:
        keeps = spec.role is Role.POOLING and layer.arguments.get("keepdims")
        return UNKNOWN if keeps else spec.rank
    if spec.role is Role.RECURRENT:
        return _rank_of_recurrent(spec, layer)
    if layer.kind == "Reshape":
        target = layer.arguments.get("target_shape")
        whole = layer.arguments.get("shape")  # of the function; includes the batch axis
        if isinstance(target, tuple):
            return len(target) + 1
        return len(whole) if isinstance(whole, tuple) else UNKNOWN
    if layer.kind == "EinsumDense":
        equation = layer.arguments.get("equation")
        if not isinstance(equation, str) or "..." in equation or "->" not in equation:
            return UNKNOWN
        return len(equation.partition("->")[2].strip())
    follows = keeps_axes(spec) and layer.kind not in _MOVE_AXES
    return None if follows or layer.kind in _KEEP_RANK else UNKNOWN


def _rank_of_recurrent(spec: LayerSpec, layer: Layer) -> int | Unknown:
    """The rank of a recurrent layer's output: with its steps, or without."""
    sequences = layer.arguments.get("return_sequences")
    if spec.spatial is not None or not isinstance(sequences, bool):
        return UNKNOWN
    return 3 if sequences else 2


def single_axis(value: Value) -> int | Unknown:
    """An ``axis`` argument as one number; K2 configs hold ``[3]``."""
    if isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return UNKNOWN


def same_axis(one: Value, other: Value, axes: int | Unknown) -> bool:
    """Whether two ``axis`` arguments are known to name one axis of a tensor of rank ``axes``."""
    first, second = single_axis(one), single_axis(other)
    if first is UNKNOWN or second is UNKNOWN:
        return False
    if first == second:
        return True
    return axes is not UNKNOWN and first % axes == second % axes
