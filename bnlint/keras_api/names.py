"""The public names of layer classes in every era, and their canonical kinds."""

from __future__ import annotations

import re

from bnlint.keras_api.layers import CLASSES, LAYERS
from bnlint.keras_api.spec import LayerSpec

ALIASES = {
    # Keras 2 and 3 export these in addition to the canonical name.
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2D": "Conv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3D": "Conv3D",
    "Convolution3DTranspose": "Conv3DTranspose",
    "DepthwiseConvolution1D": "DepthwiseConv1D",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GroupedQueryAttention": "GroupQueryAttention",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    # Keras 2 and TensorFlow 1
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "Deconv2D": "Conv2DTranspose",
    "Deconv3D": "Conv3DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SyncBatchNormalization": "BatchNormalization",
    # Keras 1
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "TimeDistributedDense": "Dense",
}
"""Other names of a class -> its canonical kind."""

KERAS_1_ONLY = frozenset(
    (
        "AtrousConv1D",
        "AtrousConv2D",
        "AtrousConvolution1D",
        "AtrousConvolution2D",
        "Deconvolution2D",
        "Highway",
        "MaxoutDense",
        "Merge",
        "ParametricSoftplus",
        "SReLU",
        "TimeDistributedDense",
    )
)
"""Names that Keras 2 dropped, or kept only behind a shim that takes Keras 1 arguments."""

KERAS_2_ONLY = frozenset(
    (
        "AbstractRNNCell",
        "BatchNormalizationV1",
        "BatchNormalizationV2",
        "CuDNNGRU",
        "CuDNNLSTM",
        "Deconv2D",
        "Deconv3D",
        "DenseFeatures",
        "LocallyConnected1D",
        "LocallyConnected2D",
        "RandomFourierFeatures",
        "RandomHeight",
        "RandomWidth",
        "SyncBatchNormalization",
        "ThresholdedReLU",
    )
)
"""Names that Keras 3 does not have (some of them Keras 1 has)."""

_CELLS_AND_BASES = frozenset(
    ("AbstractRNNCell", "GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells", "Wrapper")
)


def layer_named(name: str) -> LayerSpec | None:
    """The spec of the layer class with this name: ``"Convolution2D"`` gives that of Conv2D.

    Only names of classes: an op kind such as ``"ReduceMean"`` or ``"Cast"`` gives ``None``.
    """
    kind = ALIASES.get(name, name)
    return LAYERS[kind] if kind in CLASSES else None


def era_of_name(name: str) -> str | None:
    """``"1"`` or ``"2"`` where a class of this name exists only in that Keras."""
    if name in KERAS_1_ONLY:
        return "1"
    if name in KERAS_2_ONLY and name not in (
        "LocallyConnected1D",
        "LocallyConnected2D",
        "ThresholdedReLU",
    ):
        return "2"
    return None


def is_base(name: str) -> bool:
    """Whether ``name`` is a recurrent cell or a base class."""
    return name in _CELLS_AND_BASES


def automatic_name(class_name: str) -> str:
    """``"BatchNormalization"`` -> ``"batch_normalization"``: Keras's automatic name of a layer,
    before the number, and of a folder of weights.

    Source: ``to_snake_case`` of Keras 3.15 and Keras 2.15.
    """
    name = re.sub(r"\W+", "", class_name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
