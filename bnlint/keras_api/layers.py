"""What each kind of layer is: its role, and how a per-channel shift passes through it.

Source of the shifts: measured with Keras 3.15; ``tests/keras_api/test_shift_proof.py`` measures
them again. The kinds cover Keras 1, 2 and 3; synchronized and older variants of BatchNormalization
have the single kind ``BatchNormalization``.
"""

from __future__ import annotations

from bnlint.keras_api.op_kinds import OP_KINDS
from bnlint.keras_api.spec import LayerSpec, Role, Shift

_ROWS = (
    # Linear layers. They pass on a shift from upstream; a transposed convolution does not, because
    # its edges sum fewer kernel taps.
    LayerSpec("Dense", Role.LINEAR, Shift.LINEAR, parametric=True, bias="use_bias"),
    LayerSpec(
        "Conv1D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=3,
        parametric=True,
        has_data_format=True,
        spatial=1,
        bias="use_bias",
    ),
    LayerSpec(
        "Conv2D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=4,
        parametric=True,
        has_data_format=True,
        spatial=2,
        bias="use_bias",
    ),
    LayerSpec(
        "Conv3D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=5,
        parametric=True,
        has_data_format=True,
        spatial=3,
        bias="use_bias",
    ),
    LayerSpec(
        "DepthwiseConv1D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=3,
        parametric=True,
        has_data_format=True,
        spatial=1,
        bias="use_bias",
    ),
    LayerSpec(
        "DepthwiseConv2D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=4,
        parametric=True,
        has_data_format=True,
        spatial=2,
        bias="use_bias",
    ),
    LayerSpec(
        "SeparableConv1D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=3,
        parametric=True,
        has_data_format=True,
        spatial=1,
        bias="use_bias",
    ),
    LayerSpec(
        "SeparableConv2D",
        Role.LINEAR,
        Shift.LINEAR,
        rank=4,
        parametric=True,
        has_data_format=True,
        spatial=2,
        bias="use_bias",
    ),
    LayerSpec(
        "Conv1DTranspose",
        Role.LINEAR,
        Shift.POINTWISE,
        rank=3,
        parametric=True,
        has_data_format=True,
        spatial=1,
        bias="use_bias",
    ),
    LayerSpec(
        "Conv2DTranspose",
        Role.LINEAR,
        Shift.POINTWISE,
        rank=4,
        parametric=True,
        has_data_format=True,
        spatial=2,
        bias="use_bias",
    ),
    LayerSpec(
        "Conv3DTranspose",
        Role.LINEAR,
        Shift.POINTWISE,
        rank=5,
        parametric=True,
        has_data_format=True,
        spatial=3,
        bias="use_bias",
    ),
    LayerSpec(
        "LocallyConnected1D", Role.LINEAR, rank=3, parametric=True, has_data_format=True, spatial=1
    ),
    LayerSpec(
        "LocallyConnected2D", Role.LINEAR, rank=4, parametric=True, has_data_format=True, spatial=2
    ),
    LayerSpec("EinsumDense", Role.LINEAR, Shift.EINSUM, parametric=True, bias="bias_axes"),
    LayerSpec("RandomFourierFeatures", Role.OTHER, rank=2, parametric=True),
    # Keras 1 only.
    LayerSpec("Highway", Role.OTHER, rank=2, parametric=True),
    LayerSpec("MaxoutDense", Role.OTHER, rank=2, parametric=True),
    # Activations.
    LayerSpec("Activation", Role.ACTIVATION, Shift.IF_LINEAR, activation="?"),
    LayerSpec("ReLU", Role.ACTIVATION, activation="relu"),
    LayerSpec("LeakyReLU", Role.ACTIVATION, activation="leaky_relu"),
    LayerSpec("PReLU", Role.ACTIVATION, activation="prelu"),
    LayerSpec("ELU", Role.ACTIVATION, activation="elu"),
    LayerSpec("ThresholdedReLU", Role.ACTIVATION, activation="thresholded_relu"),
    LayerSpec("Softmax", Role.ACTIVATION, activation="softmax"),
    LayerSpec("ParametricSoftplus", Role.ACTIVATION, activation="parametric_softplus"),
    LayerSpec("SReLU", Role.ACTIVATION, activation="s_relu"),
    # Normalizations.
    LayerSpec("BatchNormalization", Role.NORMALIZATION, Shift.ABSORBS),
    LayerSpec("LayerNormalization", Role.NORMALIZATION, Shift.SPATIAL_LAYER_NORM),
    LayerSpec("GroupNormalization", Role.NORMALIZATION, Shift.INSTANCE_NORM),
    LayerSpec("RMSNormalization", Role.NORMALIZATION),
    LayerSpec("UnitNormalization", Role.NORMALIZATION),
    # Merges.
    LayerSpec("Add", Role.MERGE, Shift.SUM),
    LayerSpec("Subtract", Role.MERGE, Shift.SUM),
    LayerSpec("Average", Role.MERGE, Shift.SUM),
    LayerSpec("Concatenate", Role.MERGE, Shift.CONCATENATE),
    LayerSpec("Multiply", Role.MERGE),
    LayerSpec("Maximum", Role.MERGE),
    LayerSpec("Minimum", Role.MERGE),
    LayerSpec("Dot", Role.MERGE),
    # Keras 1; its `mode` decides which merge it is: see `merge_kind`.
    LayerSpec("Merge", Role.MERGE),
    # Pooling. An average does not count padded positions, so it keeps a shift too.
    LayerSpec(
        "AveragePooling1D", Role.POOLING, Shift.ALWAYS, rank=3, has_data_format=True, spatial=1
    ),
    LayerSpec(
        "AveragePooling2D", Role.POOLING, Shift.ALWAYS, rank=4, has_data_format=True, spatial=2
    ),
    LayerSpec(
        "AveragePooling3D", Role.POOLING, Shift.ALWAYS, rank=5, has_data_format=True, spatial=3
    ),
    LayerSpec("MaxPooling1D", Role.POOLING, Shift.ALWAYS, rank=3, has_data_format=True, spatial=1),
    LayerSpec("MaxPooling2D", Role.POOLING, Shift.ALWAYS, rank=4, has_data_format=True, spatial=2),
    LayerSpec("MaxPooling3D", Role.POOLING, Shift.ALWAYS, rank=5, has_data_format=True, spatial=3),
    LayerSpec(
        "GlobalAveragePooling1D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=2,
        has_data_format=True,
        spatial=1,
    ),
    LayerSpec(
        "GlobalAveragePooling2D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=2,
        has_data_format=True,
        spatial=2,
    ),
    LayerSpec(
        "GlobalAveragePooling3D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=2,
        has_data_format=True,
        spatial=3,
    ),
    LayerSpec(
        "GlobalMaxPooling1D", Role.POOLING, Shift.ALWAYS, rank=2, has_data_format=True, spatial=1
    ),
    LayerSpec(
        "GlobalMaxPooling2D", Role.POOLING, Shift.ALWAYS, rank=2, has_data_format=True, spatial=2
    ),
    LayerSpec(
        "GlobalMaxPooling3D", Role.POOLING, Shift.ALWAYS, rank=2, has_data_format=True, spatial=3
    ),
    LayerSpec(
        "AdaptiveAveragePooling1D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=3,
        has_data_format=True,
        spatial=1,
    ),
    LayerSpec(
        "AdaptiveAveragePooling2D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=4,
        has_data_format=True,
        spatial=2,
    ),
    LayerSpec(
        "AdaptiveAveragePooling3D",
        Role.POOLING,
        Shift.ALWAYS,
        rank=5,
        has_data_format=True,
        spatial=3,
    ),
    LayerSpec(
        "AdaptiveMaxPooling1D", Role.POOLING, Shift.ALWAYS, rank=3, has_data_format=True, spatial=1
    ),
    LayerSpec(
        "AdaptiveMaxPooling2D", Role.POOLING, Shift.ALWAYS, rank=4, has_data_format=True, spatial=2
    ),
    LayerSpec(
        "AdaptiveMaxPooling3D", Role.POOLING, Shift.ALWAYS, rank=5, has_data_format=True, spatial=3
    ),
    # Shape.
    LayerSpec("ZeroPadding1D", Role.PADDING, rank=3, has_data_format=True, spatial=1),
    LayerSpec("ZeroPadding2D", Role.PADDING, rank=4, has_data_format=True, spatial=2),
    LayerSpec("ZeroPadding3D", Role.PADDING, rank=5, has_data_format=True, spatial=3),
    LayerSpec("Cropping1D", Role.CROPPING, Shift.ALWAYS, rank=3, spatial=1),
    LayerSpec("Cropping2D", Role.CROPPING, Shift.ALWAYS, rank=4, spatial=2, has_data_format=True),
    LayerSpec("Cropping3D", Role.CROPPING, Shift.ALWAYS, rank=5, spatial=3, has_data_format=True),
    LayerSpec("UpSampling1D", Role.UPSAMPLING, Shift.ALWAYS, rank=3, spatial=1),
    LayerSpec(
        "UpSampling2D", Role.UPSAMPLING, Shift.ALWAYS, rank=4, spatial=2, has_data_format=True
    ),
    LayerSpec(
        "UpSampling3D", Role.UPSAMPLING, Shift.ALWAYS, rank=5, spatial=3, has_data_format=True
    ),
    LayerSpec("Flatten", Role.RESHAPE, Shift.ALWAYS, rank=2, has_data_format=True),
    LayerSpec("Reshape", Role.RESHAPE, Shift.RESHAPE),
    LayerSpec("Permute", Role.RESHAPE, Shift.PERMUTE),
    LayerSpec("RepeatVector", Role.RESHAPE, Shift.ALWAYS, rank=3),
    # Regularization. Added noise does not depend on the values; a dropout multiplies them.
    LayerSpec("Dropout", Role.DROPOUT, Shift.IF_RATE_ZERO),
    LayerSpec("AlphaDropout", Role.DROPOUT, Shift.IF_RATE_ZERO),
    LayerSpec("GaussianDropout", Role.DROPOUT, Shift.IF_RATE_ZERO),
    LayerSpec("SpatialDropout1D", Role.DROPOUT, Shift.IF_RATE_ZERO, rank=3, spatial=1),
    LayerSpec(
        "SpatialDropout2D",
        Role.DROPOUT,
        Shift.IF_RATE_ZERO,
        rank=4,
        has_data_format=True,
        spatial=2,
    ),
    LayerSpec(
        "SpatialDropout3D",
        Role.DROPOUT,
        Shift.IF_RATE_ZERO,
        rank=5,
        has_data_format=True,
        spatial=3,
    ),
    LayerSpec("GaussianNoise", Role.NOISE, Shift.ALWAYS),
    # Its penalty depends on the shift, so it trains the bias.
    LayerSpec("ActivityRegularization", Role.OTHER),
    # Inputs.
    LayerSpec("Input", Role.INPUT),
    LayerSpec("InputLayer", Role.INPUT),
    # Recurrent.
    LayerSpec("LSTM", Role.RECURRENT, parametric=True),
    LayerSpec("GRU", Role.RECURRENT, parametric=True),
    LayerSpec("SimpleRNN", Role.RECURRENT, parametric=True),
    LayerSpec("CuDNNLSTM", Role.RECURRENT, parametric=True),
    LayerSpec("CuDNNGRU", Role.RECURRENT, parametric=True),
    LayerSpec("RNN", Role.RECURRENT, parametric=True),
    LayerSpec("ConvLSTM1D", Role.RECURRENT, parametric=True, has_data_format=True, spatial=1),
    LayerSpec("ConvLSTM2D", Role.RECURRENT, parametric=True, has_data_format=True, spatial=2),
    LayerSpec("ConvLSTM3D", Role.RECURRENT, parametric=True, has_data_format=True, spatial=3),
    LayerSpec("LSTMCell", Role.RECURRENT, parametric=True),
    LayerSpec("GRUCell", Role.RECURRENT, parametric=True),
    LayerSpec("SimpleRNNCell", Role.RECURRENT, parametric=True),
    LayerSpec("StackedRNNCells", Role.RECURRENT, parametric=True),
    LayerSpec("AbstractRNNCell", Role.RECURRENT, parametric=True),
    # Attention and embedding.
    LayerSpec("Attention", Role.ATTENTION),
    LayerSpec("AdditiveAttention", Role.ATTENTION),
    LayerSpec("MultiHeadAttention", Role.ATTENTION, parametric=True),
    LayerSpec("GroupQueryAttention", Role.ATTENTION, parametric=True),
    LayerSpec("Embedding", Role.EMBEDDING, parametric=True),
    LayerSpec("ReversibleEmbedding", Role.EMBEDDING, parametric=True),
    # Wrappers.
    LayerSpec("TimeDistributed", Role.WRAPPER),
    LayerSpec("Bidirectional", Role.WRAPPER),
    LayerSpec("SpectralNormalization", Role.WRAPPER),
    LayerSpec("Wrapper", Role.WRAPPER),
    # Preprocessing. Rescaling and Resizing are used in models too and keep a shift.
    LayerSpec("Rescaling", Role.PREPROCESSING, Shift.ALWAYS),
    LayerSpec("Resizing", Role.UPSAMPLING, Shift.RESIZE, has_data_format=True, spatial=2),
    LayerSpec("CenterCrop", Role.CROPPING, Shift.ALWAYS, has_data_format=True, spatial=2),
    LayerSpec("AugMix", Role.PREPROCESSING),
    LayerSpec("AutoContrast", Role.PREPROCESSING),
    LayerSpec("CategoryEncoding", Role.PREPROCESSING),
    LayerSpec("ContrastLimitedAdaptiveHistogramEqualization", Role.PREPROCESSING),
    LayerSpec("CutMix", Role.PREPROCESSING),
    LayerSpec("DenseFeatures", Role.PREPROCESSING),
    LayerSpec("Discretization", Role.PREPROCESSING),
    LayerSpec("Equalization", Role.PREPROCESSING),
    LayerSpec("HashedCrossing", Role.PREPROCESSING),
    LayerSpec("Hashing", Role.PREPROCESSING),
    LayerSpec("IntegerLookup", Role.PREPROCESSING),
    LayerSpec("MaxNumBoundingBoxes", Role.PREPROCESSING),
    LayerSpec("MelSpectrogram", Role.PREPROCESSING),
    LayerSpec("MixUp", Role.PREPROCESSING),
    LayerSpec("Normalization", Role.PREPROCESSING),
    LayerSpec("Pipeline", Role.PREPROCESSING),
    LayerSpec("RandAugment", Role.PREPROCESSING),
    LayerSpec("RandomBrightness", Role.PREPROCESSING),
    LayerSpec("RandomColorDegeneration", Role.PREPROCESSING),
    LayerSpec("RandomColorJitter", Role.PREPROCESSING),
    LayerSpec("RandomContrast", Role.PREPROCESSING),
    LayerSpec("RandomCrop", Role.PREPROCESSING),
    LayerSpec("RandomElasticTransform", Role.PREPROCESSING),
    LayerSpec("RandomErasing", Role.PREPROCESSING),
    LayerSpec("RandomFlip", Role.PREPROCESSING),
    LayerSpec("RandomGaussianBlur", Role.PREPROCESSING),
    LayerSpec("RandomGrayscale", Role.PREPROCESSING),
    LayerSpec("RandomHeight", Role.PREPROCESSING),
    LayerSpec("RandomHue", Role.PREPROCESSING),
    LayerSpec("RandomInvert", Role.PREPROCESSING),
    LayerSpec("RandomPerspective", Role.PREPROCESSING),
    LayerSpec("RandomPosterization", Role.PREPROCESSING),
    LayerSpec("RandomRotation", Role.PREPROCESSING),
    LayerSpec("RandomSaturation", Role.PREPROCESSING),
    LayerSpec("RandomSharpness", Role.PREPROCESSING),
    LayerSpec("RandomShear", Role.PREPROCESSING),
    LayerSpec("RandomTranslation", Role.PREPROCESSING),
    LayerSpec("RandomWidth", Role.PREPROCESSING),
    LayerSpec("RandomZoom", Role.PREPROCESSING),
    LayerSpec("STFTSpectrogram", Role.PREPROCESSING),
    LayerSpec("Solarization", Role.PREPROCESSING),
    LayerSpec("StringLookup", Role.PREPROCESSING),
    LayerSpec("TextVectorization", Role.PREPROCESSING),
    # Others.
    LayerSpec("Lambda", Role.LAMBDA),
    LayerSpec("Identity", Role.IDENTITY, Shift.ALWAYS),
    LayerSpec("Masking", Role.OTHER),
    LayerSpec("TFSMLayer", Role.OTHER, parametric=True),
    LayerSpec("FlaxLayer", Role.OTHER, parametric=True),
    LayerSpec("JaxLayer", Role.OTHER, parametric=True),
    LayerSpec("TorchModuleWrapper", Role.OTHER, parametric=True),
)

LAYERS: dict[str, LayerSpec] = {row.kind: row for row in (*_ROWS, *OP_KINDS)}
"""All values of ``Layer.kind`` in a graph, except the classes of a user."""

CLASSES = frozenset(row.kind for row in _ROWS) - {"Input"}
"""The kinds that are classes of ``keras.layers`` in some era."""

AFFINE = frozenset(
    {
        *(f"{name}{n}D" for n in (1, 2, 3) for name in ("ZeroPadding", "Cropping", "UpSampling")),
        *(f"{name}{n}D" for n in (1, 2, 3) for name in ("AveragePooling", "GlobalAveragePooling")),
        *("Flatten", "Reshape", "Permute", "RepeatVector"),
        *("Add", "Subtract", "Average", "Concatenate"),
        *("ScaleShift", "Negative", "Identity", "Rescaling", "GaussianNoise"),
    }
)
"""The kinds without a kernel that compute sums of multiples of their inputs, separately for each
sample. ``Reshape`` as a function, and ``Concatenate`` over axis 0, mix samples."""

_MERGE_MODES = {
    "sum": "Add",
    "ave": "Average",
    "concat": "Concatenate",
    "mul": "Multiply",
    "max": "Maximum",
    "dot": "Dot",
    "cos": "Dot",
}


def layer(kind: str) -> LayerSpec | None:
    """The row of ``kind``; ``None`` for a class that is not Keras's own."""
    return LAYERS.get(kind)


def merge_kind(mode: object) -> str:
    """The kind of ``Merge(mode=…)`` or ``merge(…, mode=…)`` of Keras 1.

    ``"Merge"``, which passes no shift, where the mode is not a known string.
    """
    return _MERGE_MODES.get(mode, "Merge") if isinstance(mode, str) else "Merge"
