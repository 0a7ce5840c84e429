"""Activation functions: one canonical name for each, in all libraries and versions.

Source: ``keras.activations`` of Keras 1.2, 2.15 and 3.15, and the functions of ``tf.nn``.
"""

from __future__ import annotations

from bnlint.keras_api.layers import LAYERS
from bnlint.keras_api.names import ALIASES

_SYNONYMS = {
    "hard_swish": "hard_silu",
    "identity": "linear",
    "swish": "silu",
}

ACTIVATIONS = frozenset(
    (
        "celu",
        "crelu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
    )
)
"""The strings that ``activation=`` takes, and the functions of ``keras.activations``."""


def activation_name(path_or_name: str) -> str | None:
    """The canonical name of an activation function.

    Args:
        path_or_name: a string that ``activation=`` takes, a dotted path to a function, or the name
            of an activation layer: ``"relu"``, ``"tensorflow.nn.swish"``, ``"LeakyReLU"``.

    Returns:
        ``"relu"``, ``"silu"``, ``"leaky_relu"``, …; ``None`` where it is not a known activation.
        The identity is ``"linear"``.
    """
    name = path_or_name.rpartition(".")[2]
    if name in ACTIVATIONS or name in _SYNONYMS:
        return _SYNONYMS.get(name, name)
    spec = LAYERS.get(ALIASES.get(name, name))
    if spec is None or spec.activation == "?":
        return None
    return spec.activation
