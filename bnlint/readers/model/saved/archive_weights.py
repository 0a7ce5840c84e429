"""Where the weights of each layer lie in the HDF5 file of a ``.keras`` file.

Source: ``saving_lib`` of Keras 3.15 and tf_keras 2.21: ``layers/<class>[_k]/vars/<i>``, counted for
each class in the order of the model; what else a layer holds lies under the attribute's name. In
Keras 2.12 to 2.14 the folder is called ``_layer_checkpoint_dependencies``. It goes through layers
with weights twice, and the versions before 2.14 count them twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final, TypeAlias

from bnlint.graph import Layer
from bnlint.keras_api import automatic_name
from bnlint.readers.model.saved.hdf5 import Hdf5File
from bnlint.readers.model.saved.members import Member
from bnlint.readers.model.saved.weights import Path, StoredWeights, names_of

_LAYERS: Final = "layers"
_OLD_LAYERS: Final = "_layer_checkpoint_dependencies"

_Find: TypeAlias = Callable[[], Path | None]
"""Returns a path, once the file may be opened; ``None`` where it can't be inferred."""


def attach(root: Member, file: Hdf5File) -> None:
    """Give each layer of a ``.keras`` file its weights; nothing of the file is read yet."""
    _attach_members(root, tuple, file)


def _attach_members(model: Member, find: _Find, file: Hdf5File) -> None:
    kept = [
        (class_folder(m.description.class_name), m) for m in model.members if _is_kept(m, model)
    ]
    folders = _Folders(file, find, Counter(name for name, _ in kept))
    used: Counter[str] = Counter()
    for name, member in kept:
        _attach_member(member, partial(folders.path, name, used[name]), file)
        used[name] += 1


def _is_kept(member: Member, model: Member) -> bool:
    """Whether Keras counts it among the layers of ``model``."""
    if member.function is not None:  # an op of Keras 3 is no layer
        return member.function.startswith(("tensorflow.", "operator"))
    return not (member.is_input and model.model == "Sequential")


def _attach_member(member: Member, find: _Find, file: Hdf5File) -> None:
    if member.model is not None:
        _attach_members(member, find, file)
    elif member.layer is not None:
        _attach_layer(member.layer, find, file)
    for held in member.inner:
        if held.held_as:
            _attach_member(held, partial(_below, find, held.held_as), file)


def _attach_layer(layer: Layer, find: _Find, file: Hdf5File) -> None:
    if layer.wraps is not None:
        _attach_layer(layer.wraps, partial(_below, find, "layer"), file)
    elif names := names_of(layer):
        layer.weights = StoredWeights(file, layer, partial(_places, layer, names, find, file))


def _below(find: _Find, name: str) -> Path | None:
    above = find()
    return None if above is None else (*above, name)


def _places(
    layer: Layer, names: tuple[str, ...], find: _Find, file: Hdf5File
) -> Mapping[str, Path] | None:
    folder = _below(find, "vars")
    if folder is None:
        return None
    told = file.text("name", folder) if layer.name else None
    if told is not None and told.decode("utf-8", "replace") != layer.name:
        return None
    return {name: (*folder, str(number)) for number, name in enumerate(names)}


class _Folders:
    """Where the layers of one model lie."""

    def __init__(self, file: Hdf5File, find: _Find, counts: Mapping[str, int]) -> None:
        """Args:
        file: is open when a path is asked for.
        find: tells where the model lies.
        counts: how many layers of each class it has, by the name of their folders.
        """
        self._file, self._find, self._counts = file, find, counts
        self._old: dict[str, list[Path]] = {}

    def path(self, name: str, number: int) -> Path | None:
        """The folder of a layer, the ``number``-th of its class from 0."""
        model = self._find()
        if model is None:
            return None
        if self._file.has((*model, _LAYERS)):
            return (*model, _LAYERS, _numbered(name, number))
        if name not in self._old:
            self._old[name] = self._old_folders(model, name)
        found = self._old[name]
        # A layer that another model holds as well may lie there alone.
        return found[number] if len(found) == self._counts[name] else None

    def _old_folders(self, model: Path, name: str) -> list[Path]:
        if not self._file.has((*model, _OLD_LAYERS)):
            return []
        last = 2 * self._counts[name]
        folders = [(*model, _OLD_LAYERS, _numbered(name, number)) for number in range(last + 1)]
        return [folder for folder in folders if self._file.has(folder)]


def _numbered(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


@lru_cache(maxsize=256)
def class_folder(class_name: str) -> str:
    """``"BatchNormalization"`` -> ``"batch_normalization"``, as Keras names folders of weights."""
    return automatic_name(class_name.rpartition(">")[2])
