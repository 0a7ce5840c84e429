"""Where the weights of each layer lie in an ``.h5`` file.

Source: ``legacy_h5_format`` of Keras 3.15: ``model_weights/<layer>`` with the attribute
``weight_names``. There is one group for each layer of the outermost model; one that is itself a
model has the weights of all its layers there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bnlint.graph import Layer
from bnlint.model.hdf5 import Hdf5File
from bnlint.model.members import Member
from bnlint.model.weights import Path, StoredWeights, names_of

# Keras 2 calls a depthwise kernel so, Keras 3 calls it kernel.
_OLD_NAMES: Final = {"kernel": ("kernel", "depthwise_kernel")}


def attach(root: Member, file: Hdf5File) -> None:
    """Give each layer of an ``.h5`` file its weights."""
    top: Path = ("model_weights",) if file.has(("model_weights",)) else ()
    for member in root.members:
        inside = [inner.layer for inner in member.walk() if inner.layer is not None]
        wrapped = [layer.wraps for layer in inside if layer.wraps is not None]
        layers = [layer for layer in (*inside, *wrapped) if names_of(layer)]
        if not layers or "/" in member.name:
            continue
        group = (*top, member.name)
        stored = file.names("weight_names", group)
        for layer in layers:
            places = _places(layer, stored, group, alone=len(layers) == 1)
            if places is not None:
                layer.weights = StoredWeights(file, layer, places.copy)


def _places(
    layer: Layer, stored: Sequence[str], group: Path, *, alone: bool
) -> dict[str, Path] | None:
    """Where each weight is; ``None`` where that can't be told for all of them."""
    places: dict[str, Path] = {}
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
