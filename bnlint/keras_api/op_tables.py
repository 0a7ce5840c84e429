"""The functions that are applied to tensors, one table for each module they are imported from.

A row is ``(kind, tensors, parameters)``: its kind in the graph, the parameters that hold tensors
(they come first), and the other ones in positional order with their defaults, under canonical
names (:data:`KEYWORDS` has the names in source code). ``name=`` is always allowed.

Sources: Keras 3.15 (``keras.ops``), keras 2.15 (``keras.backend``), TensorFlow 1.15 and 2.21.
A spec is made from its row only when it is needed: a program uses few of them.
"""

from __future__ import annotations

from typing import TypeAlias

from bnlint.graph import UNKNOWN
from bnlint.keras_api.spec import REQUIRED, Parameter
from bnlint.keras_api.tf_layers import TF_LAYERS

Row: TypeAlias = tuple[str, str, tuple[Parameter, ...]]

_AXIS: tuple[Parameter, ...] = (("axis", None), ("keepdims", False))
_AXIS_1: tuple[Parameter, ...] = (("axis", -1),)
_SHAPE: tuple[Parameter, ...] = (("shape", REQUIRED),)
_DTYPE: tuple[Parameter, ...] = (("dtype", None),)
_TF_POOL: tuple[Parameter, ...] = (
    ("pool_size", REQUIRED),
    ("strides", None),
    ("padding", "valid"),
    ("data_format", None),
)
_POOL: tuple[Parameter, ...] = _TF_POOL
_RESIZE: tuple[Parameter, ...] = (("size", REQUIRED),)
_KERNEL: tuple[Parameter, ...] = (
    ("strides", 1),
    ("padding", "valid"),
    ("data_format", None),
    ("dilation_rate", 1),
)

_ELEMENTWISE = (
    "abs absolute acos acosh angle arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan "
    "atanh cbrt ceil cos cosh digamma erf erfc erfinv exp exp2 expm1 fabs floor invert_permutation "
    "is_finite is_inf is_nan isfinite isinf isnan lgamma log log10 log1p log2 logical_not "
    "nan_to_num reciprocal reciprocal_no_nan rint round rsqrt sign sin sinc sinh sqrt square tan "
    "trunc"
)
_COMPARE = (
    "equal greater greater_equal less less_equal logical_and logical_or logical_xor not_equal "
    "approximate_equal isclose"
)
_PAIRS = {
    "add": "Add",
    "subtract": "Subtract",
    "sub": "Subtract",
    "multiply": "Multiply",
    "mul": "Multiply",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "fmax": "Maximum",
    "fmin": "Minimum",
    "divide": "Divide",
    "div": "Divide",
    "div_no_nan": "Divide",
    "divide_no_nan": "Divide",
    "multiply_no_nan": "Multiply",
    "realdiv": "Divide",
    "truediv": "Divide",
    "true_divide": "Divide",
    "floor_divide": "FloorDivide",
    "floordiv": "FloorDivide",
    "mod": "Mod",
    "floormod": "Mod",
    "power": "Power",
    "pow": "Power",
    "squared_difference": "Elementwise",
    "atan2": "Elementwise",
    "arctan2": "Elementwise",
}


def _elementwise(tensor: str, pair: str) -> dict[str, Row]:
    """The common rows of keras.ops, tf.math and the backend, for given names of the operands."""
    rows: dict[str, Row] = dict.fromkeys(_ELEMENTWISE.split(), ("Elementwise", tensor, ()))
    rows.update((name, ("Compare", pair, ())) for name in _COMPARE.split())
    rows.update((name, (kind, pair, ())) for name, kind in _PAIRS.items())
    return rows


KERAS_OPS: dict[str, Row] = {
    **_elementwise("x", "x1 x2"),
    # keras.ops.nn
    "celu": ("Activation", "x", (("alpha", 1.0),)),
    "elu": ("Activation", "x", (("alpha", 1.0),)),
    "gelu": ("Activation", "x", (("approximate", True),)),
    "glu": ("Activation", "x", _AXIS_1),
    "hard_shrink": ("Activation", "x", (("threshold", 0.5),)),
    "hard_sigmoid": ("Activation", "x", ()),
    "hard_silu": ("Activation", "x", ()),
    "hard_swish": ("Activation", "x", ()),
    "hard_tanh": ("Activation", "x", ()),
    "leaky_relu": ("Activation", "x", (("negative_slope", 0.2),)),
    "log_sigmoid": ("Activation", "x", ()),
    "log_softmax": ("Activation", "x", _AXIS_1),
    "relu": ("Activation", "x", ()),
    "relu6": ("Activation", "x", ()),
    "selu": ("Activation", "x", ()),
    "sigmoid": ("Activation", "x", ()),
    "silu": ("Activation", "x", ()),
    "soft_shrink": ("Activation", "x", (("threshold", 0.5),)),
    "softmax": ("Activation", "x", _AXIS_1),
    "softplus": ("Activation", "x", ()),
    "softsign": ("Activation", "x", ()),
    "sparse_plus": ("Activation", "x", ()),
    "sparse_sigmoid": ("Activation", "x", ()),
    "sparsemax": ("Activation", "x", _AXIS_1),
    "squareplus": ("Activation", "x", (("b", 4),)),
    "swish": ("Activation", "x", ()),
    "tanh": ("Activation", "x", ()),
    "tanh_shrink": ("Activation", "x", ()),
    "threshold": ("Activation", "x", (("threshold", REQUIRED), ("default_value", REQUIRED))),
    "average_pool": ("Pool", "inputs", _POOL),
    "max_pool": ("Pool", "inputs", _POOL),
    "adaptive_average_pool": (
        "Pool",
        "inputs",
        (("output_size", REQUIRED), ("data_format", None)),
    ),
    "adaptive_max_pool": ("Pool", "inputs", (("output_size", REQUIRED), ("data_format", None))),
    "batch_normalization": (
        "nn.batch_normalization",
        "x",
        (
            ("mean", REQUIRED),
            ("variance", REQUIRED),
            ("axis", REQUIRED),
            ("offset", None),
            ("scale", None),
            ("epsilon", 0.001),
        ),
    ),
    "conv": ("nn.convolution", "inputs kernel", _KERNEL),
    "conv_transpose": (
        "nn.convolution",
        "inputs kernel",
        (
            ("strides", 1),
            ("padding", "valid"),
            ("output_padding", None),
            ("data_format", None),
            ("dilation_rate", 1),
        ),
    ),
    "depthwise_conv": ("nn.convolution", "inputs kernel", _KERNEL),
    "separable_conv": ("nn.convolution", "inputs depthwise_kernel pointwise_kernel", _KERNEL),
    "depth_to_space": ("DepthToSpace", "x", (("block_size", REQUIRED), ("data_format", None))),
    "space_to_depth": ("SpaceToDepth", "x", (("block_size", REQUIRED), ("data_format", None))),
    "dot_product_attention": ("Attention", "query key value", (("bias", None), ("mask", None))),
    "layer_normalization": (
        "LayerNormalization",
        "x",
        (("gamma", None), ("beta", None), ("axis", -1), ("epsilon", None)),
    ),
    "rms_normalization": (
        "RMSNormalization",
        "x",
        (("scale", None), ("axis", -1), ("epsilon", None)),
    ),
    "normalize": (
        "UnitNormalization",
        "x",
        (("axis", -1), ("order", 2), ("epsilon", None)),
    ),
    "moments": ("Moments", "x", (("axes", REQUIRED), ("keepdims", False), ("synchronized", False))),
    "one_hot": ("OneHot", "x", (("num_classes", REQUIRED), ("axis", -1))),
    "multi_hot": ("OneHot", "inputs", (("num_classes", None), ("axis", -1))),
    "binary_crossentropy": ("Loss", "target output", (("from_logits", False),)),
    "categorical_crossentropy": ("Loss", "target output", (("from_logits", False), ("axis", -1))),
    # keras.ops.numpy and keras.ops.core
    "all": ("Reduce", "x", _AXIS),
    "amax": ("ReduceMax", "x", _AXIS),
    "amin": ("ReduceMin", "x", _AXIS),
    "any": ("Reduce", "x", _AXIS),
    "append": ("Concatenate", "x1 x2", (("axis", None),)),
    "argmax": ("Reduce", "x", _AXIS),
    "argmin": ("Reduce", "x", _AXIS),
    "array": ("Identity", "x", _DTYPE),
    "average": ("Reduce", "x", (("axis", None), ("weights", None))),
    "broadcast_to": ("Rearrange", "x", _SHAPE),
    "cast": ("Cast", "x", (("dtype", REQUIRED),)),
    "clip": ("Clip", "x", (("x_min", REQUIRED), ("x_max", REQUIRED))),
    "concatenate": ("Concatenate", "xs", (("axis", 0),)),
    "convert_to_tensor": ("Identity", "x", _DTYPE),
    "copy": ("Identity", "x", ()),
    "cumsum": ("Elementwise", "x", (("axis", None), ("dtype", None))),
    "dot": ("Matmul", "x1 x2", ()),
    "einsum": ("Matmul", "", (("subscripts", REQUIRED),)),
    "expand_dims": ("ExpandDims", "x", (("axis", REQUIRED),)),
    "flip": ("Reverse", "x", (("axis", None),)),
    "get_item": ("Slice", "x", (("key", REQUIRED),)),
    "hstack": ("Stack", "xs", ()),
    "logsumexp": ("Reduce", "x", _AXIS),
    "matmul": ("Matmul", "x1 x2", ()),
    "max": ("ReduceMax", "x", (*_AXIS, ("initial", None))),
    "mean": ("ReduceMean", "x", _AXIS),
    "median": ("Reduce", "x", _AXIS),
    "min": ("ReduceMin", "x", (*_AXIS, ("initial", None))),
    "moveaxis": ("Rearrange", "x", (("source", REQUIRED), ("destination", REQUIRED))),
    "negative": ("Negative", "x", ()),
    "norm": ("Reduce", "x", (("ord", None), *_AXIS)),
    "pad": (
        "Pad",
        "x",
        (("pad_width", REQUIRED), ("mode", "constant"), ("constant_values", None)),
    ),
    "prod": ("Reduce", "x", (*_AXIS, ("dtype", None))),
    "ravel": ("Rearrange", "x", ()),
    "repeat": ("Rearrange", "x", (("repeats", REQUIRED), ("axis", None))),
    "reshape": ("Reshape", "x", _SHAPE),
    "roll": ("Roll", "x", (("shift", REQUIRED), ("axis", None))),
    "slice": ("Slice", "inputs", (("start_indices", REQUIRED), ("shape", REQUIRED))),
    "sort": ("Sort", "x", _AXIS_1),
    "split": ("Split", "x", (("indices_or_sections", REQUIRED), ("axis", 0))),
    "squeeze": ("Squeeze", "x", (("axis", None),)),
    "stack": ("Stack", "x", (("axis", 0),)),
    "std": ("Reduce", "x", _AXIS),
    "stop_gradient": ("StopGradient", "variable", ()),
    "sum": ("ReduceSum", "x", _AXIS),
    "swapaxes": ("Rearrange", "x", (("axis1", REQUIRED), ("axis2", REQUIRED))),
    "take": ("Gather", "x", (("indices", REQUIRED), ("axis", None))),
    "take_along_axis": ("Gather", "x", (("indices", REQUIRED), ("axis", None))),
    "tensordot": ("Matmul", "x1 x2", (("axes", 2),)),
    "tile": ("Tile", "x", (("repeats", REQUIRED),)),
    "top_k": ("Sort", "x", (("k", REQUIRED), ("sorted", True))),
    "transpose": ("Transpose", "x", (("perm", None),)),
    "unstack": ("Split", "x", (("num", None), ("axis", 0))),
    "var": ("Reduce", "x", _AXIS),
    "vstack": ("Stack", "xs", ()),
    "where": ("Where", "condition x1 x2", ()),
}
"""``keras.ops.*``, ``keras.ops.nn.*`` and ``keras.ops.numpy.*``."""

KERAS_OPS_IMAGE: dict[str, Row] = {
    "resize": (
        "Resizing",
        "images",
        (
            ("size", REQUIRED),
            ("interpolation", "bilinear"),
            ("antialias", False),
            ("crop_to_aspect_ratio", False),
            ("pad_to_aspect_ratio", False),
            ("fill_mode", "constant"),
            ("fill_value", 0.0),
            ("data_format", None),
        ),
    ),
    "crop_images": ("Slice", "images", ()),
    "pad_images": ("Pad", "images", ()),
}
"""``keras.ops.image.*``."""

BACKEND: dict[str, Row] = {
    **_elementwise("x", "x y"),
    "all": ("Reduce", "x", _AXIS),
    "any": ("Reduce", "x", _AXIS),
    "argmax": ("Reduce", "x", _AXIS_1),
    "argmin": ("Reduce", "x", _AXIS_1),
    "batch_dot": ("Matmul", "x y", (("axes", None),)),
    "batch_flatten": ("Flatten", "x", ()),
    "batch_normalization": (
        "nn.batch_normalization",
        "x",
        (
            ("mean", REQUIRED),
            ("variance", REQUIRED),
            ("offset", REQUIRED),
            ("scale", REQUIRED),
            ("axis", -1),
            ("epsilon", 0.001),
        ),
    ),
    "bias_add": ("BiasAdd", "x", (("bias", REQUIRED), ("data_format", None))),
    "binary_crossentropy": ("Loss", "target output", (("from_logits", False),)),
    "cast": ("Cast", "x", (("dtype", REQUIRED),)),
    "cast_to_floatx": ("Cast", "x", ()),
    "categorical_crossentropy": ("Loss", "target output", (("from_logits", False),)),
    "clip": ("Clip", "x", (("min_value", REQUIRED), ("max_value", REQUIRED))),
    "concatenate": ("Concatenate", "tensors", (("axis", -1),)),
    "conv1d": ("nn.convolution", "x kernel", _KERNEL),
    "conv2d": ("nn.convolution", "x kernel", _KERNEL),
    "conv2d_transpose": (
        "nn.convolution",
        "x kernel",
        (("output_shape", REQUIRED), *_KERNEL),
    ),
    "conv3d": ("nn.convolution", "x kernel", _KERNEL),
    "cumsum": ("Elementwise", "x", (("axis", 0),)),
    "depthwise_conv2d": ("nn.convolution", "x depthwise_kernel", _KERNEL),
    "dot": ("Matmul", "x y", ()),
    "dropout": ("Dropout", "x", (("rate", REQUIRED), ("noise_shape", None), ("seed", None))),
    "elu": ("Activation", "x", (("alpha", 1.0),)),
    "expand_dims": ("ExpandDims", "x", _AXIS_1),
    "flatten": ("Rearrange", "x", ()),
    "gather": ("Gather", "reference", (("indices", REQUIRED),)),
    "hard_sigmoid": ("Activation", "x", ()),
    "identity": ("Identity", "x", ()),
    "in_test_phase": ("Where", "x alt", (("training", None),)),
    "in_train_phase": ("Where", "x alt", (("training", None),)),
    "l2_normalize": ("UnitNormalization", "x", (("axis", None),)),
    "logsumexp": ("Reduce", "x", _AXIS),
    "max": ("ReduceMax", "x", _AXIS),
    "mean": ("ReduceMean", "x", _AXIS),
    "min": ("ReduceMin", "x", _AXIS),
    "one_hot": ("OneHot", "indices", (("num_classes", REQUIRED),)),
    "permute_dimensions": ("Transpose", "x", (("perm", REQUIRED),)),
    "pool2d": ("Pool", "x", (*_POOL, ("pool_mode", "max"))),
    "pool3d": ("Pool", "x", (*_POOL, ("pool_mode", "max"))),
    "print_tensor": ("Identity", "x", (("message", ""), ("summarize", 3))),
    "prod": ("Reduce", "x", _AXIS),
    "relu": ("Activation", "x", (("alpha", 0.0), ("max_value", None), ("threshold", 0.0))),
    "repeat": ("RepeatVector", "x", (("n", REQUIRED),)),
    "repeat_elements": ("Rearrange", "x", (("rep", REQUIRED), ("axis", REQUIRED))),
    "reshape": ("Reshape", "x", _SHAPE),
    "resize_images": (
        "UpSampling2D",
        "x",
        (
            ("height_factor", REQUIRED),
            ("width_factor", REQUIRED),
            ("data_format", None),
            ("interpolation", "nearest"),
        ),
    ),
    "resize_volumes": (
        "UpSampling3D",
        "x",
        (
            ("depth_factor", REQUIRED),
            ("height_factor", REQUIRED),
            ("width_factor", REQUIRED),
            ("data_format", None),
        ),
    ),
    "reverse": ("Reverse", "x", (("axis", REQUIRED),)),
    "rnn": (
        "nn.rnn",
        "inputs",
        (("step_function", REQUIRED), ("initial_states", REQUIRED)),
    ),
    "separable_conv2d": ("nn.convolution", "x depthwise_kernel pointwise_kernel", _KERNEL),
    "sigmoid": ("Activation", "x", ()),
    "softmax": ("Activation", "x", _AXIS_1),
    "softplus": ("Activation", "x", ()),
    "softsign": ("Activation", "x", ()),
    "spatial_2d_padding": (
        "ZeroPadding2D",
        "x",
        (("padding", ((1, 1), (1, 1))), ("data_format", None)),
    ),
    "spatial_3d_padding": (
        "ZeroPadding3D",
        "x",
        (("padding", ((1, 1), (1, 1), (1, 1))), ("data_format", None)),
    ),
    "squeeze": ("Squeeze", "x", (("axis", REQUIRED),)),
    "stack": ("Stack", "x", (("axis", 0),)),
    "std": ("Reduce", "x", _AXIS),
    "stop_gradient": ("StopGradient", "variables", ()),
    "sum": ("ReduceSum", "x", _AXIS),
    "switch": ("Where", "condition then_expression else_expression", ()),
    "tanh": ("Activation", "x", ()),
    "temporal_padding": ("ZeroPadding1D", "x", (("padding", (1, 1)),)),
    "tile": ("Tile", "x", (("repeats", REQUIRED),)),
    "transpose": ("Transpose", "x", ()),
    "var": ("Reduce", "x", _AXIS),
}
"""``keras.backend.*`` of Keras 1 and 2."""

TF: dict[str, Row] = {
    **_elementwise("x", "x y"),
    "accumulate_n": ("Add", "inputs", ()),
    "add_n": ("Add", "inputs", ()),
    "argmax": ("Reduce", "input", (("axis", None),)),
    "argmin": ("Reduce", "input", (("axis", None),)),
    "boolean_mask": ("Gather", "tensor", (("mask", REQUIRED), ("axis", None))),
    "broadcast_to": ("Rearrange", "input", _SHAPE),
    "cast": ("Cast", "x", (("dtype", REQUIRED),)),
    "clip_by_value": (
        "Clip",
        "t",
        (("clip_value_min", REQUIRED), ("clip_value_max", REQUIRED)),
    ),
    "concat": ("Concatenate", "values", (("axis", REQUIRED),)),
    "convert_to_tensor": ("Identity", "value", _DTYPE),
    "cumsum": ("Elementwise", "x", (("axis", 0),)),
    "depth_to_space": ("DepthToSpace", "input", (("block_size", REQUIRED), ("data_format", None))),
    "einsum": ("Matmul", "", (("equation", REQUIRED),)),
    "ensure_shape": ("Identity", "x", _SHAPE),
    "expand_dims": ("ExpandDims", "input", (("axis", REQUIRED),)),
    "gather": (
        "Gather",
        "params",
        (("indices", REQUIRED), ("validate_indices", None), ("axis", None)),
    ),
    "gather_nd": ("Gather", "params", (("indices", REQUIRED),)),
    "identity": ("Identity", "input", ()),
    "l2_normalize": ("UnitNormalization", "x", (("axis", None), ("epsilon", 1e-12))),
    "log_sigmoid": ("Activation", "x", ()),
    "matmul": ("Matmul", "a b", (("transpose_a", False), ("transpose_b", False))),
    "negative": ("Negative", "x", ()),
    "neg": ("Negative", "x", ()),
    "norm": ("Reduce", "tensor", (("ord", "euclidean"), *_AXIS)),
    "one_hot": ("OneHot", "indices", (("depth", REQUIRED),)),
    "pad": ("Pad", "tensor", (("paddings", REQUIRED), ("mode", "CONSTANT"))),
    "reduce_all": ("Reduce", "input_tensor", _AXIS),
    "reduce_any": ("Reduce", "input_tensor", _AXIS),
    "reduce_logsumexp": ("Reduce", "input_tensor", _AXIS),
    "reduce_max": ("ReduceMax", "input_tensor", _AXIS),
    "reduce_mean": ("ReduceMean", "input_tensor", _AXIS),
    "reduce_min": ("ReduceMin", "input_tensor", _AXIS),
    "reduce_prod": ("Reduce", "input_tensor", _AXIS),
    "reduce_std": ("Reduce", "input_tensor", _AXIS),
    "reduce_sum": ("ReduceSum", "input_tensor", _AXIS),
    "reduce_variance": ("Reduce", "input_tensor", _AXIS),
    "repeat": ("Rearrange", "input", (("repeats", REQUIRED), ("axis", None))),
    "reshape": ("Reshape", "tensor", _SHAPE),
    "reverse": ("Reverse", "tensor", (("axis", REQUIRED),)),
    "reverse_v2": ("Reverse", "tensor", (("axis", REQUIRED),)),
    "roll": ("Roll", "input", (("shift", REQUIRED), ("axis", REQUIRED))),
    "saturate_cast": ("Cast", "value", (("dtype", REQUIRED),)),
    "scalar_mul": ("Multiply", "scalar x", ()),
    "sigmoid": ("Activation", "x", ()),
    "slice": ("Slice", "input_", (("begin", REQUIRED), ("size", REQUIRED))),
    "softplus": ("Activation", "features", ()),
    "space_to_batch": (
        "SpaceToBatch",
        "input",
        (("block_shape", REQUIRED), ("paddings", REQUIRED)),
    ),
    "space_to_depth": ("SpaceToDepth", "input", (("block_size", REQUIRED), ("data_format", None))),
    "split": ("Split", "value", (("num_or_size_splits", REQUIRED), ("axis", 0), ("num", None))),
    "squeeze": ("Squeeze", "input", (("axis", None),)),
    "stack": ("Stack", "values", (("axis", 0),)),
    "stop_gradient": ("StopGradient", "input", ()),
    "strided_slice": (
        "Slice",
        "input_",
        (("begin", REQUIRED), ("end", REQUIRED), ("strides", None)),
    ),
    "tanh": ("Activation", "x", ()),
    "tensordot": ("Matmul", "a b", (("axes", REQUIRED),)),
    "tile": ("Tile", "input", (("repeats", REQUIRED),)),
    "to_double": ("Cast", "x", ()),
    "to_float": ("Cast", "x", ()),
    "to_int32": ("Cast", "x", ()),
    "transpose": ("Transpose", "a", (("perm", None), ("conjugate", False))),
    "unstack": ("Split", "value", (("num", None), ("axis", 0))),
    "where": ("Where", "condition x y", ()),
}
"""``tf.*``, ``tf.math.*`` and ``tf.linalg.*``, of TensorFlow 1 and 2."""

TF_NN: dict[str, Row] = {
    "atrous_conv2d": ("nn.convolution", "value filters", (("rate", REQUIRED), ("padding", None))),
    "avg_pool": ("Pool", "input", _TF_POOL),
    "avg_pool1d": ("AveragePooling1D", "input", _TF_POOL),
    "avg_pool2d": ("AveragePooling2D", "input", _TF_POOL),
    "avg_pool3d": ("AveragePooling3D", "input", _TF_POOL),
    "batch_normalization": (
        "nn.batch_normalization",
        "x",
        (
            ("mean", REQUIRED),
            ("variance", REQUIRED),
            ("offset", REQUIRED),
            ("scale", REQUIRED),
            ("variance_epsilon", REQUIRED),
        ),
    ),
    "bias_add": ("BiasAdd", "value", (("bias", REQUIRED), ("data_format", None))),
    "conv1d": ("nn.convolution", "input filters", _KERNEL),
    "conv1d_transpose": ("nn.convolution", "input filters", (("output_shape", REQUIRED), *_KERNEL)),
    "conv2d": ("nn.convolution", "input filters", _KERNEL),
    "conv2d_transpose": ("nn.convolution", "input filters", (("output_shape", REQUIRED), *_KERNEL)),
    "conv3d": ("nn.convolution", "input filters", _KERNEL),
    "conv3d_transpose": ("nn.convolution", "input filters", (("output_shape", REQUIRED), *_KERNEL)),
    "conv_transpose": ("nn.convolution", "input filters", (("output_shape", REQUIRED), *_KERNEL)),
    "convolution": ("nn.convolution", "input filters", _KERNEL),
    "crelu": ("Activation", "features", _AXIS_1),
    "depth_to_space": ("DepthToSpace", "input", (("block_size", REQUIRED), ("data_format", None))),
    "depthwise_conv2d": ("nn.convolution", "input filter", _KERNEL),
    "depthwise_conv2d_native": ("nn.convolution", "input filter", _KERNEL),
    # TensorFlow 1 has `keep_prob` where 2 has `rate`, so a positional rate is ambiguous.
    "dropout": (
        "Dropout",
        "x",
        (("rate_or_keep_prob", None), ("noise_shape", None), ("seed", None), ("keep_prob", None)),
    ),
    "elu": ("Activation", "features", ()),
    "embedding_lookup": ("Gather", "params ids", ()),
    "fused_batch_norm": (
        "nn.batch_normalization",
        "x",
        (("scale", REQUIRED), ("offset", REQUIRED)),
    ),
    "gelu": ("Activation", "features", (("approximate", False),)),
    "l2_normalize": ("UnitNormalization", "x", (("axis", None), ("epsilon", 1e-12))),
    "leaky_relu": ("Activation", "features", (("alpha", 0.2),)),
    "local_response_normalization": ("nn.local_response_normalization", "input", ()),
    "log_softmax": ("Activation", "logits", _AXIS_1),
    "lrn": ("nn.local_response_normalization", "input", ()),
    "max_pool": ("Pool", "input", _TF_POOL),
    "max_pool1d": ("MaxPooling1D", "input", _TF_POOL),
    "max_pool2d": ("MaxPooling2D", "input", _TF_POOL),
    "max_pool3d": ("MaxPooling3D", "input", _TF_POOL),
    "moments": ("Moments", "x", (("axes", REQUIRED), ("shift", None), ("keepdims", False))),
    "pool": (
        "Pool",
        "input",
        (("pool_size", REQUIRED), ("pooling_type", REQUIRED), ("strides", None)),
    ),
    "relu": ("Activation", "features", ()),
    "relu6": ("Activation", "features", ()),
    "selu": ("Activation", "features", ()),
    "separable_conv2d": ("nn.convolution", "input depthwise_filter pointwise_filter", _KERNEL),
    "sigmoid": ("Activation", "x", ()),
    "silu": ("Activation", "features", (("beta", 1.0),)),
    "softmax": ("Activation", "logits", _AXIS_1),
    "softplus": ("Activation", "features", ()),
    "softsign": ("Activation", "features", ()),
    "space_to_depth": ("SpaceToDepth", "input", (("block_size", REQUIRED), ("data_format", None))),
    "swish": ("Activation", "features", (("beta", 1.0),)),
    "tanh": ("Activation", "x", ()),
    "top_k": ("Sort", "input", (("k", 1), ("sorted", True))),
}
"""``tf.nn.*``."""

TF_IMAGE: dict[str, Row] = {
    "central_crop": ("Slice", "image", (("central_fraction", REQUIRED),)),
    "crop_to_bounding_box": ("Slice", "image", ()),
    "flip_left_right": ("Reverse", "image", ()),
    "flip_up_down": ("Reverse", "image", ()),
    "pad_to_bounding_box": ("Pad", "image", ()),
    "resize": ("Resizing", "images", (*_RESIZE, ("method", "bilinear"))),
    "resize_area": ("Resizing", "images", _RESIZE),
    "resize_bicubic": ("Resizing", "images", _RESIZE),
    "resize_bilinear": ("Resizing", "images", _RESIZE),
    "resize_image_with_crop_or_pad": ("Pad", "image", ()),
    "resize_images": ("Resizing", "images", (*_RESIZE, ("method", "bilinear"))),
    "resize_nearest_neighbor": ("Resizing", "images", _RESIZE),
    "resize_with_crop_or_pad": ("Pad", "image", ()),
    "resize_with_pad": ("Pad", "image", ()),
    "rot90": ("Slice", "image", (("k", 1),)),
}
"""``tf.image.*``, only the functions that occur in models."""

LAYER_FUNCTIONS: dict[str, Row] = {
    "add": ("Add", "inputs", ()),
    "average": ("Average", "inputs", ()),
    "concatenate": ("Concatenate", "inputs", _AXIS_1),
    "dot": ("Dot", "inputs", (("axes", -1), ("normalize", False))),
    "maximum": ("Maximum", "inputs", ()),
    "merge": ("Merge", "inputs", (("mode", "sum"), ("concat_axis", -1), ("dot_axes", -1))),
    "minimum": ("Minimum", "inputs", ()),
    "multiply": ("Multiply", "inputs", ()),
    "subtract": ("Subtract", "inputs", ()),
}
"""``keras.layers.add`` and similar; ``merge`` is Keras 1's, see ``merge_kind``."""

ACTIVATION_FUNCTIONS: dict[str, Row] = {
    "elu": ("Activation", "x", (("alpha", 1.0),)),
    "gelu": ("Activation", "x", (("approximate", False),)),
    "leaky_relu": ("Activation", "x", (("negative_slope", 0.2),)),
    "log_softmax": ("Activation", "x", _AXIS_1),
    "relu": (
        "Activation",
        "x",
        (("negative_slope", 0.0), ("max_value", None), ("threshold", 0.0)),
    ),
    "softmax": ("Activation", "x", _AXIS_1),
}
"""``keras.activations.*`` that have other parameters than the tensor."""

_SLIM_CONV: tuple[Parameter, ...] = (("num_outputs", REQUIRED), ("kernel_size", REQUIRED))

SLIM: dict[str, Row] = {
    "avg_pool2d": ("AveragePooling2D", "inputs", (("pool_size", REQUIRED), ("strides", 2))),
    "batch_norm": ("slim.batch_norm", "inputs", (("decay", 0.999), ("center", True))),
    "conv2d": ("slim.conv", "inputs", _SLIM_CONV),
    "conv2d_in_plane": ("slim.conv", "inputs", _SLIM_CONV),
    "conv2d_transpose": ("slim.conv", "inputs", _SLIM_CONV),
    "conv3d": ("slim.conv", "inputs", _SLIM_CONV),
    "convolution": ("slim.conv", "inputs", _SLIM_CONV),
    "convolution2d": ("slim.conv", "inputs", _SLIM_CONV),
    "dropout": ("Dropout", "inputs", (("keep_prob", 0.5),)),
    "flatten": ("Flatten", "inputs", ()),
    "fully_connected": ("slim.fully_connected", "inputs", (("num_outputs", REQUIRED),)),
    "instance_norm": ("slim.other", "inputs", ()),
    "layer_norm": ("slim.other", "inputs", ()),
    "max_pool2d": ("MaxPooling2D", "inputs", (("pool_size", REQUIRED), ("strides", 2))),
    "separable_conv2d": ("slim.conv", "inputs", _SLIM_CONV),
    "separable_convolution2d": ("slim.conv", "inputs", _SLIM_CONV),
    "softmax": ("Activation", "logits", ()),
}
"""``tf.contrib.slim.*``, ``tf.contrib.layers.*``, ``tf_slim.*``: opaque where they build weights,
because an ``arg_scope`` elsewhere may set any of their arguments."""

TABLES: dict[str, dict[str, Row]] = {
    "keras.ops": KERAS_OPS,
    "keras.ops.image": KERAS_OPS_IMAGE,
    "keras.backend": BACKEND,
    "keras.layers": LAYER_FUNCTIONS,
    "keras.activations": ACTIVATION_FUNCTIONS,
    "tf": TF,
    "tf.nn": TF_NN,
    "tf.image": TF_IMAGE,
    "tf.layers": TF_LAYERS,
    "slim": SLIM,
}

KEYWORDS: dict[str, dict[str, str]] = {
    "Activation": {"negative_slope": "alpha", "dim": "axis"},
    "Concatenate": {"concat_dim": "axis"},
    "Dropout": {"level": "rate"},
    "ExpandDims": {"dim": "axis"},
    "Reduce": {"reduction_indices": "axis", "keep_dims": "keepdims", "dimension": "axis"},
    "ReduceMax": {"reduction_indices": "axis", "keep_dims": "keepdims"},
    "ReduceMean": {"reduction_indices": "axis", "keep_dims": "keepdims"},
    "ReduceMin": {"reduction_indices": "axis", "keep_dims": "keepdims"},
    "ReduceSum": {"reduction_indices": "axis", "keep_dims": "keepdims"},
    "Reshape": {"newshape": "shape"},
    "Reverse": {"axes": "axis"},
    "Split": {"split_dim": "axis"},
    "Squeeze": {"squeeze_dims": "axis"},
    "Tile": {"multiples": "repeats", "n": "repeats"},
    "Transpose": {"axes": "perm", "pattern": "perm"},
    "UnitNormalization": {"dim": "axis"},
    "nn.batch_normalization": {
        "var": "variance",
        "beta": "offset",
        "gamma": "scale",
        "variance_epsilon": "epsilon",
    },
    "Pool": {"ksize": "pool_size", "window_shape": "pool_size"},
    "MaxPooling1D": {"ksize": "pool_size"},
    "MaxPooling2D": {"ksize": "pool_size", "kernel_size": "pool_size", "stride": "strides"},
    "MaxPooling3D": {"ksize": "pool_size"},
    "AveragePooling1D": {"ksize": "pool_size"},
    "AveragePooling2D": {"ksize": "pool_size", "kernel_size": "pool_size", "stride": "strides"},
    "AveragePooling3D": {"ksize": "pool_size"},
}
"""Kind -> the name that a library uses -> the canonical name."""

FIXED: dict[str, dict[str, object]] = {
    "LayerNormalization": {"center": False, "scale": False},
    "Dropout": {"rate": UNKNOWN},
    "nn.convolution": {"use_bias": False},
    "slim.conv": {"use_bias": UNKNOWN},
    "slim.fully_connected": {"use_bias": UNKNOWN},
}
"""Kind -> the default arguments of the graph's layer for a function of that kind."""
