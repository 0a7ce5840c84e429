"""The kinds that exist as ops only: arithmetic, reductions, casts, and what ``tf.nn`` computes.

Where a shift would pass only under conditions that no rule has needed so far (``expand_dims``, a
reflecting ``pad``, ``tf.nn.conv2d``), the row is NEVER: silence is safe, a false finding is not.
"""

from __future__ import annotations

from bnlint.keras_api.spec import LayerSpec, Role, Shift

OP_KINDS = (
    LayerSpec("Cast", Role.IDENTITY, Shift.ALWAYS),
    LayerSpec("Negative", Role.OTHER, Shift.ALWAYS),
    LayerSpec("BiasAdd", Role.OTHER, Shift.ALWAYS),
    LayerSpec("Reverse", Role.OTHER, Shift.ALWAYS),
    LayerSpec("Roll", Role.OTHER, Shift.ALWAYS),
    LayerSpec("Tile", Role.RESHAPE, Shift.ALWAYS),
    LayerSpec("SpaceToDepth", Role.RESHAPE, Shift.ALWAYS),
    LayerSpec("StopGradient", Role.IDENTITY, Shift.ALWAYS),
    LayerSpec("ScaleShift", Role.OTHER, Shift.CONSTANT),
    LayerSpec("Pool", Role.POOLING, Shift.ALWAYS, has_data_format=True),
    LayerSpec("ReduceMean", Role.POOLING, Shift.SPATIAL_REDUCE),
    LayerSpec("ReduceSum", Role.POOLING, Shift.SPATIAL_REDUCE),
    LayerSpec("ReduceMax", Role.POOLING, Shift.SPATIAL_REDUCE),
    LayerSpec("ReduceMin", Role.POOLING, Shift.SPATIAL_REDUCE),
    LayerSpec("Reduce", Role.OTHER),
    LayerSpec("Slice", Role.CROPPING, Shift.SLICE),
    LayerSpec("Split", Role.CROPPING, Shift.SLICE),
    LayerSpec("Transpose", Role.RESHAPE, Shift.PERMUTE),
    LayerSpec("ExpandDims", Role.RESHAPE),
    LayerSpec("Squeeze", Role.RESHAPE),
    LayerSpec("DepthToSpace", Role.RESHAPE),
    LayerSpec("Rearrange", Role.RESHAPE),
    LayerSpec("SpaceToBatch", Role.RESHAPE),
    LayerSpec("Pad", Role.PADDING),
    LayerSpec("Stack", Role.MERGE),
    LayerSpec("Divide", Role.MERGE),
    LayerSpec("Power", Role.MERGE),
    LayerSpec("FloorDivide", Role.MERGE),
    LayerSpec("Mod", Role.MERGE),
    LayerSpec("Matmul", Role.MERGE),
    LayerSpec("Where", Role.MERGE),
    LayerSpec("Gather", Role.OTHER),
    LayerSpec("Elementwise", Role.OTHER),
    LayerSpec("Clip", Role.OTHER),
    LayerSpec("Compare", Role.OTHER),
    LayerSpec("OneHot", Role.OTHER),
    LayerSpec("Moments", Role.OTHER),
    LayerSpec("Sort", Role.OTHER),
    LayerSpec("Loss", Role.OTHER),
    LayerSpec("nn.convolution", Role.LINEAR, parametric=True),
    LayerSpec("nn.batch_normalization", Role.NORMALIZATION),
    LayerSpec("nn.local_response_normalization", Role.NORMALIZATION),
    LayerSpec("nn.rnn", Role.RECURRENT, parametric=True),
    # slim itself decides whether there is a bias: a `normalizer_fn` switches it off.
    LayerSpec("slim.conv", Role.LINEAR, parametric=True),
    LayerSpec("slim.fully_connected", Role.LINEAR, parametric=True),
    LayerSpec("slim.batch_norm", Role.NORMALIZATION),
    LayerSpec("slim.other", Role.OTHER),
)
