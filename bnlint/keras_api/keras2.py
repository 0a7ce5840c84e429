"""Where the constructors of Keras 2 (``tf.keras`` to TensorFlow 2.15) differ from those of Keras 3.

Source: keras 2.15 and tf_keras 2.21; ``tests/keras_api`` compares with ``tf_keras`` where that is
installed.
"""

from __future__ import annotations

from bnlint.keras_api.signatures import SIGNATURES, Signature
from bnlint.keras_api.spec import REQUIRED

_LOCALLY_CONNECTED: Signature = {
    "filters": REQUIRED,
    "kernel_size": REQUIRED,
    "strides": 1,
    "padding": "valid",
    "data_format": None,
    "activation": None,
    "use_bias": True,
    "kernel_initializer": "glorot_uniform",
    "bias_initializer": "zeros",
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "implementation": 1,
}
_CUDNN: Signature = {
    "units": REQUIRED,
    "kernel_initializer": "glorot_uniform",
    "recurrent_initializer": "orthogonal",
    "bias_initializer": "zeros",
    "kernel_regularizer": None,
    "recurrent_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "recurrent_constraint": None,
    "bias_constraint": None,
    "return_sequences": False,
    "return_state": False,
    "go_backwards": False,
    "stateful": False,
}

RETIRED: dict[str, Signature] = {
    "AbstractRNNCell": {},
    "CuDNNGRU": _CUDNN,
    "CuDNNLSTM": {
        **dict(list(_CUDNN.items())[:4]),
        "unit_forget_bias": True,
        **dict(list(_CUDNN.items())[4:]),
    },
    "DenseFeatures": {"feature_columns": REQUIRED, "trainable": True, "name": None},
    "LocallyConnected1D": _LOCALLY_CONNECTED,
    "LocallyConnected2D": {**_LOCALLY_CONNECTED, "strides": (1, 1)},
    "RandomFourierFeatures": {
        "output_dim": REQUIRED,
        "kernel_initializer": "gaussian",
        "scale": None,
        "trainable": False,
        "name": None,
    },
    "RandomHeight": {"factor": REQUIRED, "interpolation": "bilinear", "seed": None},
    "RandomWidth": {"factor": REQUIRED, "interpolation": "bilinear", "seed": None},
    "ThresholdedReLU": {"theta": 1.0},
}
"""The layers that Keras 3 does not have."""

DEFAULTS: dict[str, Signature] = {
    "AveragePooling1D": {"pool_size": 2, "data_format": "channels_last"},
    "AveragePooling2D": {"pool_size": (2, 2)},
    "AveragePooling3D": {"pool_size": (2, 2, 2)},
    "Conv1D": {"data_format": "channels_last"},
    "ConvLSTM1D": {"recurrent_activation": "hard_sigmoid"},
    "ConvLSTM2D": {
        "recurrent_activation": "hard_sigmoid",
        "strides": (1, 1),
        "dilation_rate": (1, 1),
    },
    "ConvLSTM3D": {
        "recurrent_activation": "hard_sigmoid",
        "strides": (1, 1, 1),
        "dilation_rate": (1, 1, 1),
    },
    "GlobalAveragePooling1D": {"data_format": "channels_last"},
    "GlobalMaxPooling1D": {"data_format": "channels_last"},
    "MaxPooling1D": {"data_format": "channels_last"},
    "PReLU": {"alpha_initializer": "zeros"},
    "ZeroPadding3D": {"padding": (1, 1, 1)},
}
"""Defaults that Keras 3 changed."""

_LATE_DROPOUT = ("dropout", "recurrent_dropout")

MOVED_LAST: dict[str, tuple[str, ...]] = {
    "ConvLSTM1D": _LATE_DROPOUT,
    "ConvLSTM2D": _LATE_DROPOUT,
    "ConvLSTM3D": _LATE_DROPOUT,
}
"""Parameters that were last in Keras 2."""

_ORDERS: dict[str, tuple[str, ...]] = {
    "Conv3DTranspose": (
        "filters",
        "kernel_size",
        "strides",
        "padding",
        "output_padding",
        "data_format",
    ),
    "Identity": (),
    "InputLayer": ("shape", "batch_size", "dtype", "input_tensor", "sparse", "name", "ragged"),
    "StringLookup": (
        "max_tokens",
        "num_oov_indices",
        "mask_token",
        "oov_token",
        "vocabulary",
        "idf_weights",
        "encoding",
        "invert",
        "output_mode",
        "sparse",
        "pad_to_max_tokens",
    ),
    "Embedding": (
        "input_dim",
        "output_dim",
        "embeddings_initializer",
        "embeddings_regularizer",
        "activity_regularizer",
        "embeddings_constraint",
        "mask_zero",
        "input_length",
        "sparse",
    ),
    "EinsumDense": (
        "equation",
        "output_shape",
        "activation",
        "bias_axes",
        "kernel_initializer",
        "bias_initializer",
        "kernel_regularizer",
        "bias_regularizer",
        "activity_regularizer",
    ),
    "GRU": (
        *tuple(SIGNATURES["GRU"])[:15],
        *("dropout", "recurrent_dropout", "return_sequences", "return_state", "go_backwards"),
        *("stateful", "unroll", "time_major", "reset_after"),
    ),
    "LSTM": (
        *tuple(SIGNATURES["LSTM"])[:16],
        *("dropout", "recurrent_dropout", "return_sequences", "return_state", "go_backwards"),
        *("stateful", "time_major", "unroll"),
    ),
    "RNN": (*tuple(SIGNATURES["RNN"])[:6], "time_major"),
    "SimpleRNN": tuple(name for name in SIGNATURES["SimpleRNN"] if name != "seed"),
}
"""The start of the positional order, where it differed."""

ONLY: dict[str, frozenset[str]] = {
    "BatchNormalization": frozenset(
        (
            "adjustment",
            "fused",
            "mode",
            "renorm",
            "renorm_clipping",
            "renorm_momentum",
            "synchronized",
            "virtual_batch_size",
        )
    ),
    "Embedding": frozenset(("activity_regularizer", "input_length", "sparse")),
    "InputLayer": frozenset(("input_shape", "type_spec")),
    "MultiHeadAttention": frozenset(("softmax_robust_masking",)),
    "Softmax": frozenset(("robust_masking",)),
    **dict.fromkeys(
        ("GRU", "LSTM", "RNN", "SimpleRNN", "ConvLSTM2D", "GRUCell", "LSTMCell", "SimpleRNNCell"),
        frozenset(("implementation", "time_major", "unroll")),
    ),
}
"""Keywords that some Keras 2 takes and Keras 3 may not; they keep their names."""

KEYWORDS: dict[str, dict[str, str]] = {
    "InputLayer": {"input_shape": "shape", "batch_input_shape": "batch_shape"},
    "LeakyReLU": {"alpha": "negative_slope"},
}
"""Keywords that Keras 3 renamed."""


def signature(kind: str) -> Signature | None:
    """The constructor of ``kind`` in Keras 2, under the names of Keras 3."""
    modern = RETIRED.get(kind, SIGNATURES.get(kind))
    if modern is None:
        return None
    merged = {**modern, **DEFAULTS.get(kind, {})}
    first = _ORDERS.get(kind, ())
    last = MOVED_LAST.get(kind, ())
    names = (*first, *(n for n in merged if n not in first and n not in last), *last)
    return {name: merged.get(name) for name in names}
