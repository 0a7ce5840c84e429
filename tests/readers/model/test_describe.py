"""Configs and functions of models become what the source reader makes of the same program."""

from __future__ import annotations

import pytest

from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Layer, LayerGraph, Tensor
from bnlint.readers.model.describe import Description, from_serialized, model_class, new_layer
from bnlint.readers.model.operations import apply_function, apply_layer, function_of

HERE = Location("model.keras", path="x")


def layer_of(class_name: str, config: dict[str, object], **where: str | None) -> Layer:
    return new_layer(LayerGraph(), Description(class_name, config, **where), HERE)


def test_a_keras_2_axis_in_a_list_is_one_axis() -> None:
    layer = layer_of("BatchNormalization", {"name": "bn", "axis": [3], "trainable": False})
    assert layer.arguments["axis"] == 3
    assert layer.arguments["momentum"] == 0.99
    assert layer.name == "bn"
    assert layer.trainable is False


def test_an_axis_behind_virtual_batches_is_counted_without_theirs() -> None:
    layer = layer_of("BatchNormalization", {"axis": [4], "virtual_batch_size": 8})
    assert layer.arguments["axis"] == 3


def test_keras_1_arguments_get_the_names_of_today() -> None:
    config = {"nb_filter": 8, "nb_row": 3, "nb_col": 3, "border_mode": "same", "bias": True}
    layer = layer_of("Convolution2D", {**config, "activation": "linear", "dim_ordering": "th"})
    assert layer.kind == "Conv2D"
    assert layer.arguments["filters"] == 8
    assert layer.arguments["kernel_size"] == (3, 3)
    assert layer.arguments["use_bias"] is True
    assert layer.arguments["data_format"] == "channels_first"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("linear", "linear"),
        ("swish", "silu"),
        ("my_own", UNKNOWN),
        ({"module": "builtins", "class_name": "function", "config": "linear"}, UNKNOWN),
        ({"module": "keras.activations", "class_name": "function", "config": "relu"}, "relu"),
        ({"module": "keras.layers", "class_name": "LeakyReLU", "config": {}}, "leaky_relu"),
        ({"module": "mine", "class_name": "LeakyReLU", "config": {}}, UNKNOWN),
    ],
)
def test_activations_by_their_canonical_names(value: object, expected: object) -> None:
    assert layer_of("Dense", {"units": 4, "activation": value}).arguments["activation"] == expected


def test_initializers_without_arguments_have_a_name() -> None:
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}}
    constant = {"module": "keras.initializers", "class_name": "Constant", "config": {"value": 2}}
    layer = layer_of("Dense", {"bias_initializer": zeros, "kernel_initializer": constant})
    assert layer.arguments["bias_initializer"] == "zeros"
    assert layer.arguments["kernel_initializer"] is UNKNOWN


@pytest.mark.parametrize(
    ("class_name", "module", "registered_name"),
    [
        ("BatchNormalization", "my_project.layers", "Custom>BatchNormalization"),
        ("Addons>BatchNormalization", None, None),
        ("BatchNormalization", None, "Custom>BatchNormalization"),
        ("Dense", "keras.src.applications.convnext", None),
        ("Block", "blocks", None),
    ],
)
def test_a_class_of_a_users_own_is_not_kerass(
    class_name: str, module: str | None, registered_name: str | None
) -> None:
    layer = layer_of(class_name, {}, module=module, registered_name=registered_name)
    assert layer.kind not in ("BatchNormalization", "Dense")
    assert layer.escaped


def test_a_wrapper_wraps_its_inner_layer() -> None:
    inner = {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu"}}
    graph = LayerGraph()
    wrapper = new_layer(graph, Description("TimeDistributed", {"name": "td", "layer": inner}), HERE)
    assert wrapper.wraps is graph.layers[0]
    assert wrapper.wraps.wrapped_by is wrapper
    assert wrapper.wraps.arguments["activation"] == "relu"
    assert wrapper.wraps.location.path == "x/d"


def test_models_are_told_from_layers() -> None:
    sequential = from_serialized({"class_name": "Sequential", "config": []})
    assert sequential is not None
    assert sequential.config == {"layers": []}
    assert model_class(sequential) == "Sequential"
    own = Description("Net", {"layers": [], "output_layers": []}, "mine", "Custom>Net")
    assert model_class(own) == "Functional"
    assert model_class(Description("Dense", {}, "keras.layers")) is None


@pytest.mark.parametrize(
    ("description", "path"),
    [
        (Description("Relu", {}, "keras.src.ops.nn"), "keras.ops.relu"),
        (Description("GetItem", {}, "keras.src.ops.numpy"), "keras.ops.get_item"),
        (Description("Resize", {}, "keras.src.ops.image"), "keras.ops.image.resize"),
        (Description("TFOpLambda", {"function": "nn.relu"}), "tensorflow.nn.relu"),
        (Description("TFOpLambda", {"function": "__operators__.add"}), "operator +"),
        (Description("SlicingOpLambda", {"function": "__operators__.getitem"}), "operator []"),
        (Description("Dense", {}, "keras.layers"), None),
        (Description("Multiply", {"name": "m"}), "keras.ops.multiply"),
        (Description("Multiply", {"name": "m", "trainable": True}), None),
        (Description("Multiply", {"name": "m", "dtype": "float32"}), None),
        (Description("Cast", {"name": "c", "dtype": "float32"}), "keras.ops.cast"),
        (Description("Cast", {"name": "c", "dtype": "float32", "trainable": True}), None),
        (Description("BatchNormalization", {"name": "bn"}), None),
    ],
)
def test_the_function_of_an_op(description: Description, path: str | None) -> None:
    assert function_of(description) == path


@pytest.mark.parametrize(
    ("path", "right", "kind"),
    [
        ("keras.ops.multiply", 2.0, "ScaleShift"),
        ("keras.ops.multiply", (2.0, 1.0), "Multiply"),
        ("keras.ops.add", 1, "ScaleShift"),
        ("operator +", Tensor(), "Add"),
        ("operator /", 3, "ScaleShift"),
        ("tensorflow.math.multiply", Tensor(), "Multiply"),
        ("keras.ops.fft", 1, "keras.ops.fft"),
    ],
)
def test_arithmetic_with_a_number_is_not_that_of_tensors(
    path: str, right: object, kind: str
) -> None:
    call = apply_function(LayerGraph(), path, [Tensor(), right], {}, HERE)
    assert call.layer.kind == kind
    assert call.layer.is_op
    assert len(call.inputs) == 1 + isinstance(right, Tensor)


def test_a_number_divided_by_a_tensor_is_no_scaling() -> None:
    assert (
        apply_function(LayerGraph(), "operator /", [1, Tensor()], {}, HERE).layer.kind == "Divide"
    )


def test_an_ops_config_becomes_its_arguments() -> None:
    mean = apply_function(
        LayerGraph(), "keras.ops.mean", [Tensor()], {"axis": [1, 2], "keepdims": True}, HERE
    )
    assert mean.layer.kind == "ReduceMean"
    assert mean.layer.arguments["axis"] == (1, 2)
    assert mean.layer.arguments["keepdims"] is True
    relu = apply_function(LayerGraph(), "tensorflow.nn.relu", [Tensor()], {"name": None}, HERE)
    assert relu.layer.kind == "Activation"
    assert relu.layer.arguments["activation"] == "relu"
    shape = apply_function(
        LayerGraph(), "keras.ops.reshape", [Tensor()], {"newshape": [-1, 4]}, HERE
    )
    assert shape.layer.arguments["shape"] == (-1, 4)


def test_an_index_of_slices_keeps_the_axes() -> None:
    whole = [{"class_name": "__slice__", "config": {}}, {"class_name": "__ellipsis__"}]
    slices = apply_function(LayerGraph(), "keras.ops.get_item", [Tensor(), whole], {}, HERE)
    assert slices.layer.kind == "Slice"
    item = apply_function(LayerGraph(), "keras.ops.get_item", [Tensor(), [whole[0], 0]], {}, HERE)
    assert item.layer.kind == "GetItem"


def test_call_arguments_that_are_no_tensors_are_settings() -> None:
    graph = LayerGraph()
    layer = new_layer(graph, Description("BatchNormalization", {}), HERE)
    call = apply_layer(graph, layer, [Tensor()], {"training": False, "mask": None}, HERE)
    assert call.arguments["training"] is False
    assert layer.calls == [call]
