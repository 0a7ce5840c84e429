"""Batches out of whatever ``fit`` of Keras takes: arrays, datasets, sequences, generators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import flatten, map_structure

Data: TypeAlias = Any


class Batch(NamedTuple):
    """One step's worth of data.

    Attributes:
        inputs: the inputs of the model.
        targets: the expected outputs; ``None`` where they are not known.
    """

    inputs: Data
    targets: Data = None


def batches(data: Data, batch_size: int = 32, steps: int | None = None) -> Iterator[Batch]:
    """The batches of some data.

    Args:
        data: an array, or a list or dictionary of arrays for a model with several inputs; a tuple
            ``(x, y)`` for inputs and targets; or a source of batches: a dataset, a sequence, a
            generator.
        batch_size: samples in a batch of arrays.
        steps: how many batches at most.

    Raises:
        InspectionError: it is none of these, or there is nothing in it.
    """
    found = False
    for batch in islice(_all(data, batch_size), steps):
        found = True
        yield batch
    if not found:
        raise InspectionError("there is no batch in the data")


def _all(data: Data, batch_size: int) -> Iterator[Batch]:
    if _is_of_arrays(data):
        batch = _parted(data)
        count = len(next(flatten(batch.inputs)))
        for start in range(0, count, batch_size):
            stop = start + batch_size
            yield Batch(*(None if part is None else _cut(part, start, stop) for part in batch))
    elif hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        yield from (_parted(data[number]) for number in range(len(data)))
    elif isinstance(data, Iterable):
        yield from map(_parted, data)
    else:
        raise InspectionError(f"{type(data).__name__} is no data that Keras could be given")


def _is_of_arrays(data: Data) -> bool:
    if isinstance(data, list) and data and isinstance(data[0], tuple):
        return False  # batches of inputs and targets
    leaves = [leaf for leaf in flatten(data) if leaf is not None]
    return bool(leaves) and all(
        hasattr(leaf, "shape") and hasattr(leaf, "dtype") for leaf in leaves
    )


def _parted(data: Data) -> Batch:
    """Inputs and targets; sample weights, if any, are ignored."""
    if isinstance(data, tuple) and not hasattr(data, "_fields"):
        return Batch(data[0], data[1] if len(data) > 1 else None)
    return Batch(data)


def _cut(part: Data, start: int, stop: int) -> Data:
    return map_structure(lambda array: array[start:stop], part)


def by_name(arrays: Mapping[str, Data]) -> Data:
    """The data in a ``.npz`` file: ``x`` and perhaps ``y``, or inputs by their names.

    Raises:
        InspectionError: there is nothing in it.
    """
    if not arrays:
        raise InspectionError("there is no array in the file of data")
    names = set(arrays)
    if names == {"x", "y"}:
        return arrays["x"], arrays["y"]
    targets = {name: array for name, array in arrays.items() if name == "y"}
    inputs = {name: array for name, array in arrays.items() if name != "y"}
    whole = next(iter(inputs.values())) if len(inputs) == 1 else inputs
    return (whole, targets["y"]) if targets else whole
