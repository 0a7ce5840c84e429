"""The weights of a layer in an open HDF5 file, by name; looked up and read when a rule asks.

`archive_weights` and `legacy_weights` find their paths in the two formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from bnlint.graph import UNKNOWN, Layer, Value, Weight
from bnlint.queries import bias
from bnlint.readers.model.errors import ModelError

if TYPE_CHECKING:
    import numpy as np

Path: TypeAlias = tuple[str, ...]
"""Of a group or dataset, from the root of the file."""

_KERNELS: Final = {
    "SeparableConv1D": ("depthwise_kernel", "pointwise_kernel"),
    "SeparableConv2D": ("depthwise_kernel", "pointwise_kernel"),
}


class Arrays(Protocol):
    """What holds the arrays of a saved model.

    Attributes:
        troubles: why queries could not be answered, a line for each reason.
    """

    troubles: list[str]

    def shape(self, path: Path) -> tuple[int, ...] | None:
        """The shape of an array, without reading it; ``None`` where there is none."""

    def read(self, path: Path) -> np.ndarray[Any, Any]:
        """Its numbers."""


class StoredWeight:
    """One array in a file that is open.

    Attributes:
        shape: its shape, known without reading it.
    """

    __slots__ = ("_file", "_path", "shape")

    def __init__(self, file: Arrays, path: Path, shape: tuple[int, ...]) -> None:
        self._file, self._path, self.shape = file, path, shape

    def read(self) -> np.ndarray[Any, Any]:
        """The numbers."""
        return self._file.read(self._path)


class StoredWeights(Mapping[str, Weight]):
    """The arrays of one layer by name, looked up in the file when they are asked for."""

    def __init__(
        self, file: Arrays, layer: Layer, find: Callable[[], Mapping[str, Path] | None]
    ) -> None:
        """Args:
        file: must be open during all queries.
        layer: the layer that owns the arrays.
        find: returns the path of each array, by name; ``None`` where they can't be inferred.
        """
        self._file, self._layer, self._find = file, layer, find
        self._known: dict[str, Weight] | None = None

    def _found(self) -> dict[str, Weight]:
        if self._known is None:
            self._known = {}
            try:
                places = self._find() or {}
            except ModelError as error:
                places = {}
                self._file.troubles.append(str(error))
            for name, path in places.items():
                shape = self._file.shape(path)
                if shape is not None:
                    self._known[name] = StoredWeight(self._file, path, shape)
            misfit = _misfit(self._layer, self._known)
            if misfit:
                where = self._layer.location.path
                self._file.troubles.append(f"its weights do not fit the layer {where}: {misfit}")
                self._known = {}
        return self._known

    def __getitem__(self, name: str) -> Weight:
        return self._found()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())


def names_of(layer: Layer) -> tuple[str, ...]:
    """The weights of a layer in the order in which Keras keeps them; none for other layers than
    BatchNormalization and those with a kernel.
    """
    if layer.kind == "BatchNormalization":
        flags = (("gamma", "scale"), ("beta", "center"))
        own = [name for name, flag in flags if layer.arguments.get(flag, True) is True]
        return (*own, "moving_mean", "moving_variance")
    has_bias = bias(layer)
    if has_bias is True or layer.arguments.get("use_bias") is False:
        kernels = _KERNELS.get(layer.kind, ("kernel",))
        return (*kernels, "bias") if has_bias is True else kernels
    return ()


def _misfit(layer: Layer, weights: Mapping[str, Weight]) -> str:
    """Why the arrays can't be those of ``layer``; nothing where they can."""
    axis = layer.arguments.get("axis", -1)
    if layer.kind != "BatchNormalization" or isinstance(axis, tuple):
        return ""
    size = _channels(layer, axis)
    for name, weight in weights.items():
        if size is None and len(weight.shape) == 1:
            size = weight.shape[0]
        if weight.shape != (size,):
            wanted = "one number" if size is None else f"{size} numbers"
            return f"{name} should be {wanted} for its channels, and has the shape {weight.shape}"
    return ""


def _channels(layer: Layer, axis: Value) -> int | None:
    """The number of channels that a layer normalizes, if the file states it."""
    for call in layer.calls:
        shape = call.inputs[0].shape if call.inputs else UNKNOWN
        if isinstance(shape, tuple) and isinstance(axis, int) and -len(shape) <= axis < len(shape):
            size = shape[axis]
            if isinstance(size, int):
                return size
    return None
