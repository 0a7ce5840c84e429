"""A saved model -> layer graph: ``.keras``, ``.h5``, ``model.to_json()`` and SavedModel folders.

Read as data: nothing is imported, unpickled, extracted or executed, and nothing outside the named
file is opened but the weights that lie beside the ``model.json`` of TensorFlow.js.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import BinaryIO, Final

from bnlint.readers.model.documents import MOST_BYTES, read_json
from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.saved import archive_weights, legacy_weights
from bnlint.readers.model.saved.archive import WEIGHTS, Archive, open_weights, read_archive
from bnlint.readers.model.saved.functional import Drawing, draw
from bnlint.readers.model.saved.hdf5 import Hdf5File, is_hdf5
from bnlint.readers.model.saved.tfjs import ShardedWeights, topology
from bnlint.readers.model.version import target_of_file
from bnlint.settings.reach.regular_files import opened as opened_file

_ZIP: Final = b"PK"
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def asks_libhdf5(path: str, *, for_weights: bool) -> bool:
    """Whether reading the model at ``path`` takes libhdf5.

    Args:
        path: the file, or the folder of a SavedModel.
        for_weights: its weights will be looked at too.
    """
    try:
        with opened_file(path) as file:
            return for_weights if _begins_as_zip(file) else is_hdf5(file)
    except OSError:  # a folder; any other error is reported when it is read
        return False


def _begins_as_zip(file: BinaryIO) -> bool:
    start = file.read(len(_ZIP))
    file.seek(0)
    return start == _ZIP


def _is_pointer(file: BinaryIO) -> bool:
    start = file.read(len(_POINTER))
    file.seek(0)
    return start == _POINTER


@contextmanager
def read_saved(path: str, filename: str) -> Iterator[Drawing]:
    """Draw a saved model; its weights can be read inside the block.

    Args:
        path: the file, or the folder of a SavedModel.
        filename: as the user named it.

    Raises:
        ModelError: it is no model of Keras, or is damaged; one line that says what to do.
        OSError: it can't be read.
    """
    if os.path.isdir(path):
        from bnlint.readers.model.saved.saved_model import read_saved_model

        # What Keras 2 wrote; Keras 3 keeps no layers in a SavedModel.
        yield _drawn(read_saved_model(path), filename, "2.0", lists_layers=True)
        return
    with ExitStack() as stack:
        file = stack.enter_context(opened_file(path))
        is_zip = _begins_as_zip(file)
        if _is_pointer(file):
            raise ModelError("is a Git LFS pointer, not the model: `git lfs pull` fetches that")
        if not is_zip and is_hdf5(file):
            yield _read_hdf5(file, filename, stack)
        elif is_zip or path.endswith(".keras"):
            yield _read_zip(file, filename, stack)
        elif path.lower().endswith((".h5", ".hdf5")):
            raise ModelError("is not an HDF5 file")
        else:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise ModelError(
                    f"is larger than {MOST_BYTES / 1e6:g} MB: no description of a model"
                )
            entry = read_json(file.read(MOST_BYTES + 1))
            yield _read_json(entry, os.path.dirname(path), filename)


def _read_json(entry: object, folder: str, filename: str) -> Drawing:
    described = topology(entry)
    drawing = _drawn(described, filename, _version_in(described))
    if described is entry or not isinstance(entry, Mapping):
        return drawing
    weights = ShardedWeights(folder, entry)
    weights.attach(drawing.root)
    return drawing._replace(weights=weights)


def _drawn(
    entry: object, filename: str, version: object = None, *, lists_layers: bool = False
) -> Drawing:
    """Draw what a file describes.

    Args:
        entry: the serialized model.
        filename: as the user named it.
        version: of the Keras that saved it.
        lists_layers: a subclassed model, whose layers are code, has all of them in its config.
    """
    drawing = draw(entry, filename)
    if not drawing.is_wired and not (lists_layers and drawing.graph.layers):
        raise ModelError(
            f"describes no layers: {drawing.root.description.class_name} is a class whose layers"
            " are code; pass the source, or inspect the model itself with `bnlint.inspect`"
        )
    return drawing._replace(target=target_of_file(version))


def _version_in(entry: object) -> object:
    return entry.get("keras_version") if isinstance(entry, Mapping) else None


def _read_zip(file: BinaryIO, filename: str, stack: ExitStack) -> Drawing:
    archive: Archive = read_archive(file)
    version = None
    with suppress(ModelError):
        version = _version_in(read_json(archive.metadata)) if archive.metadata else None
    drawing = _drawn(read_json(archive.config), filename, version)
    if find_spec("h5py") is not None:
        source = partial(open_weights, file, archive.weights)
        stored = _closed_behind(stack, Hdf5File(source, f"its {WEIGHTS}"))
        archive_weights.attach(drawing.root, stored)
        drawing = drawing._replace(weights=stored)
    return drawing


def _read_hdf5(file: BinaryIO, filename: str, stack: ExitStack) -> Drawing:
    opened = _closed_behind(stack, Hdf5File(lambda: file))
    opened.open()
    config = opened.text("model_config")
    if config is None:
        if opened.has(("layers",)) or opened.names("layer_names") or opened.has(("vars",)):
            raise ModelError(
                "holds weights only; pass the model itself: what `model.save` or `to_json` writes"
            )
        raise ModelError("is an HDF5 file without `model_config`: not a model that Keras saved")
    version = None
    with suppress(ModelError):
        version = (opened.text("keras_version") or b"").decode("ascii", "replace")
    drawing = _drawn(read_json(config), filename, version)
    legacy_weights.attach(drawing.root, opened)
    return drawing._replace(weights=opened)


def _closed_behind(stack: ExitStack, file: Hdf5File) -> Hdf5File:
    stack.callback(file.close)
    return file
