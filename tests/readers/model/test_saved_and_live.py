"""A saved model and the live one it was saved from: the same findings, in the same order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bnlint
from bnlint.readers.model.saved.saved import read_saved

pytestmark = pytest.mark.keras
keras: Any = pytest.importorskip("keras")


def _unit(x: Any, name: str, **arguments: Any) -> Any:
    x = keras.layers.Conv2D(4, 3, padding="same", name=f"{name}_conv", **arguments)(x)
    x = keras.layers.BatchNormalization(name=f"{name}_bn")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


def _ops() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = _unit(inputs, "a")
    y = keras.layers.Conv2D(4, 1, name="scaled")(x)
    y = keras.layers.BatchNormalization(name="scaled_bn")(y * 2.0 + x[:, :, :, :])
    z = keras.layers.Conv2D(4, 1, name="activated")(y)
    z = keras.layers.BatchNormalization(name="activated_bn")(keras.ops.relu(z))
    return keras.Model(inputs, keras.ops.mean(z, axis=[1, 2]))


def _nested() -> Any:
    start = keras.Input((8, 8, 4))
    inner = keras.Model(start, _unit(start, "inner"), name="base")
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 1, name="stem")(inputs)
    head = keras.Sequential(
        [keras.layers.Dense(4, name="d"), keras.layers.BatchNormalization(name="n")], name="head"
    )
    outputs = [inner(x), inner(inner(x))]
    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(outputs[1])
    return keras.Model(inputs, [*outputs, head(pooled)])


def _wrapped() -> Any:
    inputs = keras.Input((5, 8))
    x = keras.layers.TimeDistributed(keras.layers.Dense(6, name="steps"), name="td")(inputs)
    x = keras.layers.BatchNormalization(name="n")(x)
    return keras.Model(inputs, keras.layers.Bidirectional(keras.layers.LSTM(3))(x))


def _parallel() -> Any:
    inputs = keras.Input((16,))
    branches = [
        keras.layers.BatchNormalization()(keras.layers.Dense(4, name=f"d{n}")(inputs))
        for n in range(3)
    ]
    return keras.Model(inputs, keras.layers.Add()(branches))


def _shared() -> Any:
    inputs = [keras.Input((4,)), keras.Input((4,))]
    dense = keras.layers.Dense(4, name="shared")
    norms = [keras.layers.BatchNormalization(name=name) for name in ("left", "right")]
    x, y = (norm(dense(start)) for norm, start in zip(norms, inputs, strict=True))
    return keras.Model(inputs, keras.layers.Subtract(name="difference")([x, y]))


def _frozen() -> Any:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(4, 3, name="a", data_format="channels_last"),
            keras.layers.BatchNormalization(name="frozen"),
            keras.layers.Conv2D(4, 3, name="b", activation="relu"),
            keras.layers.BatchNormalization(name="behind"),
            keras.layers.Conv2D(4, 3, name="c"),
            keras.layers.BatchNormalization(name="width", axis=1),
        ]
    )
    model.get_layer("frozen").trainable = False
    return model


def _told(report: bnlint.Report) -> list[tuple[str, str | None, str]]:
    assert not report.failures
    return [(f.code, f.location.path, f.message) for f in report.findings]


@pytest.mark.parametrize("build", [_ops, _nested, _wrapped, _shared, _parallel, _frozen])
def test_saved_and_live_say_the_same(build: Any, tmp_path: Path) -> None:
    model = build()
    live = _told(bnlint.inspect(model, isolated=True))
    assert live
    (tmp_path / "m.json").write_text(model.to_json(), encoding="utf-8")
    assert _told(bnlint.lint(tmp_path / "m.json", isolated=True)) == live
    for name in ("m.keras", "m.h5"):
        model.save(tmp_path / name)
        assert _told(bnlint.lint(tmp_path / name, isolated=True)) == live


def test_a_pre_activation_net_has_biases_that_are_absorbed_behind_its_merges(
    tmp_path: Path,
) -> None:
    model = keras.applications.ResNet50V2(weights=None, input_shape=(32, 32, 3), include_top=False)
    (tmp_path / "m.json").write_text(model.to_json(), encoding="utf-8")
    report = bnlint.lint(tmp_path / "m.json", isolated=True)
    assert [finding.code for finding in report.findings] == ["BN201"] * 20
    assert len(report.sites) == 49


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_the_weights_are_those_of_the_model(name: str, tmp_path: Path) -> None:
    model = _nested()
    for weight in model.weights:
        weight.assign(keras.random.uniform(weight.shape))
    model.save(tmp_path / name)
    live = {
        "stem": model.get_layer("stem"),
        "base/inner_bn": model.get_layer("base").get_layer("inner_bn"),
        "head/d": model.get_layer("head").get_layer("d"),
    }
    with read_saved(str(tmp_path / name), name) as saved:
        found = {layer.location.path: layer.weights for layer in saved.graph.layers}
        for path, layer in live.items():
            weights = found[path]
            assert weights is not None
            for own in layer.weights:
                read = weights[own.name.rpartition("/")[2].partition(":")[0]]
                assert read.shape == tuple(own.shape)
                assert (read.read() == keras.ops.convert_to_numpy(own)).all()
