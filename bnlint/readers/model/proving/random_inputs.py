"""Random inputs that a model accepts, made from what it says of its own inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import (
    Live,
    all_layers,
    flatten,
    graph_of,
    inputs_of,
    map_structure,
    nodes_of,
    shape_of,
)
from bnlint.readers.model.live.call_inputs import Arguments, Input, noted_arguments

if TYPE_CHECKING:
    import numpy as np

SIZES: Final = (16, 32, 64, 128)
"""What an unknown axis may be: the first that the model runs with is taken."""
_BATCH: Final = 8
_LARGE: Final = 100_000
"""Numbers in one sample from which on half the batch has to do."""

_NOT_KNOWN: Final = (
    "the model {} has no known inputs to be measured with: call it first, or give inputs"
)


def random_arguments(model: Live, random: np.random.Generator, size: int) -> Arguments:
    """:func:`random_inputs` for any model whose inputs are known, as the arguments of a call."""
    if graph_of(model) is not None:
        return Arguments((random_inputs(model, random, size),), {})
    known = noted_arguments(model)
    if known is None:
        raise InspectionError(_NOT_KNOWN.format(model.name))
    least = min((most for _, most in _embeddings(model)), default=2)

    def sample(value: Live) -> object:
        if not isinstance(value, Input):
            return value
        dtype = value.dtype or "float32"
        return _drawn(value.shape, dtype, least if "int" in dtype else None, random, size)

    return Arguments(map_structure(sample, known.args), map_structure(sample, known.kwargs))


def random_inputs(model: Live, random: np.random.Generator, size: int) -> Live:
    """A batch of samples in the structure that the model is called with.

    Args:
        model: a Functional model, or a Sequential one that was built.
        random: where the numbers come from: standard normal, or integers where the model looks
            them up in an Embedding.
        size: what axes of unknown length get.

    Raises:
        InspectionError: what goes in is not known.
    """
    graph = graph_of(model)
    if graph is None:
        raise InspectionError(_NOT_KNOWN.format(model.name))
    looked_up = {id(tensor): most for tensor, most in _looked_up(graph)}
    least = min((most for _, most in _embeddings(model)), default=2)

    def sample(tensor: Live) -> np.ndarray[Any, Any]:
        shape = shape_of(tensor)
        if shape is None:
            raise InspectionError(
                f"the input {tensor.name} of {model.name} has no rank: give inputs"
            )
        dtype = getattr(tensor.dtype, "name", str(tensor.dtype))
        most = looked_up.get(id(tensor))
        if dtype == "string":
            raise InspectionError(f"{model.name}: its input {tensor.name} is text; give inputs")
        if most is None and "int" in dtype:
            most = least
        return _drawn(shape, dtype, most, random, size)

    struct = getattr(graph, "_inputs_struct", getattr(graph, "_nested_inputs", None))
    return map_structure(sample, inputs_of(graph) if struct is None else struct)


def _drawn(
    shape: tuple[int | None, ...],
    dtype: str,
    most: int | None,
    random: np.random.Generator,
    size: int,
) -> np.ndarray[Any, Any]:
    batch, *axes = shape
    lengths = [size if axis is None else axis for axis in axes]
    numbers = 1
    for length in lengths:
        numbers *= length
    samples = batch or (_BATCH if numbers < _LARGE else _BATCH // 2)
    whole = (samples, *lengths)
    if dtype == "bool":
        return random.integers(0, 2, size=whole).astype(bool)
    if most is not None:
        return random.integers(0, max(most, 1), size=whole).astype(dtype)
    return random.normal(size=whole).astype(dtype if "float" in dtype else "float32")


def _looked_up(graph: Live) -> Iterator[tuple[Live, int]]:
    """The inputs that go right into an Embedding, and the number of its rows."""
    starts = {id(tensor) for tensor in inputs_of(graph)}
    for node in nodes_of(graph):
        if type(node.operation).__name__ == "Embedding":
            for tensor in flatten(list(node.inputs)):
                if id(tensor) in starts:
                    yield tensor, int(node.operation.input_dim)


def _embeddings(model: Live) -> Iterator[tuple[Live, int]]:
    for layer in all_layers(model):
        if type(layer).__name__ == "Embedding":
            yield layer, int(layer.input_dim)
