"""The constructors of Keras 1, and today's names of their arguments.

A signature here has no defaults: an argument that a Keras 1 call omits gets today's default, which
is the same wherever a rule uses it. Source: Keras 1.2.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bnlint.graph import UNKNOWN

_LIMITS = (
    "W_regularizer",
    "b_regularizer",
    "activity_regularizer",
    "W_constraint",
    "b_constraint",
    "bias",
)
_CONV_START = ("init", "activation", "weights", "border_mode")
_CONV2D = ("nb_filter", "nb_row", "nb_col", *_CONV_START, "subsample", "dim_ordering", *_LIMITS)
_CONV1D = ("nb_filter", "filter_length", *_CONV_START, "subsample_length")
_POOL1D = ("pool_length", "stride", "border_mode")
_POOL = ("pool_size", "strides", "border_mode", "dim_ordering")
_RECURRENT_LIMITS = ("W_regularizer", "U_regularizer", "b_regularizer", "dropout_W", "dropout_U")
_RECURRENT_START = ("output_dim", "init", "inner_init")

ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "AtrousConvolution1D": (*_CONV1D, "atrous_rate", *_LIMITS, "input_dim", "input_length"),
    "AtrousConvolution2D": (
        *_CONV2D[:8],
        "atrous_rate",
        "dim_ordering",
        *_LIMITS,
    ),
    "AveragePooling1D": _POOL1D,
    "AveragePooling2D": _POOL,
    "AveragePooling3D": _POOL,
    "BatchNormalization": (
        "epsilon",
        "mode",
        "axis",
        "momentum",
        "weights",
        "beta_init",
        "gamma_init",
        "gamma_regularizer",
        "beta_regularizer",
    ),
    "Conv1D": (*_CONV1D, *_LIMITS, "input_dim", "input_length"),
    "Conv2D": _CONV2D,
    "Conv2DTranspose": (*_CONV2D[:3], "output_shape", *_CONV2D[3:]),
    "Conv3D": (
        "nb_filter",
        "kernel_dim1",
        "kernel_dim2",
        "kernel_dim3",
        *_CONV_START,
        "subsample",
        "dim_ordering",
        *_LIMITS,
    ),
    "ConvLSTM2D": (
        "nb_filter",
        "nb_row",
        "nb_col",
        "init",
        "inner_init",
        "forget_bias_init",
        "activation",
        "inner_activation",
        "dim_ordering",
        "border_mode",
        "subsample",
        *_RECURRENT_LIMITS,
    ),
    "Dense": ("output_dim", "init", "activation", "weights", *_LIMITS, "input_dim"),
    "Embedding": (
        "input_dim",
        "output_dim",
        "init",
        "input_length",
        "W_regularizer",
        "activity_regularizer",
        "W_constraint",
        "mask_zero",
        "weights",
        "dropout",
    ),
    "GRU": (*_RECURRENT_START, "activation", "inner_activation", *_RECURRENT_LIMITS),
    "Highway": ("init", "activation", "weights", *_LIMITS, "input_dim"),
    "LSTM": (
        *_RECURRENT_START,
        "forget_bias_init",
        "activation",
        "inner_activation",
        *_RECURRENT_LIMITS,
    ),
    "LocallyConnected1D": (*_CONV1D, *_LIMITS, "input_dim", "input_length"),
    "LocallyConnected2D": _CONV2D,
    "MaxPooling1D": _POOL1D,
    "MaxPooling2D": _POOL,
    "MaxPooling3D": _POOL,
    "MaxoutDense": ("output_dim", "nb_feature", "init", "weights", *_LIMITS, "input_dim"),
    "Merge": (
        "layers",
        "mode",
        "concat_axis",
        "dot_axes",
        "output_shape",
        "output_mask",
        "arguments",
        "node_indices",
        "tensor_indices",
        "name",
    ),
    "PReLU": ("init", "weights", "shared_axes"),
    "ParametricSoftplus": ("alpha_init", "beta_init", "weights", "shared_axes"),
    "SReLU": (
        "t_left_init",
        "a_left_init",
        "t_right_init",
        "a_right_init",
        "shared_axes",
    ),
    "SeparableConv2D": (
        *_CONV2D[:8],
        "depth_multiplier",
        "dim_ordering",
        "depthwise_regularizer",
        "pointwise_regularizer",
        "b_regularizer",
        "activity_regularizer",
        "depthwise_constraint",
        "pointwise_constraint",
        "b_constraint",
        "bias",
    ),
    "SimpleRNN": (*_RECURRENT_START, "activation", *_RECURRENT_LIMITS),
    "SpatialDropout2D": ("p", "dim_ordering"),
    "SpatialDropout3D": ("p", "dim_ordering"),
    "UpSampling1D": ("length",),
}
"""Kind, or a name of Keras 1 only -> the positional order. Kinds not listed are as today."""

ORDERS_SAME_AS: Final = {
    "AtrousConv1D": "AtrousConvolution1D",
    "AtrousConv2D": "AtrousConvolution2D",
    "TimeDistributedDense": "Dense",
}

_CONV = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "atrous_rate": "dilation_rate",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "filter_length": "kernel_size",
    "init": "kernel_initializer",
    "nb_filter": "filters",
    "subsample": "strides",
    "subsample_length": "strides",
}
_DENSE = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "init": "kernel_initializer",
    "output_dim": "units",
}
_RECURRENT = {
    **_DENSE,
    "U_regularizer": "recurrent_regularizer",
    "consume_less": "implementation",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "forget_bias_init": "unit_forget_bias",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
}
_POOLING = {
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "pool_length": "pool_size",
    "stride": "strides",
}
_FORMAT = {"dim_ordering": "data_format"}

KEYWORDS: Final[dict[str, dict[str, str]]] = {
    "AlphaDropout": {"p": "rate"},
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "ConvLSTM2D": {**_CONV, **_RECURRENT},
    "Dense": _DENSE,
    "Dropout": {"p": "rate"},
    "Embedding": {
        "W_constraint": "embeddings_constraint",
        "W_regularizer": "embeddings_regularizer",
        "init": "embeddings_initializer",
    },
    "GaussianDropout": {"p": "rate"},
    "GaussianNoise": {"sigma": "stddev"},
    "PReLU": {"init": "alpha_initializer"},
    "SpatialDropout1D": {"p": "rate"},
    "SpatialDropout2D": {"p": "rate", **_FORMAT},
    "SpatialDropout3D": {"p": "rate", **_FORMAT},
    "UpSampling1D": {"length": "size"},
    "MaxoutDense": _DENSE,
    "Highway": _DENSE,
    **dict.fromkeys(
        (
            "Conv1D",
            "Conv2D",
            "Conv3D",
            "Conv2DTranspose",
            "Conv3DTranspose",
            "DepthwiseConv2D",
            "SeparableConv1D",
            "SeparableConv2D",
            "LocallyConnected1D",
            "LocallyConnected2D",
        ),
        _CONV,
    ),
    **dict.fromkeys(
        (
            f"{name}Pooling{spatial}D"
            for name in ("Max", "Average", "GlobalMax", "GlobalAverage")
            for spatial in (1, 2, 3)
        ),
        _POOLING,
    ),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _RECURRENT),
    **dict.fromkeys(
        (
            "Flatten",
            "UpSampling2D",
            "UpSampling3D",
            "Cropping2D",
            "Cropping3D",
            "ZeroPadding2D",
            "ZeroPadding3D",
        ),
        _FORMAT,
    ),
}
"""Kind -> Keras 1's keyword -> today's."""

PARTS_OF_KERNEL_SIZE: Final = (
    ("nb_row", "nb_col"),
    ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
)
"""Arguments that are now one tuple, ``kernel_size``."""

INITIALIZERS: Final = frozenset(
    (
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "identity",
        "lecun_uniform",
        "normal",
        "one",
        "orthogonal",
        "uniform",
        "zero",
    )
)
"""Names of initializers, at the position of today's activation: ``Dense(64, 'uniform')``."""

_DATA_FORMATS = {"th": "channels_first", "tf": "channels_last", "default": None}


def _data_format(value: object) -> object:
    return _DATA_FORMATS.get(value, value) if isinstance(value, str) else value


def _unit_forget_bias(value: object) -> object:
    return value in ("one", "ones") if isinstance(value, str) else UNKNOWN


VALUES: Final[dict[str, Callable[[object], object]]] = {
    "dim_ordering": _data_format,
    "data_format": _data_format,
    "forget_bias_init": _unit_forget_bias,
}
"""Keras 1's argument -> how its value is written today."""
