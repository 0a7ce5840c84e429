"""What later versions of Keras refuse: arguments of BatchNormalization and import paths.

Source: Keras 1.2.2, 2.15 and 3.15, tf_keras 2.21; ``tests/harm/test_version_harm.py`` compares the
tables with the libraries that are installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_KERAS_3 = (3,)
# Keras 2.0 to 2.3 took the arguments of Keras 1 with a warning.
_WITHOUT_SHIM = (2, 4)


@dataclass(frozen=True, slots=True)
class Removed:
    """What is refused.

    Attributes:
        since: the first version that refuses it.
        until: the first version that takes it again; ``None`` where none does.
        instead: what to write today; ``""`` where nothing has taken its place.
    """

    since: tuple[int, ...]
    instead: str = ""
    until: tuple[int, ...] | None = None


ARGUMENTS: Final[dict[str, Removed]] = {
    "mode": Removed(_WITHOUT_SHIM),
    "beta_init": Removed(_WITHOUT_SHIM, "beta_initializer"),
    "gamma_init": Removed(_WITHOUT_SHIM, "gamma_initializer"),
    "weights": Removed(_KERAS_3),
    "fused": Removed(_KERAS_3),
    "virtual_batch_size": Removed(_KERAS_3),
    "adjustment": Removed(_KERAS_3),
    "renorm": Removed(_KERAS_3, until=(3, 14)),
    "renorm_clipping": Removed(_KERAS_3, until=(3, 14)),
    "renorm_momentum": Removed(_KERAS_3, until=(3, 14)),
}
"""Keyword of ``BatchNormalization`` -> since when it is refused."""

PATHS: Final[dict[str, Removed]] = {
    "keras.layers.normalization": Removed(_KERAS_3, "keras.layers"),
    "keras.layers.core": Removed(_KERAS_3, "keras.layers"),
    "keras.layers.convolutional": Removed(_KERAS_3, "keras.layers"),
    "keras.layers.experimental": Removed(_KERAS_3, "keras.layers"),
    "tensorflow.keras.layers.experimental": Removed(_KERAS_3, "tensorflow.keras.layers"),
    "tensorflow.python.keras": Removed(_KERAS_3, "keras"),
}
"""Beginning of an import path -> since when there is no such module."""
