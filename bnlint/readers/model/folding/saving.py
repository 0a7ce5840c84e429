"""Saves a live model with its own Keras; only ``--fold`` needs this."""

from __future__ import annotations

import contextlib
from importlib import import_module

from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.keras_objects import Live

# Keras 3 and Keras 2.
_HDF5_FORMATS = (
    "keras.src.legacy.saving.legacy_h5_format",
    "keras.src.saving.legacy.hdf5_format",
)


def save(model: Live, path: str) -> None:
    """Write a model to a new file, a ``.keras`` or ``.h5`` file by its ending.

    Raises:
        InspectionError: Keras can't save the model.
        OSError: the file can't be written.
    """
    try:
        if path.endswith(".keras"):
            model.save(path)
            return
        image = _hdf5_image(model)
    except OSError:
        raise
    except Exception as error:
        said = in_one_line(error)
        raise InspectionError(f"Keras can't save it: {said}") from error
    with open(path, "wb") as file:
        file.write(image)


def _hdf5_image(model: Live) -> bytes:
    """The bytes of an HDF5 file, made in memory: libhdf5 crashes where the disk is full."""
    import h5py

    with h5py.File("model.h5", "w", driver="core", backing_store=False) as file:
        _hdf5_format().save_model_to_hdf5(model, file, include_optimizer=False)
        file.flush()
        image: bytes = file.id.get_file_image()
    return image


def _hdf5_format() -> Live:
    for name in _HDF5_FORMATS:
        with contextlib.suppress(ImportError):
            return import_module(name)
    raise InspectionError("this Keras writes no .h5 files; name a .keras file")
