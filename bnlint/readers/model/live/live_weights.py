"""The weights of live layers, by name; copied when a rule asks for the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnlint.graph import Weight
from bnlint.readers.model.keras_objects import Live
from bnlint.readers.model.layer_state import weights_in

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class LiveWeight:
    """One variable of Keras, TensorFlow or JAX."""

    variable: Live

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, without copying it."""
        return tuple(int(axis) for axis in self.variable.shape)

    def read(self) -> np.ndarray[Any, Any]:
        """The numbers, copied."""
        import numpy as np

        return np.array(self.variable.numpy())


def weights_of(layer: Live) -> Mapping[str, Weight] | None:
    """The weights that a layer itself holds; ``None`` where it is not built, so has none yet.

    Args:
        layer: of Keras 3, Keras 2 or tf_keras. Names of the latter two are used without path and
            number: ``conv/kernel:0`` is ``kernel``.
    """
    if not getattr(layer, "built", False):
        return None
    found = {}
    for variable in weights_in(layer):
        name = str(variable.name).rpartition("/")[2].partition(":")[0]
        found[name] = LiveWeight(variable)
    return found
