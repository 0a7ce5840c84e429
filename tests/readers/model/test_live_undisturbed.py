"""Inspecting leaves a live model exactly as it was."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.keras import LintCallback
from bnlint.readers.model.undisturbed.variable_values import kept_values

pytestmark = pytest.mark.keras
keras: Any = pytest.importorskip("keras")
tf: Any = pytest.importorskip("tensorflow")


class _Net(keras.Model):  # type: ignore[misc]
    """Composite, with a raw TensorFlow function and attributes that its call sets."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(4)
        self.norm = keras.layers.BatchNormalization()
        self.calls = 0

    def call(self, x: Any, training: bool | None = None) -> Any:
        self.calls += 1
        self.last = x
        return tf.nn.relu(self.norm(self.dense(x), training=training)) * 2.0


def _functional() -> Any:
    inputs = keras.Input((6,))
    nested = keras.Sequential([keras.layers.Dense(5), keras.layers.BatchNormalization()])
    x = keras.ops.relu(nested(inputs))
    keras.layers.BatchNormalization()(keras.layers.Dense(3)(x))
    return keras.Model(inputs, keras.layers.Dense(2)(x))


def _called() -> Any:
    model = _Net()
    model(np.zeros((2, 6), "float32"))
    return model


def _state(model: Any) -> dict[str, object]:
    layers = model._flatten_layers()
    return {
        "names": [layer.name for layer in layers],
        "attributes": [sorted(vars(layer)) for layer in layers],
        "identity": [[id(vars(layer)[name]) for name in sorted(vars(layer))] for layer in layers],
        "nodes": [
            (list(map(id, layer._inbound_nodes)), list(map(id, layer._outbound_nodes)))
            for layer in layers
        ],
        "built": [(layer.built, layer.trainable) for layer in layers],
        "weights": [np.array(weight).tobytes() for weight in model.weights],
        "compiled": (model.compiled, id(getattr(model, "optimizer", None))),
        "calls": getattr(model, "calls", None),
    }


def _next_name() -> str:
    name: str = keras.layers.Dense(1).name
    return name


@pytest.mark.parametrize("make", [_functional, _called, _Net])
@pytest.mark.parametrize("compiled", [False, True])
def test_model_is_left_as_it_was(make: Callable[[], Any], compiled: bool) -> None:
    model = make()
    if compiled:
        model.compile("sgd", "mse")
    before = _state(model)
    counter = int(_next_name().rpartition("_")[2])

    bnlint.inspect(model, (None, 6) if make is _Net else None, isolated=True)

    assert _state(model) == before
    assert _next_name() == f"dense_{counter + 1}"


def test_model_trains_the_same_after_an_inspection() -> None:
    data = np.random.default_rng(0).normal(size=(16, 6)).astype("float32")
    weights = []
    for inspected in (False, True):
        keras.utils.set_random_seed(1)
        model = _functional()
        model.compile("sgd", "mse")
        if inspected:
            bnlint.inspect(model, isolated=True)
        model.fit(data, data[:, :2], epochs=2, batch_size=8, verbose=0, shuffle=False)
        weights.append([np.array(weight) for weight in model.weights])

    for plain, inspected_ in zip(*weights, strict=True):
        np.testing.assert_array_equal(plain, inspected_)


class _Mixture(keras.layers.Layer):  # type: ignore[misc]
    """Assigns to variables, and draws from every sort of generator, in its call."""

    def __init__(self) -> None:
        super().__init__()
        self.average = tf.Variable(np.ones(6, "float32"))
        self.seeds = keras.random.SeedGenerator(5)
        self.own = np.random.default_rng(3)
        self.loss = keras.metrics.Mean()
        self.seen = [{"steps": [0]}]

    def build(self, shape: Any) -> None:
        self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x: Any, training: bool | None = None) -> Any:
        self.steps.assign(self.steps + 1.0)
        self.average.assign(self.average * 0.5)
        self.seen[0]["steps"][0] += 1
        noise = keras.random.normal((6,), seed=self.seeds) + keras.random.normal((6,))
        factor = random.random() + np.random.random() + self.own.random()
        if not isinstance(x, keras.KerasTensor):
            self.loss.update_state(factor)
            factor = factor + tf.random.normal(())
        return x * factor + noise


def _drawn() -> list[float]:
    """What a program draws next, from generators that were seeded before."""
    numbers = [random.random(), np.random.random(), keras.random.normal(()), tf.random.normal(())]
    return [float(number) for number in numbers]


def test_variables_and_random_numbers_are_left_as_they_were() -> None:
    mixture = _Mixture()
    norm = keras.layers.BatchNormalization()
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6), mixture, norm])

    def values() -> list[Any]:
        variables = [*model.variables, *mixture.variables, mixture.average]
        return [variable.numpy().tolist() for variable in variables] + [mixture.seen[0]["steps"][0]]

    before, own = values(), mixture.own.bit_generator.state
    keras.utils.set_random_seed(2)
    expected = _drawn() + _drawn()
    keras.utils.set_random_seed(2)
    drawn = _drawn()
    assert bnlint.inspect(model, isolated=True).failures == ()
    assert bnlint.prove(model, isolated=True).failures == ()

    assert values() == before
    assert mixture.own.bit_generator.state == own
    assert drawn + _drawn() == expected


def test_model_trains_the_same_with_the_callback() -> None:
    class AlwaysDropout(keras.layers.Dropout):  # type: ignore[misc]
        def call(self, x: Any, training: bool | None = None) -> Any:
            return super().call(x, training=True)

    data = np.random.default_rng(0).normal(size=(16, 6)).astype("float32")
    weights = []
    for callbacks in ([], [LintCallback(fail_on=None, select=["BN101"])]):
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [keras.Input((6,)), keras.layers.Dense(4), AlwaysDropout(0.5), keras.layers.Dense(1)]
        )
        model.compile("sgd", "mse")
        model.fit(data, data[:, :1], verbose=0, callbacks=callbacks)
        weights.append(model.get_weights())

    for plain, linted in zip(*weights, strict=True):
        np.testing.assert_array_equal(plain, linted)


def test_values_are_not_copied_where_nothing_is_assigned() -> None:
    variable = tf.Variable(np.zeros(10_000, "float32"))

    def address() -> int:
        array: Any = np.asarray(memoryview(variable.value()))
        return int(array.ctypes.data)

    before = address()
    for restore in list(kept_values(variable)):
        restore()
    assert address() == before


def test_layers_are_called_as_before_after_a_call_that_fails() -> None:
    class Fails(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            raise RuntimeError("no")

    call, symbolic = keras.layers.Layer.__call__, keras.Operation.symbolic_call
    with pytest.raises(bnlint.InspectionError, match="RuntimeError: no"):
        bnlint.inspect(Fails(), (None, 6))

    assert keras.layers.Layer.__call__ is call
    assert keras.Operation.symbolic_call is symbolic
