"""``tf.layers.*``: the functions of TensorFlow 1 that create a layer and apply it at once.

The layer's own parameters follow ``inputs``, as in ``tf.compat.v1.layers`` of TensorFlow 2.15, with
the defaults that differ from the Keras layer of that kind. Source: TensorFlow 1.15 and 2.15.
"""

from __future__ import annotations

from bnlint.keras_api.signatures import SIGNATURES, Signature
from bnlint.keras_api.spec import REQUIRED, Parameter

_DROPPED = frozenset(
    ("groups", "output_padding", "renorm", "renorm_clipping", "renorm_momentum", "synchronized")
)
_LAST: tuple[Parameter, ...] = (("trainable", True), ("name", None), ("reuse", None))


def _function(
    kind: str, changed: Signature, last: tuple[Parameter, ...] = _LAST
) -> tuple[str, str, tuple[Parameter, ...]]:
    signature = SIGNATURES[kind]
    own = tuple(
        (name, changed.get(name, default))
        for name, default in signature.items()
        if name not in _DROPPED
        and name != "name"
        and not (name == "dilation_rate" and kind.endswith("Transpose"))
    )
    return kind, "inputs", own + last


_CONV: Signature = {"data_format": "channels_last", "kernel_initializer": None}
_POOL: Signature = {"data_format": "channels_last", "strides": REQUIRED}
_NAME: tuple[Parameter, ...] = (("name", None),)

TF_LAYERS: dict[str, tuple[str, str, tuple[Parameter, ...]]] = {
    "average_pooling1d": _function("AveragePooling1D", _POOL, _NAME),
    "average_pooling2d": _function("AveragePooling2D", _POOL, _NAME),
    "average_pooling3d": _function("AveragePooling3D", _POOL, _NAME),
    # `training` is False by default: without it the layer stays in inference mode.
    "batch_normalization": _function(
        "BatchNormalization",
        {},
        (
            ("training", False),
            *_LAST,
            ("renorm", False),
            ("renorm_clipping", None),
            ("renorm_momentum", 0.99),
            ("fused", None),
            ("virtual_batch_size", None),
            ("adjustment", None),
        ),
    ),
    "conv1d": _function("Conv1D", _CONV),
    "conv2d": _function("Conv2D", _CONV),
    "conv2d_transpose": _function("Conv2DTranspose", _CONV),
    "conv3d": _function("Conv3D", _CONV),
    "conv3d_transpose": _function("Conv3DTranspose", _CONV),
    "dense": (
        "Dense",
        "inputs",
        (
            ("units", REQUIRED),
            ("activation", None),
            ("use_bias", True),
            ("kernel_initializer", None),
            ("bias_initializer", "zeros"),
            ("kernel_regularizer", None),
            ("bias_regularizer", None),
            ("activity_regularizer", None),
            ("kernel_constraint", None),
            ("bias_constraint", None),
            *_LAST,
        ),
    ),
    "dropout": (
        "Dropout",
        "inputs",
        (
            ("rate", 0.5),
            ("noise_shape", None),
            ("seed", None),
            ("training", False),
            ("name", None),
        ),
    ),
    "flatten": ("Flatten", "inputs", (("name", None), ("data_format", "channels_last"))),
    "max_pooling1d": _function("MaxPooling1D", _POOL, _NAME),
    "max_pooling2d": _function("MaxPooling2D", _POOL, _NAME),
    "max_pooling3d": _function("MaxPooling3D", _POOL, _NAME),
    "separable_conv1d": _function("SeparableConv1D", _CONV),
    "separable_conv2d": _function("SeparableConv2D", _CONV),
}
"""Function -> ``(kind, tensors, parameters)``, a row like those of ``op_tables``."""
