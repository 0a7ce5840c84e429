"""Loads a saved model with the installed Keras; only ``--prove`` and ``--fold`` need this."""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from bnlint.readers.model.errors import InspectionError, ModelError, in_one_line
from bnlint.readers.model.keras_objects import Live

_MISSING: Final = re.compile(
    r"(?:Could not (?:locate|deserialize) (?:class|function)|Unknown [\w ]+:) '?([\w.>]+)"
)
_OF_KERAS: Final = ("Functional", "Sequential", "Model")


def load(path: str) -> Live:
    """The live model in a ``.keras`` or ``.h5`` file.

    Keras refuses to load code from it (``safe_mode``); layers of a user's own can't be loaded.

    Raises:
        InspectionError: Keras is not installed or too old to load safely, or can't load it.
    """
    if os.path.isdir(path) or not path.lower().endswith((".keras", ".h5", ".hdf5")):
        raise InspectionError("only .keras and .h5 files can be loaded")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        keras: Live = import_module(_library(path))
    except ImportError as error:
        raise InspectionError(f"loading it needs Keras: {error}") from error
    if "safe_mode" not in inspect.signature(keras.models.load_model).parameters or (
        not path.endswith(".keras") and not _loads_hdf5_safely(keras.__name__)
    ):
        raise InspectionError(
            f"Keras {keras.__version__} has no safe mode for such a file; update Keras"
        )
    try:
        with _safe_mode(keras.__name__):
            return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise InspectionError(f"Keras can't load it: {_reason(error)}") from error


def _library(path: str) -> str:
    """The Keras to load a file with: for a file of Keras 2, tf_keras where it is installed."""
    asked = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if find_spec("tf_keras") is None or not (asked or _is_of_keras_2(path)):
        return "keras"
    return "tf_keras"


def _is_of_keras_2(path: str) -> bool:
    from bnlint.readers.model.saved.saved import read_saved

    try:
        with read_saved(path, path) as drawing:
            return drawing.target is not None and drawing.target.major == 2
    except (ModelError, OSError):
        return False  # Keras says what is wrong with it


def _reason(error: Exception) -> str:
    """The reason in one line, without the config that Keras repeats."""
    said = in_one_line(error, 10_000).rpartition("Exception encountered: ")[2]
    missing = _MISSING.search(said)
    if said.startswith("File not found"):
        return "it is no zip archive, as a .keras file is"
    if missing is None:
        return said[:200]
    if missing[1] in _OF_KERAS or "cannot be imported" in said:
        return "it was saved by another generation of Keras; use that one, or an .h5 file"
    return (
        f"it holds {missing[1]!r}, which is code of your own; load it in Python, and hand the model"
        " to bnlint there"
    )


def _safe_mode(name: str) -> contextlib.AbstractContextManager[object]:
    """A context in which tf_keras, too, loads no Lambda code from an HDF5 file."""
    if name != "tf_keras":
        return contextlib.nullcontext()
    scope: Live = import_module("tf_keras.src.saving.serialization_lib").SafeModeScope
    entered: contextlib.AbstractContextManager[object] = scope(safe_mode=True)
    return entered


def _loads_hdf5_safely(name: str) -> bool:
    """Whether the safe mode of Keras holds for its old format as well."""
    if name == "tf_keras":
        library = import_module("tf_keras.src.saving.serialization_lib")
        return hasattr(library, "SafeModeScope")
    try:
        legacy: Live = import_module("keras.src.legacy.saving.legacy_h5_format")
    except ImportError:
        return False
    return "safe_mode" in inspect.signature(legacy.load_model_from_hdf5).parameters
