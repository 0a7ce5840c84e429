"""Import paths of every era name what they named then."""

from __future__ import annotations

import pytest

from bnlint.keras_api import (
    NOT_KERAS,
    OPERATORS,
    Kind,
    activation_name,
    is_keras_path,
    layer,
    layer_named,
    merge_kind,
    public_name,
    resolve,
)


@pytest.mark.parametrize(
    ("path", "kind", "era"),
    [
        ("keras.layers.Dense", "Dense", None),
        ("keras.layers.core.Dense", "Dense", None),
        ("keras.layers.convolutional.Convolution2D", "Conv2D", None),
        ("keras.layers.advanced_activations.LeakyReLU", "LeakyReLU", None),
        ("keras.layers.normalization.BatchNormalization", "BatchNormalization", None),
        ("keras.layers.AtrousConvolution2D", "Conv2D", "1"),
        ("keras.legacy.layers.Merge", "Merge", "2"),
        ("keras.src.layers.core.dense.Dense", "Dense", None),
        ("keras.api._v2.keras.layers.Dense", "Dense", None),
        ("keras._tf_keras.keras.layers.Dense", "Dense", None),
        ("keras_core.layers.Dense", "Dense", "3"),
        ("tf_keras.layers.Dense", "Dense", "2"),
        ("tf_keras.src.layers.core.dense.Dense", "Dense", "2"),
        ("tensorflow.keras.layers.MaxPool2D", "MaxPooling2D", None),
        ("tf.keras.layers.GlobalAvgPool2D", "GlobalAveragePooling2D", None),
        (
            "tensorflow.python.keras.layers.normalization.BatchNormalizationV1",
            "BatchNormalization",
            "2",
        ),
        ("tensorflow.python.keras.layers.Conv2D", "Conv2D", "2"),
        ("tensorflow.contrib.keras.api.keras.layers.Conv2D", "Conv2D", "2"),
        ("tensorflow.compat.v1.keras.layers.CuDNNLSTM", "CuDNNLSTM", "2"),
        ("tensorflow.keras.layers.experimental.SyncBatchNormalization", "BatchNormalization", "2"),
        ("tensorflow.keras.layers.experimental.preprocessing.Rescaling", "Rescaling", None),
        ("tensorflow.compat.v1.layers.Conv2D", "Conv2D", "2"),
        ("tensorflow.layers.BatchNormalization", "BatchNormalization", "2"),
    ],
)
def test_layer_classes_resolve_by_any_path(path: str, kind: str, era: str | None) -> None:
    resolved = resolve(path)
    assert resolved is not None
    assert (resolved.kind, resolved.era) == (Kind.LAYER, era)
    assert resolved.spec is layer(kind)
    assert is_keras_path(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("keras.layers.concatenate", "Concatenate"),
        ("keras.layers.merge", "Merge"),
        ("keras.layers.merge.add", "Add"),
        ("keras.ops.relu", "Activation"),
        ("keras.ops.nn.relu", "Activation"),
        ("keras.ops.numpy.mean", "ReduceMean"),
        ("keras.ops.image.resize", "Resizing"),
        ("keras.backend.relu", "Activation"),
        ("keras.backend.tf.nn.relu", "Activation"),
        ("tensorflow.keras.backend.concatenate", "Concatenate"),
        ("tensorflow.python.keras.backend.mean", "ReduceMean"),
        ("tensorflow.concat", "Concatenate"),
        ("tensorflow.math.add", "Add"),
        ("tensorflow.add_n", "Add"),
        ("tensorflow.reshape", "Reshape"),
        ("tensorflow.pad", "Pad"),
        ("tensorflow.nn.bias_add", "BiasAdd"),
        ("tensorflow.nn.conv2d", "nn.convolution"),
        ("tensorflow.nn.max_pool", "Pool"),
        ("tensorflow.image.resize", "Resizing"),
        ("tensorflow.compat.v1.image.resize_bilinear", "Resizing"),
        ("tensorflow.python.ops.math_ops.add", "Add"),
        ("tensorflow.python.ops.nn.relu", "Activation"),
        ("tensorflow.layers.conv2d", "Conv2D"),
        ("tensorflow.compat.v1.layers.batch_normalization", "BatchNormalization"),
        ("tensorflow.contrib.slim.conv2d", "slim.conv"),
        ("tensorflow.contrib.layers.batch_norm", "slim.batch_norm"),
        ("tf_slim.fully_connected", "slim.fully_connected"),
    ],
)
def test_functions_resolve_to_the_kind_they_act_as(path: str, kind: str) -> None:
    resolved = resolve(path)
    assert resolved is not None
    assert resolved.kind is Kind.OP
    assert resolved.spec is not None
    assert resolved.spec.kind == kind


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("keras.Sequential", Kind.MODEL, "Sequential"),
        ("keras.models.Model", Kind.MODEL, "Model"),
        ("keras.engine.training.Model", Kind.MODEL, "Model"),
        ("keras.src.models.functional.Functional", Kind.MODEL, "Functional"),
        ("tensorflow.python.keras.engine.network.Network", Kind.MODEL, "Model"),
        ("keras.Input", Kind.INPUT, "Input"),
        ("keras.engine.topology.Input", Kind.INPUT, "Input"),
        ("tensorflow.placeholder", Kind.INPUT, "placeholder"),
        ("keras.layers.InputLayer", Kind.LAYER, "InputLayer"),
        ("keras.applications.ResNet50", Kind.APPLICATION, "ResNet50"),
        ("keras.applications.resnet50.ResNet50", Kind.APPLICATION, "ResNet50"),
        ("keras.applications.resnet50.preprocess_input", Kind.DATA, "preprocess_input"),
        ("keras_applications.vgg16.VGG16", Kind.APPLICATION, "VGG16"),
        ("keras.backend.image_data_format", Kind.BACKEND_FORMAT, "image_data_format"),
        ("keras.config.image_data_format", Kind.BACKEND_FORMAT, "image_data_format"),
        ("keras.backend.image_dim_ordering", Kind.BACKEND_FORMAT, "image_dim_ordering"),
        ("keras.backend.set_image_dim_ordering", Kind.SET_FORMAT, "set_image_dim_ordering"),
        ("keras.layers.Layer", Kind.BASE, "Layer"),
        ("keras.engine.topology.Layer", Kind.BASE, "Layer"),
        ("keras.layers.LSTMCell", Kind.BASE, "LSTMCell"),
        ("tensorflow.Module", Kind.BASE, "Module"),
        ("keras.backend.int_shape", Kind.DATA, "int_shape"),
        ("keras.ops.shape", Kind.DATA, "shape"),
        ("keras.regularizers.l2", Kind.DATA, "l2"),
        ("keras.optimizers.Adam", Kind.DATA, "Adam"),
        ("tensorflow.shape", Kind.DATA, "shape"),
        ("tensorflow.float32", Kind.DATA, "float32"),
        ("tensorflow.constant", Kind.DATA, "constant"),
        ("numpy.prod", Kind.DATA, "numpy.prod"),
        ("keras.activations.relu", Kind.ACTIVATION, "relu"),
        ("keras", Kind.MODULE, "keras"),
        ("keras.layers", Kind.MODULE, "layers"),
        ("keras.layers.core", Kind.MODULE, "core"),
        ("keras.layers.normalization", Kind.MODULE, "normalization"),
        ("tensorflow.keras", Kind.MODULE, "keras"),
        ("tensorflow.keras.layers.experimental.preprocessing", Kind.MODULE, "preprocessing"),
        ("tensorflow.compat.v1", Kind.MODULE, "v1"),
        ("tensorflow.nn", Kind.MODULE, "nn"),
        ("keras.applications.resnet50", Kind.MODULE, "resnet50"),
    ],
)
def test_other_members_resolve_to_their_sort(path: str, kind: Kind, name: str) -> None:
    resolved = resolve(path)
    assert resolved is not None
    assert (resolved.kind, resolved.name) == (kind, name)


@pytest.mark.parametrize(
    "path",
    [
        "torch.nn.Conv2d",
        "flax.linen.Dense",
        "keras.models.load_model",
        "keras.layers.NoSuchLayer",
        "keras.layers.deserialize",
        "keras.utils.multi_gpu_model",
        "keras.losses.mean_squared_error",
        "keras.random.dropout",
        "tensorflow.no_such_function",
        "tensorflow.contrib.rnn.LSTMCell",
        "mypackage.layers.Dense",
    ],
)
def test_what_nothing_is_known_of_does_not_resolve(path: str) -> None:
    assert resolve(path) is None


def test_bare_names_mean_keras() -> None:
    spec = layer_named("Convolution2D")
    assert spec is not None
    assert spec.kind == "Conv2D"
    assert layer_named("ReduceMean") is None
    assert layer_named("Sequential") is None
    sequential, inputs, merge = (public_name(n) for n in ("Sequential", "Input", "merge"))
    assert sequential is not None
    assert sequential.kind is Kind.MODEL
    assert inputs is not None
    assert inputs.kind is Kind.INPUT
    assert merge is not None
    assert merge.era == "1"
    assert public_name("foo") is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("relu", "relu"),
        ("swish", "silu"),
        ("keras.activations.relu", "relu"),
        ("tensorflow.nn.swish", "silu"),
        ("tensorflow.identity", "linear"),
        ("linear", "linear"),
        ("LeakyReLU", "leaky_relu"),
        ("keras.layers.PReLU", "prelu"),
        ("Activation", None),
        ("my_activation", None),
        ("Dense", None),
    ],
)
def test_activation_names(written: str, name: str | None) -> None:
    assert activation_name(written) == name


def test_merge_of_keras_1_by_mode() -> None:
    assert merge_kind("sum") == "Add"
    assert merge_kind("concat") == "Concatenate"
    assert merge_kind(lambda tensors: tensors[0]) == "Merge"


def test_operators_have_kinds() -> None:
    assert all(layer(kind) is not None for kind in OPERATORS.values())


def test_packages_that_are_not_keras_are_not_keras_paths() -> None:
    assert not any(is_keras_path(f"{package}.layers.Dense") for package in NOT_KERAS)
