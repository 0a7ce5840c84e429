"""The ``model.json`` of a TensorFlow.js layers model, and the binary weights beside it.

Source: ``keras_h5_conversion.py`` and ``write_weights.py`` of tensorflowjs 4. The JSON of Keras
stands under ``modelTopology.model_config``. ``weightsManifest`` is a list of groups, each with the
``weights`` that lie one behind another in the files of ``paths``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bnlint.graph import Layer
from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.saved.members import Member
from bnlint.readers.model.saved.weights import Path, StoredWeights, names_of
from bnlint.settings.reach.regular_files import opened

if TYPE_CHECKING:
    import numpy as np

_TOPOLOGY: Final = "modelTopology"
_MOST_WEIGHTS: Final = 100_000
_SIZES: Final = {"float32": 4, "float16": 2, "int32": 4, "uint8": 1, "uint16": 2, "bool": 1}


def topology(entry: object) -> object:
    """The description of Keras in a ``model.json``; any other ``entry`` as it is.

    Raises:
        ModelError: it is a graph model, which has no layers of Keras any more.
    """
    if not isinstance(entry, Mapping) or _TOPOLOGY not in entry:
        return entry
    found = entry[_TOPOLOGY]
    if isinstance(found, Mapping) and "class_name" in found:
        return found
    if not isinstance(found, Mapping) or "model_config" not in found:
        raise ModelError(
            "is a TensorFlow.js graph model, which has no layers of Keras any more; pass the model"
            " that it was converted from"
        )
    config = found["model_config"]
    if isinstance(config, Mapping) and "keras_version" not in config:
        return {**config, "keras_version": found.get("keras_version")}
    return config


@dataclass(frozen=True, slots=True)
class _Stored:
    """Where the numbers of one weight lie in the concatenated files of a group."""

    files: tuple[str, ...]
    start: int
    shape: tuple[int, ...]
    dtype: str
    stored_as: str
    scale: float
    least: float


class ShardedWeights:
    """The weights that a ``weightsManifest`` names, read from plain files in one folder.

    Attributes:
        troubles: why queries could not be answered.
    """

    def __init__(self, folder: str, entry: Mapping[str, object]) -> None:
        self._folder = folder
        self.troubles: list[str] = []
        try:
            self._stored = dict(_manifest(entry.get("weightsManifest")))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            self._stored = {}
            self.troubles.append("its weightsManifest is damaged")

    def attach(self, root: Member) -> None:
        """Give each layer its weights; weights of two layers with one name go to neither."""
        layers = [member.layer for member in root.walk() if member.layer is not None]
        layers += [layer.wraps for layer in layers if layer.wraps is not None]
        for layer in layers:
            alone = sum(other.name == layer.name for other in layers) == 1
            if alone and names_of(layer) and (places := self._places(layer)):
                layer.weights = StoredWeights(self, layer, places.copy)

    def _places(self, layer: Layer) -> dict[str, Path]:
        found = {}
        for name in names_of(layer):
            names = (name, "depthwise_kernel") if name == "kernel" else (name,)
            paths = [p for p in self._stored if p[-2:-1] == (layer.name,) and p[-1] in names]
            if len(paths) != 1:
                return {}
            found[name] = paths[0]
        return found

    def shape(self, path: Path) -> tuple[int, ...] | None:
        """The shape of a weight."""
        stored = self._stored.get(path)
        return None if stored is None else stored.shape

    def read(self, path: Path) -> np.ndarray[Any, Any]:
        """The numbers of a weight.

        Raises:
            OSError: its files are not there, or too short.
        """
        import numpy as np

        stored = self._stored[path]
        size = math.prod(stored.shape) * _SIZES[stored.stored_as]
        values = np.frombuffer(self._bytes(stored.files, stored.start, size), stored.stored_as)
        if stored.stored_as in ("uint8", "uint16") and stored.stored_as != stored.dtype:
            values = values * stored.scale + stored.least
        return values.astype("float32").reshape(stored.shape)

    def _bytes(self, files: Sequence[str], start: int, size: int) -> bytes:
        parts: list[bytes] = []
        for name in files:
            path = os.path.join(self._folder, name)
            if os.path.basename(name) != name or not os.path.isfile(path) or os.path.islink(path):
                raise OSError(f"its weights are not beside it: {name}")
            length = os.path.getsize(path)
            if start < length and size:
                with opened(path) as file:
                    file.seek(start)
                    parts.append(file.read(min(size, length - start)))
                size -= len(parts[-1])
            start = max(0, start - length)
        if size:
            raise OSError("the files of its weights are too short")
        return b"".join(parts)


def _manifest(groups: Any) -> list[tuple[Path, _Stored]]:  # noqa: ANN401  anybody's JSON
    found: list[tuple[Path, _Stored]] = []
    for group in groups or ():
        files = tuple(str(name) for name in group["paths"])
        start = 0
        for weight in group["weights"]:
            shape = tuple(int(axis) for axis in weight["shape"])
            dtype = str(weight["dtype"])
            how = weight.get("quantization") or {}
            stored_as = str(how.get("dtype", dtype))
            if min(shape, default=0) < 0 or stored_as not in _SIZES or len(found) > _MOST_WEIGHTS:
                return found  # the positions of weights after a text are unknown
            least, scale = float(how.get("min", 0.0)), float(how.get("scale", 1.0))
            path = tuple(str(weight["name"]).split("/"))
            found.append((path, _Stored(files, start, shape, dtype, stored_as, scale, least)))
            start += math.prod(shape) * _SIZES[stored_as]
    return found
