"""The axis that a BatchNormalization normalizes, and the axis that it should normalize."""

from __future__ import annotations

from typing import NamedTuple

from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph
from bnlint.queries.axes import Format, axis_name, data_format, default_format, rank, single_axis
from bnlint.queries.layers import (
    batch_normalizations,
    calls_of,
)


class Misplaced(NamedTuple):
    """A BatchNormalization whose axis is not the channel axis.

    Attributes:
        axis: the value of its ``axis`` argument.
        format: the data format of its input, and the layer that determines it.
        name: the name of that axis: ``"height"``.
        is_batch: it is the batch axis, which is wrong in any format.
    """

    axis: int
    format: Format
    name: str
    is_batch: bool = False


def misplaced_axis(layer: Layer, call: Call, graph: LayerGraph) -> Misplaced | None:
    """What is wrong with the axis of a BatchNormalization at one call; ``None`` where no error is
    known.

    If the format is only the backend's setting, the axis is wrong only where another
    BatchNormalization of the same model is right: otherwise the author never meant the code for
    the other format.
    """
    key = ("misplaced", layer, call)
    if key not in graph.memo:
        graph.memo[key] = _misplaced_axis(layer, call, graph)
    known = graph.memo[key]
    assert known is None or isinstance(known, Misplaced)
    return known


def _misplaced_axis(layer: Layer, call: Call, graph: LayerGraph) -> Misplaced | None:
    axis = single_axis(layer.arguments.get("axis", -1))
    if axis is UNKNOWN or not call.inputs or graph.can_be_built is not True:
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
        return None  # a literal contradicts the setting: which of them is meant is unknown
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
    """Whether BN401 or BN402 flags a BatchNormalization."""
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
