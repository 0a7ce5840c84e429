"""The kind of a layer: its row in the tables, and the inner layer of a wrapper."""

from __future__ import annotations

from typing import Final

from bnlint import keras_api
from bnlint.graph import Layer
from bnlint.keras_api import LayerSpec

# Applied to each time step, or to the weights: the wrapped layer is applied to the tensor.
TRANSPARENT_WRAPPERS: Final = frozenset({"TimeDistributed", "SpectralNormalization"})


def acting(layer: Layer) -> Layer:
    """The layer that is applied to the tensor: the inner layer of a wrapper, else ``layer``."""
    if layer.kind in TRANSPARENT_WRAPPERS and layer.wraps is not None:
        return acting(layer.wraps)
    return layer


def spec_of(layer: Layer) -> LayerSpec | None:
    return keras_api.layer(layer.kind)
