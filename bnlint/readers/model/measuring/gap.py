"""The gap between training and inference: moving statistics compared with those of data, and the
effects of the difference.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnlint.readers.model.keras_objects import Keras, Live, as_tensors, flatten
from bnlint.readers.model.measuring.batches import Batch, Data, batches
from bnlint.readers.model.measuring.causes import cause_of, seen_channels
from bnlint.readers.model.measuring.observing import (
    Observed,
    called,
    norms_of,
    with_batch_statistics,
)
from bnlint.readers.model.norm_calls import array_of
from bnlint.readers.model.undisturbed import undisturbed

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class LayerGap:
    """One BatchNormalization on some data.

    Attributes:
        path: of the layer in the model.
        mean: of the data, in each channel, when all layers upstream normalize by their batch.
        variance: likewise, divided by the number of values.
        moving_mean: what the layer uses for inference.
        moving_variance: likewise.
        mean_difference: of each channel, moving minus data, in standard deviations of the data.
        variance_ratio: of each channel, moving to data.
        effect: the difference of the layer's outputs with moving and with batch statistics, on the
            same input: root mean square, in units of gamma.
        batch: numbers in each channel of one batch, on average.
        cause: the probable cause of the difference; empty where it is small.
    """

    path: str
    mean: Array
    variance: Array
    moving_mean: Array
    moving_variance: Array
    mean_difference: Array
    variance_ratio: Array
    effect: float
    batch: float
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """How a model differs between training and inference, as far as its moving statistics go.

    Attributes:
        layers: in the order of the model.
        difference: of the model's outputs: root mean square, relative to that of the outputs.
        training: loss and metrics with the statistics of each batch, where the model is compiled
            and there are targets.
        inference: the same with the moving statistics.
        batches: how many were run.
    """

    layers: tuple[LayerGap, ...]
    difference: float
    training: Mapping[str, float]
    inference: Mapping[str, float]
    batches: int

    @property
    def causes(self) -> tuple[str, ...]:
        """The probable causes: the text before the colon in ``cause`` of the layers; the most
        frequent first, and none for a healthy model.
        """
        found = Counter(layer.cause.partition(":")[0] for layer in self.layers if layer.cause)
        return tuple(cause for cause, _ in found.most_common())

    @property
    def carrying(self) -> tuple[LayerGap, ...]:
        """The layers that cause the difference, the largest effect first."""
        carrying = [layer for layer in self.layers if layer.cause]
        return tuple(sorted(carrying, key=lambda layer: -layer.effect))


def measure_gap(model: Live, data: Data, *, batch_size: int = 32, steps: int | None = None) -> Gap:
    """Run a model over data with the statistics of each batch, and with its moving statistics.

    Args:
        model: a live model, which is left as it was.
        data: see :func:`.batches.batches`, and so for ``batch_size`` and ``steps``.
        batch_size: samples in a batch.
        steps: how many batches at most.

    Raises:
        InspectionError: it has no BatchNormalization, or can't be run on the data.
    """
    keras, found = norms_of(model)
    totals = _Totals(model, keras)
    with undisturbed([model], keras):
        for batch in batches(data, batch_size, steps):
            with with_batch_statistics(found, keras):
                training = called(model, batch.inputs)
            totals.add(batch, training, called(model, batch.inputs))
        scores = totals.scores()
    ran = [each for each in found if each.mean is not None]
    layers = tuple(_layer_gap(each, cause_of(each)) for each in ran)
    return Gap(layers, totals.difference(), *scores, totals.count)


def _layer_gap(observed: Observed, cause: str) -> LayerGap:
    channels = seen_channels(observed)
    return LayerGap(
        observed.path,
        channels.mean,
        channels.variance,
        channels.moving_mean,
        channels.moving_variance,
        channels.apart,
        channels.ratio,
        channels.effect,
        observed.count / max(len(observed.batches), 1),
        cause,
    )


class _Totals:
    """Outputs in both modes, as they come."""

    def __init__(self, model: Live, keras: Keras) -> None:
        self._model, self._keras = model, keras
        self._apart = self._whole = 0.0
        self._kept: list[tuple[Batch, Live, Live]] = []
        self.count = 0

    def add(self, batch: Batch, training: Live, inference: Live) -> None:
        self.count += 1
        for one, other in zip(flatten(training), flatten(inference), strict=True):
            before, after = array_of(one, self._keras), array_of(other, self._keras)
            if before is not None and after is not None and before.dtype.kind == "f":
                self._apart += float(((before.astype("float64") - after) ** 2).sum())
                self._whole += float((before.astype("float64") ** 2).sum())
        if batch.targets is not None and getattr(self._model, "optimizer", None) is not None:
            self._kept.append((batch, training, inference))

    def difference(self) -> float:
        return float((self._apart / self._whole if self._whole else self._apart) ** 0.5)

    def scores(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Loss and metrics of both modes."""
        return dict(self._scores(1)), dict(self._scores(2))

    def _scores(self, which: int) -> Iterator[tuple[str, float]]:
        if not self._kept:
            return
        model, losses = self._model, []
        found: Mapping[str, object] = {}
        with contextlib.suppress(Exception):  # a user's own step needs something else
            model.reset_metrics()
            for kept in self._kept:
                batch, outputs = kept[0], kept[which]
                targets = as_tensors(batch.targets, self._keras)  # Keras 2 takes no arrays here
                loss = model.compute_loss(batch.inputs, targets, outputs)
                losses.append(float(loss))
                found = model.compute_metrics(batch.inputs, targets, outputs, None)
            yield "loss", sum(losses) / len(losses)
            for name, value in found.items():
                if name != "loss":
                    yield name, float(value)  # type: ignore[arg-type]
