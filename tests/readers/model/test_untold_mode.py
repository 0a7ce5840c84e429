"""BN501 of live models: a `call` that is never told that the model trains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bnlint

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

X = np.random.default_rng(0).normal(3, 1, (16, 4)).astype("float32")


class Untold(keras.Model):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(8, use_bias=False)
        self.norm = keras.layers.BatchNormalization()
        self.out = keras.layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.out(self.norm(self.hidden(inputs)))


class Told(Untold):
    def call(self, inputs: Any, training: Any = None) -> Any:
        return self.out(self.norm(self.hidden(inputs), training=training))


class Stepping(Untold):
    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


def _codes(model: Any, *, compiled: bool = True) -> list[str]:
    model(X)
    if compiled:
        model.compile("sgd", "mse")
    return [finding.code for finding in bnlint.inspect(model, isolated=True).findings]


def test_model_whose_call_takes_no_mode_is_told() -> None:
    assert "BN501" in _codes(Untold())


@pytest.mark.parametrize("make", [Told, Stepping])
def test_model_that_is_told_or_steps_itself_is_not(make: Any) -> None:
    assert "BN501" not in _codes(make())


def test_model_that_is_not_compiled_may_be_called_by_others() -> None:
    assert "BN501" not in _codes(Untold(), compiled=False)


def test_frozen_layer_needs_no_mode() -> None:
    model = Untold()
    model.norm.trainable = False

    assert "BN501" not in _codes(model)


def test_what_it_says_is_so() -> None:
    model = Untold()
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], verbose=0)

    assert np.all(np.asarray(model.norm.moving_mean) == 0)
