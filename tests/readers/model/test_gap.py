"""The gap between training and inference: its numbers against plain Keras, and its causes on models
in which the cause is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint

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


def seeds(count: int) -> list[Any]:
    """The first always, the others where all are asked for."""
    return [0, *(pytest.param(n, marks=pytest.mark.exhaustive) for n in range(1, count))]


def _data(seed: int, samples: int = 512) -> tuple[Any, Any]:
    """Three classes around three points, far from zero."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 3, size=(3, 6)) + 4
    y = random.integers(0, 3, size=samples)
    x = centres[y] + random.normal(0, 1.5, size=(samples, 6))
    return x.astype("float32"), y


def _model(keras: Any, momentum: float = 0.9) -> Any:
    layers = keras.layers
    inputs = keras.Input((6,))
    x = layers.BatchNormalization(momentum=momentum, name="first")(inputs)
    x = layers.Dense(16, use_bias=False, name="hidden")(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=momentum, name="second")(x))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    model.compile(
        keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def _trained(keras: Any, seed: int, *, momentum: float = 0.9, epochs: int = 6) -> Any:
    keras.utils.set_random_seed(seed)
    model = _model(keras, momentum)
    x, y = _data(seed)
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return model


# Numbers


@pytest.mark.parametrize("name", KERAS)
def test_statistics_are_those_of_the_data(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    model = _trained(keras, 0)
    x, y = _data(0)
    before = [np.array(weight.numpy()) for weight in model.weights]

    gap = bnlint.gap(model, (x, y), batch_size=x.shape[0])

    first, second = gap.layers
    assert (first.path, second.path) == ("first", "second")
    wide = x.astype("float64")
    np.testing.assert_allclose(first.mean, wide.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(first.variance, wide.var(axis=0), rtol=1e-6)
    normalized = model.get_layer("first")(x, training=True).numpy().astype("float64")
    inside = normalized @ model.get_layer("hidden").kernel.numpy().astype("float64")
    np.testing.assert_allclose(second.mean, inside.mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(second.variance, inside.var(axis=0), rtol=1e-4)
    moved = model.get_layer("first").moving_mean.numpy()
    assert not np.array_equal(moved, before[2])  # the call above moved it
    np.testing.assert_array_equal(first.moving_mean, before[2].astype("float64"))
    assert set(gap.training) >= {"loss", "accuracy"}
    assert gap.training["accuracy"] >= 0.9


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("batch_size", [512, 100, 7])
def test_batches_are_added_up_exactly(name: str, batch_size: int) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((5, 4, 3))
    x = layers.Conv2D(4, 3, name="conv")(layers.BatchNormalization(name="norm")(inputs))
    model = keras.Model(inputs, x)
    data = np.random.default_rng(1).normal(1e3, 2.0, size=(64, 5, 4, 3)).astype("float32")

    (layer,) = bnlint.gap(model, data, batch_size=batch_size).layers

    wide = data.astype("float64")
    np.testing.assert_allclose(layer.mean, wide.mean(axis=(0, 1, 2)), rtol=1e-12)
    np.testing.assert_allclose(layer.variance, wide.var(axis=(0, 1, 2)), rtol=1e-9)


@pytest.mark.parametrize("name", KERAS)
def test_the_model_is_left_as_it_was(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    model = _trained(keras, 1)
    x, y = _data(1)
    variables = [*model.weights, *model.optimizer.variables] if name == "keras" else model.weights
    before = [np.array(variable.numpy()) for variable in variables]
    scores = model.evaluate(x, y, verbose=0)

    bnlint.gap(model, (x, y))
    bnlint.recalibrate(model, x, verbose=False)

    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert model.evaluate(x, y, verbose=0) == scores


@pytest.mark.keras
def test_data_may_come_in_any_form() -> None:
    keras: Any = pytest.importorskip("keras")
    tf: Any = pytest.importorskip("tensorflow")
    model = _trained(keras, 2)
    x, y = _data(2, 96)

    class Batches(keras.utils.PyDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return 3

        def __getitem__(self, number: int) -> Any:
            return x[number * 32 : (number + 1) * 32], y[number * 32 : (number + 1) * 32]

    expected = bnlint.gap(model, (x, y)).as_dict()
    whole = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
    for data in (whole, Batches(), (batch for batch in [Batches()[n] for n in range(3)])):
        assert bnlint.gap(model, data).as_dict() == expected
    assert bnlint.gap(model, Batches(), steps=2).batches == 2
    json.dumps(expected)
    with pytest.raises(bnlint.InspectionError, match="no batch"):
        bnlint.gap(model, [])


# Causes


def _few_updates(keras: Any, seed: int) -> tuple[Any, Any]:
    return _trained(keras, seed, momentum=0.99, epochs=2), _data(seed)


def _high_momentum(keras: Any, seed: int) -> tuple[Any, Any]:
    return _trained(keras, seed, momentum=0.9995, epochs=8), _data(seed)


def _low_momentum(keras: Any, seed: int) -> tuple[Any, Any]:
    keras.utils.set_random_seed(seed)
    model = _model(keras, 0.05)
    x, y = _data(seed)
    model.fit(x, y, batch_size=8, epochs=3, verbose=0)
    return model, (x, y)


def _other_preprocessing(keras: Any, seed: int) -> tuple[Any, Any]:
    x, y = _data(seed)
    return _trained(keras, seed), (x / 4 + 9, y)


def _frozen(keras: Any, seed: int) -> tuple[Any, Any]:
    model = _trained(keras, seed)
    for layer in model.layers:
        layer.trainable = False
    x, y = _data(seed)
    return model, (x * 3 - 20, y)


def _small_batches(keras: Any, seed: int) -> tuple[Any, Any]:
    model = _trained(keras, seed)
    x, y = _data(seed, 96)
    return model, [(x[n : n + 2], y[n : n + 2]) for n in range(0, 96, 2)]


def _dead(keras: Any, seed: int) -> tuple[Any, Any]:
    model = _trained(keras, seed)
    kernel = model.get_layer("hidden").kernel.numpy()
    kernel[:, :5] = 0.0
    model.get_layer("hidden").kernel.assign(kernel)
    return model, _data(seed)


CAUSES = [
    (_few_updates, "too few updates"),
    (_high_momentum, "momentum too high"),
    (_low_momentum, "momentum too low"),
    (_other_preprocessing, "other data than it was trained on"),
    (_frozen, "frozen statistics of other data"),
    (_small_batches, "batches too small"),
    (_dead, "dead channels"),
]


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize(("make", "cause"), CAUSES)
@pytest.mark.parametrize("seed", seeds(5))
def test_the_cause_is_named(
    name: str, make: Callable[[Any, int], tuple[Any, Any]], cause: str, seed: int
) -> None:
    model, data = make(pytest.importorskip(name), seed)

    gap = bnlint.gap(model, data)

    assert gap.causes, gap
    assert gap.causes[0].startswith(cause), gap
    assert cause in str(gap)
    assert "<table>" in gap._repr_html_()


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("seed", seeds(10))
def test_a_healthy_model_has_no_cause(name: str, seed: int) -> None:
    model = _trained(pytest.importorskip(name), seed)

    gap = bnlint.gap(model, _data(seed))

    assert gap.causes == ()
    assert "no cause" in str(gap)


# Recalibration


@pytest.mark.parametrize("name", KERAS)
def test_recalibrated_statistics_are_those_of_the_data(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    model, (x, _) = _few_updates(keras, 0)

    new = bnlint.recalibrate(model, x, batch_size=50, verbose=False)

    wide = x.astype("float64")
    first = new.get_layer("first")
    np.testing.assert_allclose(first.moving_mean.numpy(), wide.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(first.moving_variance.numpy(), wide.var(axis=0), rtol=1e-6)
    for one, other in zip(model.weights, new.weights, strict=True):
        if "moving" not in one.name:
            np.testing.assert_array_equal(one.numpy(), other.numpy())


@pytest.mark.parametrize("name", KERAS)
def test_a_model_with_too_few_updates_predicts_after_it(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keras: Any = pytest.importorskip(name)
    keras.utils.set_random_seed(3)
    x, y = _data(3)
    x += 30.0
    model = _model(keras, 0.99)
    model.fit(x, y, batch_size=32, epochs=3, verbose=0)

    new = bnlint.recalibrate(model, x)

    assert capsys.readouterr().out.startswith("recalibrated 2 layers on 16 batches: outputs on")
    accuracy = [(m.predict(x, verbose=0).argmax(axis=1) == y).mean() for m in (model, new)]
    assert accuracy[0] < 0.5
    assert accuracy[1] >= 0.95


# The command


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bnlint", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
    )


@pytest.mark.keras
def test_the_command_measures_and_recalibrates_a_file(tmp_path: Path) -> None:
    keras: Any = pytest.importorskip("keras")
    model, (x, y) = _few_updates(keras, 1)
    model.save(tmp_path / "net.keras")
    np.savez(tmp_path / "data.npz", x=x, y=y)

    measured = _run(tmp_path, "--gap", "data.npz", "net.keras")
    as_json = _run(tmp_path, "--gap", "data.npz", "net.keras", "--output-format", "json")
    ran = _run(tmp_path, "--recalibrate", "data.npz", "net.keras", "-o", "out.keras")

    assert measured.returncode == 0, measured.stderr
    assert "cause: too few updates" in measured.stdout
    assert json.loads(as_json.stdout)["causes"][0].startswith("too few updates")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "net.keras: wrote out.keras"
    new = keras.models.load_model(tmp_path / "out.keras")
    assert bnlint.gap(new, x).causes == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gap", "data.npz"], "--gap takes one saved model"),
        (["--recalibrate", "data.npz", "a.keras"], "--recalibrate needs one file to write to"),
        (["--recalibrate", "d.npz", "a.keras", "-o", "b.keras"], "a.keras: no such file"),
        (["--recalibrate", "d.npz", "a.keras", "-o", "b.txt"], "a.keras: b.txt: a model is"),
    ],
)
def test_a_wrong_command_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    ran = _run(tmp_path, *arguments)

    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"bnlint: {said}")
