"""Models whose BatchNormalization went into the weights before it predict the same."""

from __future__ import annotations

import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.readers.model.fusing import fuse

KERAS = [
    pytest.param(
        name,
        marks=[
            pytest.mark.keras,
            pytest.mark.skipif(util.find_spec(name) is None, reason=f"{name} is not installed"),
        ],
    )
    for name in ("keras", "tf_keras")
]


def _randomise(model: Any) -> None:
    random = np.random.default_rng(0)
    for weight in model.weights:
        name = weight.name.rpartition("/")[2].partition(":")[0]
        shape = tuple(weight.shape)
        if name in ("bias", "beta", "moving_mean"):
            weight.assign(random.normal(size=shape) * 0.3)
        elif name in ("gamma", "moving_variance"):
            weight.assign(random.uniform(0.5, 1.5, size=shape))


def _apart(model: Any, other: Any) -> float:
    x = np.random.default_rng(7).normal(size=(5, *model.input_shape[1:])).astype("float32")
    before, after = model(x, training=False).numpy(), other(x, training=False).numpy()
    return float(np.abs(before - after).max() / np.abs(before).max())


def _conv(kind: str, shape: tuple[int, ...], **settings: Any) -> Any:
    def build(keras: Any) -> Any:
        inputs = keras.Input(shape)
        x = getattr(keras.layers, kind)(**settings)(inputs)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization(epsilon=0.01)(x))
        return keras.Model(inputs, keras.layers.Flatten()(x))

    build.__name__ = kind
    return build


KINDS = [
    _conv("Dense", (6,), units=5, use_bias=False),
    _conv("Dense", (4, 6), units=5),
    _conv("Conv1D", (9, 3), filters=4, kernel_size=3),
    _conv("Conv2D", (9, 9, 4), filters=6, kernel_size=3, groups=2, strides=2),
    _conv("Conv3D", (5, 5, 5, 2), filters=3, kernel_size=2, use_bias=False),
    _conv("Conv1DTranspose", (6, 3), filters=4, kernel_size=3, strides=2),
    _conv("Conv2DTranspose", (5, 5, 3), filters=4, kernel_size=3, use_bias=False),
    _conv("DepthwiseConv2D", (7, 7, 3), kernel_size=3, depth_multiplier=2, use_bias=False),
    _conv("SeparableConv2D", (7, 7, 3), filters=4, kernel_size=3, depth_multiplier=2),
]


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("build", KINDS)
def test_each_linear_layer_takes_the_normalization_behind_it(name: str, build: Any) -> None:
    model = build(pytest.importorskip(name))
    _randomise(model)
    before = [np.array(weight.numpy()) for weight in model.weights]

    done = fuse(model)

    assert (done.layers, done.left) == (1, 0)
    assert _apart(model, done.model) <= 1e-5
    assert len(done.model.layers) == len(model.layers) - 1
    for value, weight in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(value, weight.numpy())


@pytest.mark.parametrize("name", KERAS)
def test_what_cannot_go_stays(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    x = layers.BatchNormalization()(inputs)  # nothing before it
    used_twice = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.Add()([layers.BatchNormalization()(used_twice), used_twice])
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, activation="relu")(x))
    shared = layers.Conv2D(4, 3, padding="same")
    x = layers.BatchNormalization()(shared(layers.BatchNormalization()(shared(x))))
    x = layers.BatchNormalization(axis=1)(layers.Conv2D(4, 3)(x))
    x = layers.BatchNormalization(name="goes")(layers.Conv2D(4, 2)(x))
    model = keras.Model(inputs, layers.Flatten()(x))
    _randomise(model)

    done = fuse(model)

    assert (done.layers, done.left) == (1, 6)
    assert _apart(model, done.model) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
def test_nested_models_of_any_making_are_fused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers

    class Block(keras.Model):  # type: ignore[misc]
        def __init__(self, units: int) -> None:
            inputs = keras.Input((8,))
            x = layers.BatchNormalization()(layers.Dense(units)(inputs))
            super().__init__(inputs, layers.ReLU()(x))

    chain = keras.Sequential([keras.Input((8,)), layers.Dense(8), layers.BatchNormalization()])
    inputs = keras.Input((8,))
    x = layers.Lambda(lambda value: value * 2)(Block(8)(chain(inputs)))
    x = layers.Dense(3)(x + 1.0)
    model = keras.Model(inputs, x)
    _randomise(model)

    new = bnlint.fuse(model)

    assert capsys.readouterr().out.startswith("fused 2 layers, 0 left: 64 parameters fewer")
    assert _apart(model, new) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize(
    ("network", "fused", "left"),
    [
        ("MobileNetV2", 52, 0),
        pytest.param("ResNet50V2", 32, 17, marks=pytest.mark.exhaustive),
    ],
)
def test_applications_are_fused(name: str, network: str, fused: int, left: int) -> None:
    keras: Any = pytest.importorskip(name)
    build = getattr(keras.applications, network)
    model = build(weights=None, input_shape=(64, 64, 3), classes=10, classifier_activation="linear")
    _randomise(model)

    done = fuse(model)

    assert (done.layers, done.left) == (fused, left)
    assert done.model.count_params() == model.count_params() - done.parameters
    assert _apart(model, done.model) <= 1e-5


@pytest.mark.keras
def test_the_command_fuses_a_file(tmp_path: Path) -> None:
    keras: Any = pytest.importorskip("keras")
    model = KINDS[3](keras)
    _randomise(model)
    model.save(tmp_path / "net.keras")

    ran = subprocess.run(
        [sys.executable, "-m", "bnlint", "--fuse", "net.keras", "-o", "fast.keras"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("net.keras: fused 1 layer, 0 left: ")
    new = keras.models.load_model(tmp_path / "fast.keras")
    assert _apart(model, new) <= 1e-5
