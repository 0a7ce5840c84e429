"""The types that describe Keras: roles, shifts, layers, ops, and resolved paths."""

from __future__ import annotations

import enum
from typing import Final, NamedTuple, TypeAlias


class Required(enum.Enum):
    """The type of :data:`REQUIRED`."""

    REQUIRED = "required"

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required.REQUIRED
"""Marks a parameter that has no default."""


class Role(enum.Enum):
    """The general purpose of a layer: BN301 searches for some roles, past some, up to others."""

    LINEAR = "linear"  # a kernel, an optional bias and an optional activation
    ACTIVATION = "activation"
    NORMALIZATION = "normalization"
    MERGE = "merge"
    POOLING = "pooling"
    PADDING = "padding"
    CROPPING = "cropping"
    UPSAMPLING = "upsampling"
    RESHAPE = "reshape"
    DROPOUT = "dropout"
    NOISE = "noise"
    INPUT = "input"
    RECURRENT = "recurrent"
    ATTENTION = "attention"
    EMBEDDING = "embedding"
    WRAPPER = "wrapper"
    PREPROCESSING = "preprocessing"
    LAMBDA = "lambda"
    IDENTITY = "identity"
    OTHER = "other"


class Shift(enum.Enum):
    """How a shift that is one number per channel passes through a layer or op.

    "Passes" means: the output moves by one number per output channel, the same at all positions,
    so that a later BatchNormalization over the channels removes it exactly. ``tests/keras_api``
    measures for each kind whether the gradient of a bias before a BatchNormalization is zero.
    """

    NEVER = "never"  # or not known to pass
    ALWAYS = "always"
    ABSORBS = "absorbs"  # BatchNormalization, in training mode and over the channel axis
    IF_LINEAR = "if linear"  # Activation, when its function is linear
    IF_RATE_ZERO = "if rate zero"  # dropouts, when `rate` is 0
    SUM = "sum"  # of each operand separately
    CONCATENATE = "concatenate"  # when `axis` is the channel axis
    RESIZE = "resize"  # unless `pad_to_aspect_ratio`, which fills with a constant
    RESHAPE = "reshape"  # when the last target dimension is a multiple of the channels
    PERMUTE = "permute"  # when the channels stay last
    LINEAR = "linear"  # no activation, and no implicit padding: 'valid', or a kernel of 1
    POINTWISE = "pointwise"  # no activation, and transposed with a kernel and strides of 1
    EINSUM = "einsum"  # no activation, and an `equation` whose kernel spreads over channels alone
    CONSTANT = "constant"  # arithmetic with Python constants
    SPATIAL_REDUCE = "spatial reduce"  # when `axis` names spatial axes only
    SLICE = "slice"  # of space or channels, without moving the channel axis
    INSTANCE_NORM = "instance norm"  # GroupNormalization with `groups` -1: removes it, like ABSORBS
    SPATIAL_LAYER_NORM = "spatial layer norm"  # LayerNormalization over the spatial axes: same


class LayerSpec(NamedTuple):
    """What bnlint knows of a kind of layer or op.

    Attributes:
        kind: the canonical name, ``Layer.kind`` in a graph.
        role: its general purpose.
        shift: how a per-channel shift passes through.
        rank: the rank of the output with the batch axis where the kind fixes it. It is 2 for
            global poolings, although ``keepdims=True`` keeps the rank of the input.
        parametric: it has trainable weights that mix or embed (Dense, Conv, LSTM, Embedding).
            Normalizations and PReLU do not count.
        activation: the activation function of the class (``"leaky_relu"``);
            ``"?"`` where the function is an argument.
        has_data_format: it takes ``data_format``.
        spatial: the number of spatial axes it works on, where the kind fixes it.
        bias: the argument that controls a bias which is one number per channel of the output:
            ``"use_bias"``; ``"bias_axes"`` (EinsumDense: per channel only where it names just the
            last axis); ``None`` where there is none, or another sort (LSTM: inside the gates;
            LocallyConnected: one per position; MultiHeadAttention: ``use_bias`` also controls the
            query, key and value, so it can't be turned off for the output alone).
    """

    kind: str
    role: Role
    shift: Shift = Shift.NEVER
    rank: int | None = None
    parametric: bool = False
    activation: str | None = None
    has_data_format: bool = False
    spatial: int | None = None
    bias: str | None = None


Parameter: TypeAlias = tuple[str, object]
"""A parameter's name and its default, or :data:`REQUIRED`."""


class OpSpec(NamedTuple):
    """A function that is applied to tensors: ``keras.ops.relu``, ``tf.layers.conv2d``.

    Attributes:
        name: the function's own name.
        kind: its layer kind in the graph. Every kind has a :class:`LayerSpec`.
        params: its parameters in positional order, under canonical names (``axis``, ``keepdims``,
            ``shape``, ``perm``, …) instead of that library's names.
        tensors: those of ``params`` that hold a tensor or a list of tensors.
        fixed: arguments of the layer kind that this function always sets.
        activation: the activation function that it computes.
        builds: it also creates weights, as ``tf.layers.conv2d`` does.
        variadic: the tensors are ``*args`` that follow ``params``, as in ``tf.einsum``.
    """

    name: str
    kind: str
    params: tuple[Parameter, ...]
    tensors: tuple[str, ...]
    fixed: dict[str, object]
    activation: str | None = None
    builds: bool = False
    variadic: bool = False


class Kind(enum.Enum):
    """The sort of object that a dotted path names."""

    LAYER = "layer"
    OP = "op"  # a function of tensors; spec is an OpSpec
    ACTIVATION = "activation"  # keras.activations.*: also OpSpec, mostly passed as an argument
    MODEL = "model"  # name: "Model", "Functional" or "Sequential"
    INPUT = "input"  # keras.Input, tf.placeholder: returns a tensor
    APPLICATION = "application"  # keras.applications.ResNet50: returns a model
    BACKEND_FORMAT = "backend format"  # image_data_format(), image_dim_ordering()
    SET_FORMAT = "set format"  # set_image_data_format(…), set_image_dim_ordering(…)
    BASE = "base"  # a base class or recurrent cell, which is never applied to the graph's tensors
    DATA = "data"  # makes no tensor of the graph: K.int_shape, tf.shape, numpy, initializers, …
    MODULE = "module"


class Resolved(NamedTuple):
    """The meaning of a dotted path or a bare public name.

    Attributes:
        kind: the sort of object.
        name: its public name as written (``"Convolution2D"``); pass this to
            :func:`~bnlint.keras_api.bind`, because the name shows the era. The canonical kind is
            ``spec.kind``.
        spec: of a layer, cell, op or activation.
        era: ``"1"``, ``"2"`` or ``"3"`` where the path exists only in that Keras.
    """

    kind: Kind
    name: str
    spec: LayerSpec | OpSpec | None = None
    era: str | None = None
