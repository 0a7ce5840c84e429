"""Where the weights of each layer lie in an ``.h5`` file.

Source: ``legacy_h5_format`` of Keras 3.15: ``model_weights/<layer>`` with the attribute
``weight_names``. There is one group for each layer of the outermost model; one that is itself a
model has the weights of all its layers there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from bnlint.graph import Layer
from bnlint.readers.model.saved.hdf5 import Hdf5File
from bnlint.readers.model.saved.members import Member
from bnlint.readers.model.saved.weights import Path, StoredWeights, names_of

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
        stored = [tuple(name.split("/")) for name in file.names("weight_names", group)]
        for layer in layers:
            others = {name for other in layers if other is not layer for name in names_of(other)}
            places = _places(layer, stored, others)
            if places is not None:
                found = {name: (*group, *path) for name, path in places.items()}
                layer.weights = StoredWeights(file, layer, found.copy)


def _places(
    layer: Layer, stored: Sequence[Path], others: AbstractSet[str]
) -> dict[str, Path] | None:
    """The path of each weight in the group; ``None`` where any of them can't be inferred.

    Args:
        layer: one of those that have weights there.
        stored: all that the group holds.
        others: the names of weights that other layers there have.
    """
    wanted = names_of(layer)
    for named in (
        [path for path in stored if path[-2:-1] == (layer.name,)],
        [path for path in stored if layer.name in path[:-1]],
    ):
        fitting = {name: _called(name, named) for name in wanted}
        if any(fitting.values()):
            return _single(fitting)
    # Keras 3.0 writes no names of layers: no two arrays of one group can have the same name then.
    # A layer that a wrapper holds has the wrapper's name in some versions.
    is_alone = not others or (others.isdisjoint(wanted) and all(len(path) == 1 for path in stored))
    return _single({name: _called(name, stored) for name in wanted}) if is_alone else None


def _called(wanted: str, stored: Sequence[Path]) -> list[Path]:
    names = _OLD_NAMES.get(wanted, (wanted,))
    return [path for path in stored if path[-1].partition(":")[0] in names]


def _single(fitting: Mapping[str, list[Path]]) -> dict[str, Path] | None:
    if any(len(paths) != 1 for paths in fitting.values()):
        return None
    return {name: paths[0] for name, paths in fitting.items()}
