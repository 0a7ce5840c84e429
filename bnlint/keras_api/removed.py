"""Arguments of layers and import paths that later versions of Keras refuse.

Source: Keras 1.2.2, the wheels of Keras 2.2.5 to 2.15, Keras 3.15, tf_keras 2.21;
``tests/harm/test_version_harm.py`` compares the tables with the libraries that are installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from bnlint.keras_api.keras1 import KEYWORDS, PARTS_OF_KERNEL_SIZE
from bnlint.keras_api.names import KERAS_1_ONLY, KERAS_2_ONLY, layer_named
from bnlint.keras_api.signatures import SIGNATURES

_KERAS_3 = (3,)
# Keras 2.0 to 2.3 took the arguments of Keras 1 with a warning.
_WITHOUT_SHIM = (2, 4)
# Keras 2.6 turned the module into a package with an empty `__init__`.
_EMPTY_NORMALIZATION = (2, 6)
# Keras 2.13 moved all but its public names to `keras.src`.
_WITHOUT_MODULES = (2, 13)


class Removed(NamedTuple):
    """The versions that refuse an argument or import path.

    Attributes:
        since: the first version that refuses it.
        until: the first version that accepts it again; ``None`` where none does.
        instead: what to write today; ``""`` where there is no replacement.
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
"""Keyword of ``BatchNormalization`` -> the versions that refuse it."""


@cache
def arguments_of(kind: str) -> Mapping[str, Removed]:
    """The keywords of a layer's constructor that some later version refuses.

    Args:
        kind: the canonical class.
    """
    if kind == "BatchNormalization":
        return ARGUMENTS
    today = SIGNATURES.get(kind)
    renamed = KEYWORDS.get(kind)
    if today is None or renamed is None:
        return {}
    names = dict(renamed)
    if "kernel_size" in today:
        names.update((part, "kernel_size") for parts in PARTS_OF_KERNEL_SIZE for part in parts)
    return {old: Removed(_WITHOUT_SHIM, new) for old, new in names.items() if old not in today}


_MODULES: Final = (
    "activation",
    "advanced_activations",
    "attention",
    "convolutional",
    "convolutional_recurrent",
    "core",
    "cudnn_recurrent",
    "embeddings",
    "local",
    "locally_connected",
    "merge",
    "merging",
    "noise",
    "normalization",
    "pooling",
    "recurrent",
    "regularization",
    "reshaping",
    "rnn",
    "wrappers",
)

PRIVATE: Final = "tensorflow.python.keras"
"""TensorFlow's private copy of an old Keras, partly removed."""

LEFT_OF_PRIVATE: Final = frozenset({
    "Input", "Model", "Sequential", "activations", "backend", "backend_config", "callbacks",
    "callbacks_v1", "combinations", "constraints", "distribute", "engine", "initializers",
    "keras_parameterized", "layers", "legacy_tf_layers", "losses", "metrics", "mixed_precision",
    "models", "optimizer_v1", "optimizer_v2", "optimizers", "protobuf", "regularizers", "saving",
    "testing_utils", "utils",
})  # fmt: skip
"""The names that can still be imported from it in TensorFlow 2.21."""

PATHS: Final[dict[str, Removed]] = {
    "keras.layers.normalization.BatchNormalization": Removed(_EMPTY_NORMALIZATION, "keras.layers"),
    **{f"keras.layers.{name}": Removed(_WITHOUT_MODULES, "keras.layers") for name in _MODULES},
    "keras.layers.experimental": Removed(_KERAS_3, "keras.layers"),
    "tensorflow.keras.layers.experimental": Removed(_KERAS_3, "tensorflow.keras.layers"),
    PRIVATE: Removed(_KERAS_3, "tensorflow.keras"),
}
"""Prefix of an import path -> the versions in which nothing can be imported from it."""


@lru_cache(maxsize=4096)
def removed_path(path: str) -> tuple[str, Removed] | None:
    """The module from which ``path`` can't be imported any more, and in which versions.

    Args:
        path: the path of a class, ``"keras.layers.core.Dense"``.
    """
    for start, removed in PATHS.items():
        if path == start or path.startswith(f"{start}."):
            module = start if path != start else start.rpartition(".")[0]
            return module, removed
    return None


def is_in_keras_3(name: str) -> bool:
    """Whether ``keras.layers`` of Keras 3 exports a layer of that name."""
    return layer_named(name) is not None and name not in KERAS_1_ONLY | KERAS_2_ONLY
