"""The weights of a saved model, found for each layer by where Keras puts them; read when asked for.

Source: ``saving_lib`` of Keras 3.15 and tf_keras 2.21 (``layers/<class>[_k]/vars/<i>``, counted for
each class in the order of the model), ``legacy_h5_format`` (``model_weights/<layer>`` with
the attribute ``weight_names``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bnlint.graph import Layer, Weight
from bnlint.keras_api import automatic_name
from bnlint.model.hdf5 import Hdf5File
from bnlint.model.members import Member
from bnlint.queries import bias

if TYPE_CHECKING:
    import numpy as np

_Path = tuple[str, ...]
# Keras 2 calls a depthwise kernel so, Keras 3 calls it kernel.
_OLD_NAMES: Final = {"kernel": ("kernel", "depthwise_kernel")}
_KERNELS: Final = {
    "SeparableConv1D": ("depthwise_kernel", "pointwise_kernel"),
    "SeparableConv2D": ("depthwise_kernel", "pointwise_kernel"),
}


class StoredWeight(NamedTuple):
    """One array in an HDF5 file that is open."""

    file: Hdf5File
    path: _Path

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, without reading it."""
        return self.file.shape(self.path) or ()

    def read(self) -> np.ndarray[Any, Any]:
        """The numbers."""
        return self.file.read(self.path)


class StoredWeights(Mapping[str, Weight]):
    """The arrays of one layer by name, looked up in the file when they are asked for."""

    def __init__(
        self, file: Hdf5File, places: Mapping[str, _Path], owner: tuple[_Path, str] | None = None
    ) -> None:
        """Args:
        file: is open as long as anything is asked.
        places: where each array should be, by name.
        owner: a folder and the name that its attribute ``name`` must have if it is there.
        """
        self._file, self._places, self._owner = file, places, owner
        self._known: dict[str, Weight] | None = None

    def _found(self) -> dict[str, Weight]:
        if self._known is None:
            places = self._places.items() if self._belongs() else ()
            self._known = {
                name: StoredWeight(self._file, path)
                for name, path in places
                if self._file.shape(path) is not None
            }
        return self._known

    def _belongs(self) -> bool:
        if self._owner is None:
            return True
        folder, name = self._owner
        told = self._file.text("name", folder)
        return told is None or told.decode("utf-8", "replace") == name

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


# The format of Keras 3


def attach(root: Member, file: Hdf5File) -> None:
    """Give each layer of a ``.keras`` file its weights."""
    _attach_below(root, (), file)


def _attach_below(model: Member, path: _Path, file: Hdf5File) -> None:
    used: dict[str, int] = {}
    for member in model.members:
        if member.function is not None and not member.function.startswith(
            ("tensorflow.", "operator")
        ):
            continue  # an op of Keras 3 is no layer
        if member.is_input and model.model == "Sequential":
            continue
        name = class_folder(member.description.class_name)
        used[name] = used.get(name, -1) + 1
        folder = f"{name}_{used[name]}" if used[name] else name
        inside = (*path, "layers", folder)
        if member.model is not None:
            _attach_below(member, inside, file)
        elif member.layer is not None:
            _attach_layer(member.layer, inside, file)


def _attach_layer(layer: Layer, path: _Path, file: Hdf5File) -> None:
    if layer.wraps is not None:
        _attach_layer(layer.wraps, (*path, "layer"), file)
    elif names := names_of(layer):
        folder = (*path, "vars")
        places = {name: (*folder, str(number)) for number, name in enumerate(names)}
        layer.weights = StoredWeights(file, places, (folder, layer.name) if layer.name else None)


@lru_cache(maxsize=256)
def class_folder(class_name: str) -> str:
    """``"BatchNormalization"`` -> ``"batch_normalization"``, as Keras names folders of weights."""
    return automatic_name(class_name.rpartition(">")[2])


# The format of Keras 1 and 2


def attach_legacy(root: Member, file: Hdf5File) -> None:
    """Give each layer of an ``.h5`` file its weights."""
    top: _Path = ("model_weights",) if file.has(("model_weights",)) else ()
    for member in root.members:
        inside = [inner.layer for inner in member.walk() if inner.layer is not None]
        wrapped = [layer.wraps for layer in inside if layer.wraps is not None]
        layers = [layer for layer in (*inside, *wrapped) if names_of(layer)]
        if not layers or "/" in member.name:
            continue
        group = (*top, member.name)
        stored = file.names("weight_names", group)
        for layer in layers:
            places = _legacy_places(layer, stored, group, alone=len(layers) == 1)
            if places is not None:
                layer.weights = StoredWeights(file, places)


def _legacy_places(
    layer: Layer, stored: Sequence[str], group: _Path, *, alone: bool
) -> dict[str, _Path] | None:
    """Where each weight is; ``None`` where that can't be told for all of them."""
    places: dict[str, _Path] = {}
    for wanted in names_of(layer):
        fitting = []
        for name in stored:
            parts = tuple(name.split("/"))
            own = parts[-1].partition(":")[0]
            if own in _OLD_NAMES.get(wanted, (wanted,)) and (alone or layer.name in parts[:-1]):
                fitting.append((*group, *parts))
        if len(fitting) != 1:
            return None
        places[wanted] = fitting[0]
    return places
