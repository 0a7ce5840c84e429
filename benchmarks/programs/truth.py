"""Decides which rules really hold for each layer of a run."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from benchmarks.agreement import ABSORBED, LIVE
from benchmarks.programs.running import Applied, Made, Run, draw

Live: TypeAlias = Any
Truth: TypeAlias = dict[str, bool]
"""For each rule, whether it holds; a missing rule is undecided."""

AXIS: Final = "BN4"
"""BN401 and BN402 are one question for a run: whether the channels are normalized."""

_LOOKED_THROUGH: Final = frozenset({"MaxPooling2D", "AveragePooling2D", "Dropout", "Flatten"})
_KEEP_CHANNELS: Final = _LOOKED_THROUGH - {"Flatten"} | {
    *("ReLU", "Activation", "Add", "BatchNormalization", "LayerNormalization")
}
_DRAWS: Final = 8


def truths(run: Run, seed: int, claimed: set[tuple[str, int]]) -> list[Truth]:
    """The truths for each constructed layer, in that order.

    A nonzero gradient proves that a bias is used. A zero gradient may be chance, because a ReLU may
    pass all values: if bnlint does not report the bias, the measurement is repeated.
    """
    order = _Order(run.applied)
    found: list[Truth] = [{} for _ in run.made]
    biases = {index: _ratio(run, index) for index in range(len(run.made))}
    for index, made in enumerate(run.made):
        if type(made.layer).__name__ == "BatchNormalization":
            found[index] = order.of(made)
            found[index]["BN101"] = run.gradients.get((index, "beta")) is None
            if found[index]["BN101"]:
                found[index] = {"BN101": True}
    for number in range(1, _DRAWS):
        doubted = [
            index
            for index, ratio in biases.items()
            if ratio is not None
            and ratio < LIVE
            and (run.made[index].file, run.made[index].line) not in claimed
        ]
        if not doubted:
            break
        draw(run, seed, number)
        for index in doubted:
            biases[index] = max(biases[index] or 0.0, _ratio(run, index) or 0.0)
    for index, ratio in biases.items():
        if ratio is not None and not ABSORBED < ratio < LIVE:
            found[index]["BN201"] = ratio <= ABSORBED
    return found


def _ratio(run: Run, index: int) -> float | None:
    """The largest gradient of a bias, relative to that of its kernel."""
    import numpy as np

    kernel = run.gradients.get((index, "kernel"))
    if kernel is None:
        kernel = run.gradients.get((index, "pointwise_kernel"))
    bias = run.gradients.get((index, "bias"))
    if bias is None or kernel is None or not np.abs(kernel).max():
        return None
    return float(np.abs(bias).max() / np.abs(kernel).max())


class _Order:
    """Which application produced and consumed which tensor."""

    def __init__(self, applied: list[Applied]) -> None:
        self.applied = applied
        self.producer = {id(each.output): each for each in applied}
        self.consumers: dict[int, list[Applied]] = {}
        for each in applied:
            for tensor in each.inputs:
                self.consumers.setdefault(id(tensor), []).append(each)

    def of(self, made: Made) -> Truth:
        """Whether a BatchNormalization is after its activation, and not on the channel axis."""
        calls = [each for each in self.applied if each.layer is made.layer]
        if len(calls) != 1:
            return {}
        (call,) = calls
        truth: Truth = {}
        behind = self._is_behind_an_activation(call)
        if behind is not None:
            truth["BN301"] = behind
        channel = self._channel_axis(call.inputs[0])
        rank = len(call.inputs[0].shape)
        axis = made.layer.axis[0] if isinstance(made.layer.axis, list) else made.layer.axis
        if channel is not None:
            truth[AXIS] = axis % rank != channel % rank
        return truth

    def _is_behind_an_activation(self, call: Applied) -> bool | None:
        tensor = call.inputs[0]
        alone = True
        while True:
            alone = alone and len(self.consumers.get(id(tensor), ())) == 1
            producer = self.producer.get(id(tensor))
            if producer is None:
                return False
            if type(producer.layer).__name__ not in _LOOKED_THROUGH:
                break
            tensor = producer.inputs[0]
        fused = _is_fused(producer.layer)
        if not fused and not _is_activation(producer.layer):
            return False
        if fused and tensor is call.inputs[0]:
            return True
        if not alone:
            return None  # a shortcut, which the rule treats differently
        return not self._leads_to_an_activation(call.output)

    def _leads_to_an_activation(self, tensor: Live) -> bool:
        return any(
            _is_activation(each.layer)
            or (
                type(each.layer).__name__ in _LOOKED_THROUGH
                and self._leads_to_an_activation(each.output)
            )
            for each in self.consumers.get(id(tensor), ())
        )

    def _channel_axis(self, tensor: Live) -> int | None:
        if len(tensor.shape) == 2:
            return 1
        producer = self.producer.get(id(tensor))
        if producer is None:
            return None
        layer = producer.layer
        if hasattr(layer, "data_format") and hasattr(layer, "kernel_size"):
            return 1 if layer.data_format == "channels_first" else -1
        if type(layer).__name__ in _KEEP_CHANNELS:
            return self._channel_axis(producer.inputs[0])
        return None


def _is_activation(layer: Live) -> bool:
    kind = type(layer).__name__
    return kind == "ReLU" or (kind == "Activation" and layer.activation.__name__ != "linear")


def _is_fused(layer: Live) -> bool:
    activation = getattr(layer, "activation", None)
    is_linear = activation is None or activation.__name__ == "linear"
    return hasattr(layer, "kernel_size") and not is_linear
