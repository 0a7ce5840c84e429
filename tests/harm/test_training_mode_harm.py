"""What BN502 says of a constant `training=` in a Functional model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bnlint

pytestmark = pytest.mark.keras


def _batch(mean: float = 5) -> Any:
    return np.random.default_rng(0).normal(mean, 1, (64, 4)).astype("float32")


def _functional(library: Any, norm: Any, training: bool | None) -> Any:
    inputs = library.Input((4,))
    x = norm(inputs) if training is None else norm(inputs, training=training)
    return library.Model(inputs, library.layers.Dense(1)(x))


def _nested(library: Any, norm: Any, training: bool | None) -> Any:
    start = library.Input((4,))
    base = library.Model(start, norm(start), name="base")
    return _functional(library, base, training)


def _in_a_layer(library: Any, norm: Any, training: bool) -> Any:
    class Fixed(library.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.norm = norm

        def call(self, x: Any) -> Any:
            return self.norm(x, training=training)

    return _functional(library, Fixed(), None)


def _fitted_mean(model: Any, norm: Any) -> float:
    """The moving mean after fitting inputs around 5: 0 where nothing has moved it."""
    model.compile("sgd", "mse")
    model.fit(_batch(), np.zeros((64, 1)), batch_size=8, epochs=2, verbose=0)
    return float(np.asarray(norm.moving_mean).mean())


def _normalizes_by_batch(model: Any, norm: Any) -> bool:
    """Whether `predict` takes the mean of what it is given, and not the moving one, which is 0."""
    probe = model.__class__(model.input, model.layers[-1].input)
    del norm
    return abs(float(np.asarray(probe.predict(_batch(), verbose=0)).mean())) < 1


def _overrules(library: Any, is_keras_3: bool) -> bool:
    version = tuple(int(part) for part in library.__version__.split(".")[:2])
    return is_keras_3 and (3, 3) <= version < (3, 16)


@pytest.mark.parametrize("build", [_functional, _nested])
def test_fit_moves_the_statistics_of_a_call_without_training(
    library: Any, is_keras_3: bool, build: Any
) -> None:
    norm = library.layers.BatchNormalization(momentum=0.9)

    mean = _fitted_mean(build(library, norm, training=False), norm)

    assert mean == pytest.approx(4.07 if _overrules(library, is_keras_3) else 0, abs=0.2)


@pytest.mark.parametrize("build", [_functional, _nested])
def test_predict_of_a_call_in_training_uses_the_moving_statistics(
    library: Any, is_keras_3: bool, build: Any
) -> None:
    norm = library.layers.BatchNormalization()
    model = build(library, norm, training=True)

    assert _normalizes_by_batch(model, norm) is not _overrules(library, is_keras_3)


@pytest.mark.parametrize("build", [_functional, _nested])
def test_not_trainable_is_frozen_everywhere(library: Any, build: Any) -> None:
    norm = library.layers.BatchNormalization(momentum=0.9)
    model = build(library, norm, training=False)
    norm.trainable = False

    assert _fitted_mean(model, norm) == 0


def test_call_of_a_layer_is_honoured_everywhere(library: Any) -> None:
    norm = library.layers.BatchNormalization(momentum=0.9)
    always = library.layers.BatchNormalization()

    assert _fitted_mean(_in_a_layer(library, norm, training=False), norm) == 0
    assert _normalizes_by_batch(_in_a_layer(library, always, training=True), always)


@pytest.mark.parametrize("build", [_functional, _nested, _in_a_layer])
@pytest.mark.parametrize("training", [True, False])
def test_inspected_model_shows_the_call_that_it_keeps(
    library: Any, is_keras_3: bool, build: Any, training: bool
) -> None:
    norm = library.layers.BatchNormalization()
    model = build(library, norm, training=training)

    found = bnlint.inspect(model, isolated=True, select=["BN502"]).findings

    assert len(found) == (_overrules(library, is_keras_3) and build is not _in_a_layer)
    if found:
        norm.trainable = False
        assert not bnlint.inspect(model, isolated=True, select=["BN502"]).findings
