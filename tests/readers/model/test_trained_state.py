"""What the rules on trained state claim, measured on the real Keras; and what they read for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.findings import Location
from bnlint.graph import LayerGraph, Origin, Tensor
from bnlint.project.judging.graph_check import findings_in
from bnlint.project.judging.rule_book import load
from bnlint.rule import Options

ALL = ["BN701", "BN702", "BN703", "BN704"]


@dataclass
class Counted:
    """A weight that notes that it was read."""

    values: np.ndarray[Any, Any]
    reads: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.values.shape)

    def read(self) -> np.ndarray[Any, Any]:
        self.reads.append(self.name)
        return self.values.copy()


def _graph(reads: list[str], **weights: Iterable[float]) -> LayerGraph:
    """Dense with a bias, then BatchNormalization with the given weights."""
    graph = LayerGraph()
    start = Tensor(origin=Origin.INPUT, shape=(None, 4))
    dense = graph.new_layer("Dense", {"units": 2, "use_bias": True}, Location("m", path="dense"))
    norm = graph.new_layer("BatchNormalization", {"axis": -1}, Location("m", path="norm"))
    usual = {"gamma": [1, 1], "beta": [0, 0], "moving_mean": [0, 0], "moving_variance": [1, 1]}
    held = {**usual, **weights}
    bias = held.pop("bias", [0.0, 0.0])
    dense.weights = {"bias": Counted(np.array(bias, "float32"), reads, "bias")}
    norm.weights = {
        name: Counted(np.array(values, "float32"), reads, name) for name, values in held.items()
    }
    middle = graph.apply(dense, (start,), dense.location).outputs[0]
    graph.apply(norm, (middle,), norm.location).outputs[0].leaves = True
    return graph


def _codes(graph: LayerGraph, codes: Iterable[str] = ALL) -> list[str]:
    rules = [load().rules[code].rule() for code in codes]
    return [finding.code for finding in findings_in(graph, rules, Options())]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, []),
        ({"gamma": [1.5, 1]}, ["BN701"]),
        ({"beta": [0, 1e-4]}, ["BN701"]),
        ({"gamma": [1.5, 1], "moving_mean": [0, 1e-7]}, []),
        ({"gamma": [1.5, 1], "moving_variance": [1, 0.999]}, []),
        ({"moving_mean": [float("nan"), 0]}, ["BN702"]),
        ({"moving_variance": [1, float("inf")]}, ["BN702"]),
        ({"moving_variance": [1, -1e-9]}, ["BN702"]),
        ({"moving_variance": [1, 0.0]}, ["BN703"]),
        ({"moving_variance": [1, 1.1e-5]}, []),
        ({"gamma": [0, 1], "beta": [0, 1], "moving_mean": [1, 1]}, ["BN703"]),
        ({"gamma": [0, 1], "beta": [1, 1], "moving_mean": [1, 1]}, []),
        ({"gamma": [0, 0], "beta": [0, 0], "moving_mean": [1, 1]}, []),
        ({"bias": [0, 0.5]}, ["BN704"]),
        ({"bias": [0, float("nan")]}, []),
    ],
)
def test_verdicts_on_chosen_weights(weights: dict[str, list[float]], expected: list[str]) -> None:
    assert _codes(_graph([], **weights)) == expected


def test_weights_are_read_once_and_only_for_rules_that_are_on() -> None:
    reads: list[str] = []
    graph = _graph(reads)

    assert _codes(graph, ["BN201", "BN301", "BN401", "BN402"]) == ["BN201"]
    assert reads == []

    _codes(graph, ["BN701", "BN702"])
    assert sorted(reads) == ["beta", "gamma", "moving_mean", "moving_variance"]


def test_a_model_without_weights_gets_no_verdict() -> None:
    graph = _graph([])
    for layer in graph.layers:
        layer.weights = None

    assert _codes(graph) == []


# On the real Keras


def _model(**arguments: Any) -> Any:
    keras: Any = pytest.importorskip("keras")
    keras.utils.set_random_seed(3)
    layers = keras.layers
    inputs = keras.Input((4,))
    x = layers.Dense(8, name="dense")(inputs)
    x = layers.BatchNormalization(name="norm", **arguments)(x)
    return keras.Model(inputs, layers.Dense(3, name="head")(layers.ReLU()(x)))


def _samples() -> Any:
    return np.random.default_rng(2).normal(size=(64, 4)).astype("float32")


def _found(model: Any) -> list[str]:
    return [f.code for f in bnlint.inspect(model, isolated=True, select=["BN7"]).findings]


@pytest.mark.keras
def test_a_loop_that_trains_in_inference_mode_is_found_and_one_in_training_mode_is_not() -> None:
    tf: Any = pytest.importorskip("tensorflow")
    for training, expected in ((None, ["BN701"]), (True, [])):
        model = _model()
        assert _found(model) == []
        for _ in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(model(_samples(), training=training) ** 2)
            variables = model.trainable_variables
            for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
                variable.assign(variable - 0.1 * gradient)
        found = [code for code in _found(model) if code != "BN704"]
        assert found == expected


@pytest.mark.keras
def test_an_infinite_sample_spoils_predictions_and_leaves_no_trace_in_the_weights() -> None:
    model = _model(center=False, scale=False)
    samples = _samples()
    samples[7, 1] = np.inf
    model(samples, training=True)

    assert _found(model) == ["BN702"]
    assert all(np.isfinite(weight).all() for weight in model.get_layer("head").get_weights())
    assert not np.isfinite(model.predict(_samples(), verbose=0)).all()


@pytest.mark.keras
def test_dead_channels_can_be_taken_out_without_a_difference() -> None:
    model = _model()
    norm, head = model.get_layer("norm"), model.get_layer("head")
    gamma, beta = np.linspace(0.5, 2, 8), np.linspace(0.1, 1, 8)
    gamma[2] = beta[2] = 0
    norm.set_weights([gamma, beta, np.full(8, 0.1), np.full(8, 0.7)])
    before = model.predict(_samples(), verbose=0)

    assert _found(model) == ["BN703"]
    kernel, bias = head.get_weights()
    kernel[2] = 1e6  # whatever it is multiplied with
    head.set_weights([kernel, bias])
    np.testing.assert_array_equal(model.predict(_samples(), verbose=0), before)


@pytest.mark.keras
def test_folding_a_bias_changes_no_prediction_and_dropping_it_does() -> None:
    model = _model()
    dense, norm = model.get_layer("dense"), model.get_layer("norm")
    kernel, _ = dense.get_weights()
    bias = np.linspace(-1, 1, 8)
    dense.set_weights([kernel, bias])
    before = model.predict(_samples(), verbose=0)
    assert _found(model) == ["BN704"]

    dense.set_weights([kernel, np.zeros(8)])
    dropped = model.predict(_samples(), verbose=0)
    gamma, beta, mean, variance = norm.get_weights()
    norm.set_weights([gamma, beta, mean - bias, variance])
    folded = model.predict(_samples(), verbose=0)

    assert np.abs(dropped - before).max() > 0.1
    np.testing.assert_allclose(folded, before, atol=1e-5)


@pytest.mark.keras
def test_models_as_they_are_built_have_no_trained_state() -> None:
    keras: Any = pytest.importorskip("keras")
    for name, shape in (("MobileNetV2", (32, 32, 3)), ("ResNet50V2", (32, 32, 3))):
        model = getattr(keras.applications, name)(weights=None, input_shape=shape, classes=3)

        assert _found(model) == []
