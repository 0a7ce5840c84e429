"""Replaces moving statistics by the exact statistics of a whole data set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.folding.rebuilding import copy_weights, rebuilt, require_config
from bnlint.readers.model.keras_objects import Live, flatten
from bnlint.readers.model.measuring.batches import Batch, Data, batches
from bnlint.readers.model.measuring.observing import (
    assign_statistics,
    called,
    norms_of,
    with_batch_statistics,
)
from bnlint.readers.model.norm_calls import array_of
from bnlint.readers.model.undisturbed import undisturbed

if TYPE_CHECKING:
    from bnlint.readers.model.keras_objects import Keras

_COMPARED: Final = 4
"""Batches on which the outputs of both models are compared."""


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """A model with the moving statistics of some data.

    Attributes:
        model: the new model.
        layers: how many BatchNormalization layers it has.
        batches: how many batches were run.
        difference: of its outputs on the data from those of the given model: root mean square,
            relative to that of the outputs.
    """

    model: Live
    layers: int
    batches: int
    difference: float


def recalibrate(
    model: Live,
    data: Data,
    *,
    batch_size: int = 32,
    steps: int | None = None,
    trusted: bool = False,
) -> Recalibrated:
    """Run a model over data with batch statistics in each BatchNormalization, and give a second
    model the statistics of all inputs of these layers.

    Args:
        model: a live model, which is left as it was.
        data: see :func:`.batches.batches`, and so for ``batch_size`` and ``steps``.
        batch_size: samples in a batch.
        steps: how many batches at most.
        trusted: whether code in the model's config may be loaded again.

    Raises:
        InspectionError: the model can't be rebuilt or run on the data.
    """
    require_config(model)
    keras, found = norms_of(model)
    kept: list[Batch] = []
    count = 0
    with undisturbed([model], keras), with_batch_statistics(found, keras):
        for batch in batches(data, batch_size, steps):
            called(model, batch.inputs)
            count += 1
            if len(kept) < _COMPARED:
                kept.append(batch)
    new, twins = rebuilt(model, keras, [], trusted=trusted)
    copy_weights(model, twins, [])
    ran = [each for each in found if each.mean is not None]
    for each in ran:
        if id(each.layer) not in twins:
            raise InspectionError(f"{each.path} is not in the config of the model")
        assign_statistics(twins[id(each.layer)], each.mean, each.variance)
    return Recalibrated(new, len(ran), count, _apart(model, new, kept, keras))


def _apart(model: Live, new: Live, kept: list[Batch], keras: Keras) -> float:
    apart = whole = 0.0
    with undisturbed([model, new], keras):
        for batch in kept:
            for one, other in zip(
                flatten(called(model, batch.inputs)),
                flatten(called(new, batch.inputs)),
                strict=True,
            ):
                before, after = array_of(one, keras), array_of(other, keras)
                assert before is not None
                assert after is not None
                apart += float(((before.astype("float64") - after) ** 2).sum())
                whole += float((before.astype("float64") ** 2).sum())
    return math.sqrt(apart / whole if whole else apart)
