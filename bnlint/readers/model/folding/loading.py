"""Loads a saved model with the installed Keras: only ``--prove`` and ``--fold`` ask for that."""

from __future__ import annotations

import inspect
import os
import re
from importlib import import_module
from typing import Final

from bnlint.readers.model.errors import InspectionError
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
        keras: Live = import_module("keras")
    except ImportError as error:
        raise InspectionError(f"loading it needs Keras: {error}") from error
    if "safe_mode" not in inspect.signature(keras.models.load_model).parameters or (
        not path.endswith(".keras") and not _loads_hdf5_safely()
    ):
        raise InspectionError(
            f"Keras {keras.__version__} has no safe mode for such a file; update Keras"
        )
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise InspectionError(f"Keras can't load it: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Why, in one line: what Keras repeats of the config would hide it."""
    said = " ".join(str(error).split()).rpartition("Exception encountered: ")[2]
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


def _loads_hdf5_safely() -> bool:
    """Whether the safe mode of Keras holds for its old format as well."""
    try:
        legacy: Live = import_module("keras.src.legacy.saving.legacy_h5_format")
    except ImportError:
        return False
    return "safe_mode" in inspect.signature(legacy.load_model_from_hdf5).parameters
