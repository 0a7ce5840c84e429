"""What a layer of a graph is: its row in the tables, and what acts where something wraps it."""

from __future__ import annotations

from typing import Final

from bnlint import keras_api
from bnlint.graph import Layer
from bnlint.keras_api import LayerSpec

# Applied to each time step, or around the weights: what they wrap is what acts on the tensor.
TRANSPARENT_WRAPPERS: Final = frozenset({"TimeDistributed", "SpectralNormalization"})


def acting(layer: Layer) -> Layer:
    """The layer that acts on the tensor: what a ``TimeDistributed`` wraps, else the layer."""
    if layer.kind in TRANSPARENT_WRAPPERS and layer.wraps is not None:
        return acting(layer.wraps)
    return layer


def spec_of(layer: Layer) -> LayerSpec | None:
    return keras_api.layer(layer.kind)
