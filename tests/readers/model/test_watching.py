"""Moving statistics are watched while a model trains, and training is the same."""

from __future__ import annotations

import warnings
from importlib import util
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.keras import BatchNormalizationWarning, LintCallback

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


def _model(keras: Any, momentum: float = 0.9) -> Any:
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, use_bias=False)(inputs)
    x = keras.layers.BatchNormalization(momentum=momentum, name="norm")(x)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.ReLU()(x)))
    model.compile("sgd", "mse")
    return model


def _fit(model: Any, x: Any, *callbacks: Any, epochs: int = 3, verbose: int = 0) -> list[str]:
    y = np.ones((len(x), 1), "float32")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", BatchNormalizationWarning)
        model.fit(
            x,
            y,
            batch_size=8,
            epochs=epochs,
            shuffle=False,
            verbose=verbose,
            callbacks=[*callbacks],
        )
    return [str(w.message) for w in warned if w.category is BatchNormalizationWarning]


def _samples(shift: float = 0.0) -> Any:
    return np.random.default_rng(0).normal(shift, 1.0, size=(160, 4)).astype("float32")


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("watch", ["epoch", 1, 7])
def test_training_is_the_same_and_a_healthy_model_gets_no_warning(name: str, watch: Any) -> None:
    keras: Any = pytest.importorskip(name)
    plain, seen = _model(keras), _model(keras)
    callback = LintCallback(watch=watch)

    _fit(plain, _samples())
    warned = _fit(seen, _samples(), callback)

    assert warned == []
    for one, other in zip(plain.get_weights(), seen.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert callback.watched is not None
    (layer,) = callback.watched.layers
    assert (layer.path, layer.step, layer.problem) == ("norm", 60, "")


@pytest.mark.parametrize("name", KERAS)
def test_statistics_that_lag_are_told_at_the_end(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keras: Any = pytest.importorskip(name)

    (said,) = _fit(_model(keras, 0.999), _samples(20.0), LintCallback(watch="epoch"), verbose=2)

    assert "the moving statistics of norm lag behind the batches" in said
    assert "layer  lag" in capsys.readouterr().out


@pytest.mark.parametrize("name", KERAS)
def test_what_is_not_finite_is_told_once(name: str) -> None:
    x = _samples()
    x[100] = np.inf

    (said,) = _fit(_model(pytest.importorskip(name)), x, LintCallback(watch=5))

    assert "norm: statistics of 8 of 8 channels are not finite" in said


@pytest.mark.parametrize("name", KERAS)
def test_channels_that_die_and_run_away_are_told(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    dying, running = _model(keras, 0.5), _model(keras, 0.5)
    kernel = dying.layers[1].get_weights()[0]
    kernel[:, :3] = 0.0
    dying.layers[1].set_weights([kernel])
    dying.layers[1].trainable = False
    dying.compile("sgd", "mse")

    (died,) = _fit(dying, _samples(), LintCallback(watch=5))
    (ran,) = _fit(running, _samples() * 1e6, LintCallback(watch=5), epochs=1)

    assert "3 of 8 channels died" in died
    assert "channels runs away" in ran


def test_a_wrong_watch_is_told() -> None:
    for watch in ("step", 0, -1, 1.5):
        with pytest.raises(bnlint.SettingsError, match="watch:"):
            LintCallback(watch=watch)  # type: ignore[arg-type]


@pytest.mark.keras
def test_a_writer_gets_the_numbers(tmp_path: Any) -> None:
    keras: Any = pytest.importorskip("keras")
    tf: Any = pytest.importorskip("tensorflow")
    pytest.importorskip("tensorboard")
    writer = tf.summary.create_file_writer(str(tmp_path))

    _fit(_model(keras), _samples(), LintCallback(watch="epoch", writer=writer))
    writer.flush()

    (file,) = tmp_path.iterdir()
    assert b"batch_normalization/norm/lag" in file.read_bytes()
