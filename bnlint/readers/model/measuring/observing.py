"""Runs a live model with the statistics of each batch, and adds them up exactly.

Only BatchNormalization is in training mode then: Dropout should not change its statistics.
Batches are added up by the method of Chan, Golub and LeVeque (1979), in float64.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from bnlint.queries import batch_normalizations
from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.keras_objects import Keras, Live, all_layers, keras_of
from bnlint.readers.model.norm_calls import Call, array_of, axes_of, replaced_calls

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(slots=True)
class Observed:
    """The inputs of one BatchNormalization.

    Attributes:
        path: of the layer in the model.
        layer: the live layer.
        count: numbers in each channel so far.
        mean: of each channel.
        squares: the sum of squared distances to that mean.
        batches: means and variances of each call, and its count.
    """

    path: str
    layer: Live
    count: int = 0
    mean: Array | None = None
    squares: Array | None = None
    batches: list[tuple[Array, Array, int]] = field(default_factory=list)

    @property
    def variance(self) -> Array:
        """The variance of each channel, divided by the number of values."""
        assert self.squares is not None
        return self.squares / max(self.count, 1)

    def add(self, mean: Array, variance: Array, count: int) -> None:
        """Add the numbers of one call."""
        self.batches.append((mean, variance, count))
        if self.mean is None or self.squares is None:
            self.count, self.mean, self.squares = count, mean, variance * count
            return
        apart, total = mean - self.mean, self.count + count
        self.squares = self.squares + variance * count + apart**2 * self.count * count / total
        self.mean = self.mean + apart * count / total
        self.count = total


def norms_of(model: Live) -> tuple[Keras, list[Observed]]:
    """The BatchNormalization layers of a model, at any depth, and its Keras.

    Raises:
        InspectionError: it is no Keras model, or has none that is built.
    """
    from bnlint.readers.model.live.live import walk_model

    keras = keras_of(model)
    if keras is None:
        raise InspectionError(f"{type(model).__name__} is no Keras model")
    paths: dict[int, str] = {}
    with contextlib.suppress(InspectionError):  # a `call` that can't be read can be run
        walker = walk_model(model)
        norms = set(batch_normalizations(walker.graph))
        paths = {
            id(live): lay.location.path or "" for live, lay in walker.drawn.values() if lay in norms
        }
    found = [
        Observed(paths.get(id(layer)) or str(layer.name), layer)
        for layer in all_layers(model)
        if _normalizes(layer) and layer.built
    ]
    if not found:
        raise InspectionError(f"the model {model.name} has no BatchNormalization that is built")
    return keras, found


def _normalizes(layer: Live) -> bool:
    is_one = any(base.__name__.startswith("BatchNormalization") for base in type(layer).__mro__)
    return is_one and hasattr(layer, "moving_mean") and hasattr(layer, "moving_variance")


@contextlib.contextmanager
def with_batch_statistics(found: list[Observed], keras: Keras) -> Iterator[None]:
    """Let each BatchNormalization normalize with batch statistics, and record them."""
    by_layer: Mapping[int, Observed] = {id(each.layer): each for each in found}

    def replace(norm: Live, original: Call) -> Call:
        observed = by_layer[id(norm)]

        def call(inputs: Live, *_: object, **kwargs: object) -> Live:
            mean, variance, count = _moments(inputs, norm, keras, kwargs.get("mask"))
            observed.add(mean, variance, count)
            kept = norm.moving_mean.numpy(), norm.moving_variance.numpy()
            try:
                assign_statistics(norm, mean, variance)
                return original(inputs, **{**kwargs, "training": False})
            finally:
                assign_statistics(norm, *kept)

        return call

    with replaced_calls([each.layer for each in found], replace):
        yield


def assign_statistics(norm: Live, mean: Any, variance: Any) -> None:  # noqa: ANN401  arrays
    """Give a BatchNormalization moving statistics."""
    norm.moving_mean.assign(mean.reshape(tuple(norm.moving_mean.shape)).astype("float32"))
    norm.moving_variance.assign(
        variance.reshape(tuple(norm.moving_variance.shape)).astype("float32")
    )


def _moments(inputs: Live, norm: Live, keras: Keras, mask: object) -> tuple[Array, Array, int]:
    import numpy as np

    values = array_of(inputs, keras)
    if values is None:
        raise InspectionError(
            f"{norm.name} is called in a compiled function: run the model eagerly"
        )
    kept = {axis % values.ndim for axis in axes_of(norm)}
    others = [axis for axis in range(values.ndim) if axis not in kept]
    rows = np.moveaxis(values.astype("float64"), others, range(len(others)))
    rows = rows.reshape(-1, *rows.shape[len(others) :])
    if mask is not None:
        seen = array_of(mask, keras)
        if seen is not None and seen.size and len(rows) % seen.size == 0:
            rows = rows[np.repeat(seen.reshape(-1), len(rows) // seen.size)]
    mean = rows.mean(axis=0).reshape(-1)
    variance = rows.var(axis=0).reshape(-1)
    return mean, variance, len(rows)


def called(model: Live, inputs: object) -> Live:
    """The outputs of a model in inference mode, with the replaced calls.

    Raises:
        InspectionError: it can't be run on such data.
    """
    from bnlint.readers.model.live.call_inputs import bound

    try:
        args, kwargs = bound(model, inputs)
        return model(*args, **{**kwargs, "training": False})
    except InspectionError:
        raise
    except Exception as error:
        raise InspectionError(
            f"the model {model.name} can't be run on the data: {in_one_line(error)}"
        ) from error
