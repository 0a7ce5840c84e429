"""Arguments of every era, bound to today's names."""

from __future__ import annotations

from typing import Any

import pytest

from bnlint.graph import UNKNOWN
from bnlint.keras_api import bind, bind_op, resolve
from bnlint.keras_api.spec import OpSpec


def op_spec(path: str) -> OpSpec:
    resolved = resolve(path)
    assert resolved is not None
    assert isinstance(resolved.spec, OpSpec)
    return resolved.spec


@pytest.mark.parametrize(
    ("kind", "positional", "keywords", "expected"),
    [
        (
            "Convolution2D",
            (64, 3, 3),
            {
                "border_mode": "same",
                "subsample": (2, 2),
                "dim_ordering": "th",
                "bias": False,
                "init": "he_normal",
            },
            {
                "filters": 64,
                "kernel_size": (3, 3),
                "padding": "same",
                "strides": (2, 2),
                "data_format": "channels_first",
                "use_bias": False,
                "kernel_initializer": "he_normal",
            },
        ),
        (
            "Convolution2D",
            (64, 3, 3),
            {"use_bias": False},
            {"kernel_size": (3, 3), "use_bias": False},
        ),
        ("Convolution2D", (64, 3, 3), {}, {"kernel_size": (3, 3), "strides": (1, 1)}),
        ("Convolution2D", (64, (3, 3)), {"bias": True}, {"kernel_size": (3, 3), "use_bias": True}),
        ("Convolution2D", (8, UNKNOWN, UNKNOWN), {}, {"kernel_size": (UNKNOWN, UNKNOWN)}),
        (
            "Convolution2D",
            (64, 3, 3, "he_normal", "relu"),
            {},
            {"kernel_initializer": "he_normal", "activation": "relu"},
        ),
        (
            "Convolution2D",
            (64,),
            {"nb_row": 1, "nb_col": 7},
            {"filters": 64, "kernel_size": (1, 7)},
        ),
        ("Convolution2D", (), {"nb_filter": 8, "nb_row": 3, "nb_col": 3}, {"filters": 8}),
        ("Conv2D", (64, 3, 2), {}, {"kernel_size": 3, "strides": 2}),
        ("Conv2D", (64, 3, 2), {"padding": "same"}, {"kernel_size": 3, "strides": 2}),
        ("Conv2D", (64, 3, 3), {"border_mode": "same"}, {"kernel_size": (3, 3), "padding": "same"}),
        ("Conv2D", (64, (3, 3), (2, 2), "same"), {}, {"strides": (2, 2), "padding": "same"}),
        (
            "AtrousConvolution2D",
            (64, 3, 3),
            {"atrous_rate": (2, 2)},
            {"kernel_size": (3, 3), "dilation_rate": (2, 2)},
        ),
        (
            "Deconvolution2D",
            (3, 5, 4, (None, 14, 14, 3)),
            {},
            {"filters": 3, "kernel_size": (5, 4), "output_shape": (None, 14, 14, 3)},
        ),
        (
            "SeparableConvolution2D",
            (64, 3, 3),
            {"depth_multiplier": 2, "border_mode": "same"},
            {"kernel_size": (3, 3), "depth_multiplier": 2, "padding": "same"},
        ),
        (
            "Convolution3D",
            (8, 3, 4, 5),
            {"border_mode": "same"},
            {"kernel_size": (3, 4, 5), "padding": "same"},
        ),
        ("Convolution1D", (64, 3), {"subsample_length": 2}, {"kernel_size": 3, "strides": 2}),
        ("Conv1D", (64, 3, 2), {}, {"kernel_size": 3, "strides": 2}),
        ("Dense", (64, "uniform", "relu"), {}, {"units": 64, "activation": "relu"}),
        ("Dense", (64, "uniform"), {}, {"activation": None, "kernel_initializer": "uniform"}),
        ("Dense", (64, "relu"), {}, {"units": 64, "activation": "relu"}),
        ("Dense", (64, UNKNOWN), {}, {"units": 64, "activation": UNKNOWN}),
        ("Dense", (64, None, False), {}, {"activation": None, "use_bias": False}),
        ("Dense", (784, 128), {"init": "uniform"}, {"units": 128, "activation": None}),
        ("Dense", (), {"output_dim": 64, "bias": False}, {"units": 64, "use_bias": False}),
        (
            "TimeDistributedDense",
            (64,),
            {"activation": "relu"},
            {"units": 64, "activation": "relu"},
        ),
        ("Dropout", (0.5,), {}, {"rate": 0.5}),
        ("Dropout", (), {"p": 0.5}, {"rate": 0.5}),
        ("GaussianNoise", (), {"sigma": 0.1}, {"stddev": 0.1}),
        (
            "MaxPooling2D",
            ((2, 2),),
            {"border_mode": "same"},
            {"pool_size": (2, 2), "padding": "same"},
        ),
        ("MaxPooling2D", (), {"dim_ordering": "tf"}, {"data_format": "channels_last"}),
        ("MaxPooling1D", (), {"pool_length": 3, "stride": 1}, {"pool_size": 3, "strides": 1}),
        ("ZeroPadding2D", ((1, 1),), {"dim_ordering": "default"}, {"data_format": None}),
        ("UpSampling1D", (), {"length": 3}, {"size": 3}),
        ("LSTM", (32,), {"inner_activation": "sigmoid"}, {"recurrent_activation": "sigmoid"}),
        ("LSTM", (), {"output_dim": 32, "dropout_U": 0.2}, {"units": 32, "recurrent_dropout": 0.2}),
        ("Embedding", (1000, 64), {"input_length": 10}, {"input_dim": 1000, "output_dim": 64}),
        ("Embedding", (1000, 64), {"init": "normal"}, {"embeddings_initializer": "normal"}),
        ("Merge", ([1, 2],), {"mode": "concat", "concat_axis": 1}, {"mode": "concat"}),
        ("LeakyReLU", (), {"alpha": 0.1}, {"negative_slope": 0.1}),
        ("LeakyReLU", (0.1,), {}, {"negative_slope": 0.1}),
        ("BatchNormalization", (), {"beta_init": "one"}, {"beta_initializer": "one"}),
        ("BatchNormalization", (1,), {}, {"axis": 1, "momentum": 0.99}),
        ("BatchNormalization", (), {"mode": 0, "weights": None}, {"axis": -1, "mode": 0}),
    ],
)
def test_arguments_of_every_era_get_canonical_names(
    kind: str, positional: tuple[object, ...], keywords: dict[str, Any], expected: dict[str, object]
) -> None:
    bound = bind(kind, positional, keywords)
    assert {name: bound.arguments.get(name, "missing") for name in expected} == expected
    assert bound.unknown == ()
    assert bound.excess == 0


def test_batch_normalization_has_keras_1_positions_only_when_the_era_is_known() -> None:
    old = bind("BatchNormalization", (1e-6, 0, 1, 0.9), {}, era="1").arguments
    assert (old["epsilon"], old["mode"], old["axis"], old["momentum"]) == (1e-6, 0, 1, 0.9)
    new = bind("BatchNormalization", (1e-6,), {"mode": 0}).arguments
    assert (new["axis"], new["epsilon"]) == (1e-6, 0.001)


def test_an_argument_no_era_has_is_unknown() -> None:
    bound = bind("Dense", (64,), {"in_features": 3, "name": "fc", "input_shape": (4,)})
    assert bound.unknown == ("in_features",)


def test_too_many_positional_arguments_are_counted() -> None:
    assert bind("Flatten", (None, 1, 2), {}).excess == 2
    assert bind("Add", (UNKNOWN,), {}).excess == 1  # Add([x, y]) where Add()([x, y]) was meant


def test_a_required_argument_left_out_is_missing() -> None:
    assert "units" not in bind("Dense", (), {}).arguments


def test_what_the_call_gave_and_what_was_renamed_are_told() -> None:
    bound = bind("Convolution2D", (8, 3, 3), {"bias": False})
    assert bound.era == "1"
    assert bound.renamed == {"bias": "use_bias"}
    assert bound.given == {"filters", "kernel_size", "use_bias"}


def test_a_class_without_a_signature_keeps_its_keywords() -> None:
    bound = bind("InstanceNormalization", (1,), {"axis": 3})
    assert (bound.arguments, bound.unknown, bound.excess) == ({"axis": 3}, (), 1)


def test_one_dimensional_layers_of_keras_2_are_channels_last_by_default() -> None:
    assert bind("Conv1D", (8, 3), {}, era="2").arguments["data_format"] == "channels_last"
    assert bind("Conv1D", (8, 3), {}).arguments["data_format"] is None


def test_positions_that_moved_between_keras_2_and_3_follow_the_era() -> None:
    start = (8, 3, 1, "valid")
    old = bind("Conv3DTranspose", (*start, None, "channels_first"), {}, era="2")
    assert old.arguments["data_format"] == "channels_first"
    new = bind("Conv3DTranspose", (*start, "channels_first"), {})
    assert new.arguments["data_format"] == "channels_first"


@pytest.mark.parametrize(
    ("path", "positional", "keywords", "expected"),
    [
        ("tensorflow.reduce_mean", ("x", [1, 2]), {}, {"axis": [1, 2], "keepdims": False}),
        ("tensorflow.reduce_mean", ("x",), {"reduction_indices": [1]}, {"axis": [1]}),
        ("tensorflow.concat", (["x", "y"], 3), {}, {"values": ["x", "y"], "axis": 3}),
        ("tensorflow.concat", (), {"values": ["x"], "axis": 1, "name": "c"}, {"axis": 1}),
        ("tensorflow.nn.relu", ("x",), {}, {"activation": "relu"}),
        ("tensorflow.nn.relu", (), {"x": "t"}, {"features": "t"}),
        ("tensorflow.nn.swish", ("x",), {}, {"activation": "silu"}),
        ("tensorflow.nn.dropout", ("x", 0.5), {}, {"rate": UNKNOWN}),
        ("tensorflow.nn.dropout", ("x",), {"rate": 0.5}, {"rate": 0.5}),
        ("keras.backend.permute_dimensions", ("x", (0, 2, 1)), {}, {"perm": (0, 2, 1)}),
        ("keras.ops.transpose", ("x",), {"axes": (0, 2, 1)}, {"perm": (0, 2, 1)}),
        ("keras.ops.reshape", ("x", (-1, 8)), {}, {"shape": (-1, 8)}),
        ("keras.layers.concatenate", (["x", "y"],), {"axis": 1}, {"axis": 1}),
        ("keras.layers.merge", (["x", "y"], "sum"), {}, {"mode": "sum"}),
        (
            "tensorflow.layers.conv2d",
            ("x", 64, 3),
            {"activation": None},
            {"filters": 64, "kernel_size": 3, "use_bias": True},
        ),
        (
            "tensorflow.compat.v1.layers.batch_normalization",
            ("x",),
            {"training": UNKNOWN},
            {"axis": -1, "training": UNKNOWN},
        ),
        ("tensorflow.layers.batch_normalization", ("x",), {}, {"training": False}),
        ("tensorflow.einsum", ("ij,jk->ik", "x", "y"), {}, {"operands": ("x", "y")}),
        ("tensorflow.contrib.slim.conv2d", ("x", 64, [3, 3]), {}, {"use_bias": UNKNOWN}),
    ],
)
def test_functions_of_tensors_bind(
    path: str, positional: tuple[object, ...], keywords: dict[str, Any], expected: dict[str, object]
) -> None:
    bound = bind_op(op_spec(path), positional, keywords)
    assert {name: bound.arguments.get(name, "missing") for name in expected} == expected
    assert bound.unknown == ()
    assert bound.excess == 0
