"""Random inputs that a model accepts, made from the declarations of its inputs."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
"""Sizes to try for an unknown axis: the first with which the model runs is used."""
_BATCH: Final = 8
_FEW: Final = 4
"""If Keras recorded a smaller batch size than this, a larger batch is tried first: subtracting the
mean of one or two samples leaves nothing."""
_LARGE: Final = 100_000
"""From this many numbers per sample, half the batch size is used."""
_WORDS: Final = 8

_NOT_KNOWN: Final = (
    "the model {} has no known inputs to be measured with: call it first, or give inputs"
)


class Trial(NamedTuple):
    """One way to make random inputs.

    Attributes:
        size: the length of an axis of unknown length.
        as_noted: the batch size is the one that Keras recorded, even if it is 1.
    """

    size: int
    as_noted: bool = False


TRIALS: Final = (*map(Trial, SIZES), Trial(SIZES[0], as_noted=True))
"""The first with which the model runs is used."""


def random_arguments(model: Live, random: np.random.Generator, trial: Trial) -> Arguments:
    """:func:`random_inputs` for any model whose inputs are known, as the arguments of a call."""
    if graph_of(model) is not None:
        return Arguments((random_inputs(model, random, trial),), {})
    known = noted_arguments(model)
    if known is None:
        raise InspectionError(_NOT_KNOWN.format(model.name))
    shapes = [value.shape for value in known.inputs()]
    draw = _Drawer(random, trial, shapes, _kinds(all_layers(model)))

    def sample(value: Live) -> object:
        is_input = isinstance(value, Input)
        return draw(value.shape, value.dtype or "float32", ()) if is_input else value

    return Arguments(map_structure(sample, known.args), map_structure(sample, known.kwargs))


def random_inputs(model: Live, random: np.random.Generator, trial: Trial) -> Live:
    """A batch of samples in the structure that the model is called with.

    Args:
        model: a Functional model, or a Sequential one that was built.
        random: the generator of the numbers: standard normal, or integers and words where the model
            looks them up.
        trial: how they are made.

    Raises:
        InspectionError: the inputs are not known.
    """
    graph = graph_of(model)
    if graph is None:
        raise InspectionError(_NOT_KNOWN.format(model.name))
    shapes = {id(tensor): shape_of(tensor) for tensor in inputs_of(graph)}
    draw = _Drawer(random, trial, list(shapes.values()), _kinds(all_layers(model)))
    takers = _takers(graph)

    def sample(tensor: Live) -> np.ndarray[Any, Any]:
        shape = shapes[id(tensor)]
        if shape is None:
            raise InspectionError(
                f"the input {tensor.name} of {model.name} has no rank: give inputs"
            )
        dtype = getattr(tensor.dtype, "name", str(tensor.dtype))
        return draw(shape, dtype, _kinds(takers.get(id(tensor), ())))

    struct = getattr(graph, "_inputs_struct", getattr(graph, "_nested_inputs", None))
    return map_structure(sample, inputs_of(graph) if struct is None else struct)


class Kind(NamedTuple):
    """What a layer takes.

    Attributes:
        below: integers from zero to this, for a table of so many rows.
        tokens: the words or numbers that it looks up.
        splits: it takes texts and makes words of them.
    """

    below: int | None = None
    tokens: tuple[Any, ...] = ()
    splits: bool = False


def _kinds(layers: Iterable[Live]) -> tuple[Kind, ...]:
    return tuple(kind for layer in layers if (kind := _kind(layer)) is not None)


def _kind(layer: Live) -> Kind | None:
    name = type(layer).__name__
    if name == "Embedding":
        return Kind(int(layer.input_dim))
    if name == "CategoryEncoding" and layer.num_tokens is not None:
        return Kind(int(layer.num_tokens))
    if hasattr(layer, "get_vocabulary"):
        with contextlib.suppress(Exception):  # not adapted yet, or a user's own
            found = layer.get_vocabulary(include_special_tokens=False)
            return Kind(tokens=tuple(found), splits=name == "TextVectorization")
    return None


class _Drawer:
    """Draws arrays for the inputs of one model."""

    def __init__(
        self,
        random: np.random.Generator,
        trial: Trial,
        shapes: Sequence[tuple[int | None, ...] | None],
        kinds: Sequence[Kind],
    ) -> None:
        """Args:
        random: where the numbers come from.
        trial: how the arrays are made.
        shapes: of all inputs.
        kinds: of all layers that take integers or texts, for inputs of which it is not known where
            they go.
        """
        self._random, self._trial, self._kinds = random, trial, kinds
        first = next((shape[0] for shape in shapes if shape), None)
        few = first is not None and first < _FEW and not trial.as_noted
        self._replaced = first if few else None

    def __call__(
        self, shape: tuple[int | None, ...], dtype: str, kinds: Sequence[Kind]
    ) -> np.ndarray[Any, Any]:
        whole = self._whole(shape)
        kinds = kinds or self._kinds
        if dtype == "string":
            return self._texts(whole, kinds)
        if dtype == "bool":
            return self._random.integers(0, 2, size=whole).astype(bool)
        is_float = "float" in dtype
        # What an Embedding takes is often declared as floats.
        if not is_float or (kinds is not self._kinds and any(kind.below for kind in kinds)):
            return self._integers(whole, kinds).astype(dtype)
        return self._random.normal(size=whole).astype(dtype)

    def _whole(self, shape: tuple[int | None, ...]) -> tuple[int, ...]:
        if not shape:
            return ()
        batch, *axes = shape
        lengths = [self._trial.size if axis is None else axis for axis in axes]
        if batch is None or batch == self._replaced:
            batch = _BATCH if math.prod(lengths) < _LARGE else _BATCH // 2
        return (batch, *lengths)

    def _integers(
        self, whole: tuple[int, ...], kinds: Sequence[Kind]
    ) -> np.ndarray[Any, np.dtype[Any]]:
        for kind in kinds:
            numbers = [int(token) for token in kind.tokens if not isinstance(token, str)]
            if numbers:
                return self._random.choice(numbers, size=whole)
        least = min((kind.below for kind in kinds if kind.below), default=2)
        return self._random.integers(0, least, size=whole)

    def _texts(
        self, whole: tuple[int, ...], kinds: Sequence[Kind]
    ) -> np.ndarray[Any, np.dtype[Any]]:
        import numpy as np

        known = (kind for kind in kinds if any(isinstance(token, str) for token in kind.tokens))
        kind = next(known, Kind(tokens=tuple("abcdefgh"), splits=True))
        words = [str(token) for token in kind.tokens]
        texts = np.empty(whole, dtype=object)
        for place in np.ndindex(*whole):
            chosen = self._random.choice(words, size=_WORDS if kind.splits else 1)
            texts[place] = " ".join(chosen)
        return texts


def _takers(graph: Live) -> dict[int, list[Live]]:
    """The layers that directly take each input of a model."""
    takers: dict[int, list[Live]] = {id(tensor): [] for tensor in inputs_of(graph)}
    for node in nodes_of(graph):
        for tensor in flatten(list(node.inputs)):
            if id(tensor) in takers:
                takers[id(tensor)].append(node.operation)
    return takers
