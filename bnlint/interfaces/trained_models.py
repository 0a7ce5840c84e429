"""``bnlint.gap``, ``bnlint.recalibrate`` and ``bnlint.fuse``: functions for trained models."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from bnlint.readers.model.measuring import gap as measured
from bnlint.reporters import gap_table

Model = TypeVar("Model")


class Gap(measured.Gap):
    """The gap between training and inference, printed as a table.

    See :class:`bnlint.readers.model.measuring.gap.Gap` for its attributes.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return gap_table.text(self)

    def _repr_html_(self) -> str:
        return gap_table.html(self)

    def as_dict(self) -> dict[str, Any]:
        """The whole gap as values that JSON can hold."""
        return gap_table.plain(self)


def gap(model: object, data: object, *, batch_size: int = 32, steps: int | None = None) -> Gap:
    """Measure how a model differs between training and inference by its moving statistics.

    The model is run on the data twice: each BatchNormalization once with the batch statistics, as
    in training, and once with its moving statistics. Other effects of training mode, such as
    Dropout, are off. The model is not changed.

    Args:
        model: a Keras model that was built or called, of Keras 3, Keras 2 or tf_keras.
        data: an array, a list or dictionary of arrays for several inputs, ``(x, y)`` for inputs and
            targets, or a source of batches of these: a dataset, a sequence, a generator. Use some
            of the training data, with the same preprocessing.
        batch_size: samples in a batch of arrays; use the batch size of the training.
        steps: the largest number of batches; ``None`` for all.

    Returns:
        For each BatchNormalization: the moving statistics, those of the data, and the effect of
        their difference on its output. For the model: the difference of its outputs, and of loss
        and metrics if it is compiled and there are targets. Also the patterns that fit: too few
        updates, a momentum too high or too low, other data or preprocessing, frozen statistics of
        other data, batches too small, dead or exploding channels. ``print`` shows a table.

    Raises:
        InspectionError: the model has no BatchNormalization, or can't be run on the data.

    Example:
        >>> print(bnlint.gap(model, (x_train, y_train), steps=50))
    """
    found = measured.measure_gap(model, data, batch_size=batch_size, steps=steps)
    return Gap(**{field.name: getattr(found, field.name) for field in fields(found)})


def recalibrate(
    model: Model,
    data: object,
    *,
    batch_size: int = 32,
    steps: int | None = None,
    verbose: bool = True,
) -> Model:
    """Compute the moving statistics again, exactly, over all of the data.

    A moving average forgets, lags behind weights that change, and is meaningless if weights were
    averaged (SWA) or set. This function computes the exact mean and variance of all inputs of each
    BatchNormalization, while the layers before it normalize by their batch, as in training
    ("precise batch normalization", Wu and Johnson 2021).

    Args:
        model: a Functional or built Sequential model of Keras 3, Keras 2 or tf_keras; it is not
            changed.
        data: as for :func:`gap`; targets are ignored.
        batch_size: samples in a batch of arrays.
        steps: the largest number of batches; ``None`` for all.
        verbose: print what was done.

    Returns:
        A new model, rebuilt from the config of the given one, in which only the moving statistics
        differ. It is not compiled.

    Raises:
        InspectionError: the model can't be rebuilt, or can't be run on the data.

    Example:
        >>> better = bnlint.recalibrate(model, x_train)
        recalibrated 53 layers on 1,563 batches: outputs on the data change by 0.81 of their size
    """
    from bnlint.readers.model.measuring.recalibrating import recalibrate as measure

    done = measure(model, data, batch_size=batch_size, steps=steps, trusted=True)
    if verbose:
        print(gap_table.recalibrated(done))
    new: Model = done.model
    return new


def fuse(model: Model, inputs: object = None, *, seed: int = 0, verbose: bool = True) -> Model:
    """Fuse BatchNormalization into the weights of the layers before it, for inference.

    A BatchNormalization directly after a convolution or Dense without an activation is removed, if
    nothing else uses the tensor between them; the others stay. Both models are run on random
    samples, and their outputs compared. Do not train the new model.

    Args:
        model: a Functional or built Sequential model of Keras 3, Keras 2 or tf_keras; it is not
            changed.
        inputs: a batch for the comparison; ``None`` for random samples of the input shapes.
        seed: seed of the samples.
        verbose: print what was done.

    Returns:
        A new Functional model. It is not compiled.

    Raises:
        InspectionError: the model can't be rebuilt or run, or its outputs would differ by more
            than 1e-5 of the largest; one line that says why.

    Example:
        >>> fast = bnlint.fuse(model)
        fused 53 layers, 0 left: 106,240 parameters fewer; a call takes 31 ms, 38 ms before; outputs
        differ by at most 2.1e-06 of the largest
    """
    from bnlint.readers.model.fusing import fuse as fuse_layers

    done = fuse_layers(model, inputs, seed=seed, trusted=True)
    if verbose:
        print(gap_table.fused(done))
    new: Model = done.model
    return new
