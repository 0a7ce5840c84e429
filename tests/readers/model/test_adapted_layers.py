"""Models with layers that were adapted to data, and models that a class makes out of a graph:
inspected, proved and folded as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import util
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.project.folded_models import fold_model

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
WORDS = np.array([["red"], ["green"], ["blue"], ["red green"]], dtype=object)


def _ending(keras: Any, inputs: Any, x: Any) -> Any:
    layers = keras.layers
    x = layers.Dense(8, name="absorbed", bias_initializer="ones")(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(2)(x))


def _samples(shape: tuple[int, ...], seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(3.0, 2.0, size=shape).astype("float32")


def _adapted(layer: Any, *shape: int) -> Any:
    layer.adapt(_samples(shape))
    return layer


def _normalized(keras: Any) -> Any:
    inputs = keras.Input((4,))
    return _ending(keras, inputs, _adapted(keras.layers.Normalization(), 50, 4)(inputs))


def _normalized_at_once(keras: Any) -> Any:
    inputs = keras.Input((4,))
    return _ending(keras, inputs, _adapted(keras.layers.Normalization(axis=None), 50, 4)(inputs))


def _normalized_in_two_places(keras: Any) -> Any:
    layers = keras.layers
    before = keras.Sequential([keras.Input((4,)), _adapted(layers.Normalization(), 50, 4)])
    inputs = keras.Input((4,))
    x = _adapted(layers.Normalization(), 50, 6)(layers.Dense(6)(before(inputs)))
    return _ending(keras, inputs, x)


def _normalized_step_by_step(keras: Any) -> Any:
    layers = keras.layers
    inputs = keras.Input((3, 4))
    shared = _adapted(layers.Normalization(axis=None), 50, 4)
    return _ending(keras, inputs, layers.Flatten()(layers.TimeDistributed(shared)(inputs)))


def _normalized_by_given_numbers(keras: Any) -> Any:
    inputs = keras.Input((4,))
    norm = keras.layers.Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[1.0, 4.0, 4.0, 9.0])
    return _ending(keras, inputs, norm(inputs))


def _denormalized(keras: Any) -> Any:
    inputs = keras.Input((4,))
    norm = _adapted(keras.layers.Normalization(invert=True), 50, 4)
    return _ending(keras, inputs, norm(inputs))


def _in_bins(keras: Any) -> Any:
    layers = keras.layers
    bins = layers.Discretization(num_bins=4)
    bins.adapt(_samples((50, 1)))
    inputs = keras.Input((4,))
    return _ending(keras, inputs, layers.Rescaling(1.0)(bins(inputs)))


def _words(keras: Any) -> Any:
    layers = keras.layers
    words = layers.TextVectorization(output_sequence_length=4)
    words.adapt(WORDS.ravel())
    inputs = keras.Input((1,), dtype="string")
    return _ending(keras, inputs, layers.Flatten()(layers.Embedding(9, 3)(words(inputs))))


def _one_word(keras: Any) -> Any:
    lookup = keras.layers.StringLookup(output_mode="one_hot")
    lookup.adapt(WORDS)
    inputs = keras.Input((1,), dtype="string")
    return _ending(keras, inputs, lookup(inputs))


def _weighted_words(keras: Any) -> Any:
    lookup = keras.layers.StringLookup(output_mode="tf_idf")
    lookup.adapt(WORDS)
    inputs = keras.Input((2,), dtype="string")
    return _ending(keras, inputs, lookup(inputs))


def _numbers(keras: Any) -> Any:
    lookup = keras.layers.IntegerLookup(output_mode="one_hot", vocabulary=[101, 205, 309])
    inputs = keras.Input((1,), dtype="int64")
    return _ending(keras, inputs, lookup(inputs))


def _several(keras: Any) -> Any:
    layers = keras.layers
    lookup = layers.StringLookup(output_mode="multi_hot", vocabulary=["a", "b", "c"])
    words = keras.Input((2,), dtype="string", name="words")
    kinds = keras.Input((1,), dtype="int32", name="kinds")
    sizes = keras.Input((4,), name="sizes")
    norm = _adapted(layers.Normalization(), 50, 4)
    parts = [
        lookup(words),
        layers.CategoryEncoding(num_tokens=5, output_mode="one_hot")(kinds),
        norm(sizes),
    ]
    inputs = {"words": words, "kinds": kinds, "sizes": sizes}
    return _ending(keras, inputs, layers.Concatenate()(parts))


NUMBERS = [
    _normalized,
    _normalized_at_once,
    _normalized_in_two_places,
    _normalized_step_by_step,
    _normalized_by_given_numbers,
    _denormalized,
    _in_bins,
]
LOOKUPS = [_words, _one_word, _weighted_words, _numbers, _several]


def _outputs(model: Any) -> Any:
    from bnlint.readers.model.keras_objects import as_tensors, keras_of
    from bnlint.readers.model.proving.random_inputs import TRIALS, random_inputs

    keras = keras_of(model)
    assert keras is not None
    given = as_tensors(random_inputs(model, np.random.default_rng(5), TRIALS[0]), keras)
    return model(given, training=False).numpy()


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("build", [*NUMBERS, *LOOKUPS])
def test_what_was_adapted_stays_so(name: str, build: Callable[[Any], Any]) -> None:
    model = build(pytest.importorskip(name))
    before = _outputs(model)

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings
    folded = fold_model(model, trusted=True)

    assert "measured: its gradient is" in finding.message or build is _in_bins
    assert folded.removed == ("absorbed",)
    after = _outputs(folded.model)
    assert np.abs(before - after).max() <= 1e-5 * np.abs(before).max()
    np.testing.assert_array_equal(_outputs(model), before)


# Models that a class makes out of a graph


def _net(keras: Any) -> Any:
    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self, units: int, *, depth: int) -> None:
            inputs = keras.Input((6,))
            x = inputs
            for _ in range(depth):
                x = keras.layers.Dense(units, bias_initializer="ones")(x)
                x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
            super().__init__(inputs=inputs, outputs=keras.layers.Dense(2)(x), name="net")
            self.units = units
            self.beside = keras.layers.Dense(3)

        def train_step(self, data: Any) -> Any:
            return super().train_step(data)

    return Net(8, depth=2)


def _serializable(keras: Any) -> Any:
    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self, units: int = 8, **settings: Any) -> None:
            inputs = keras.Input((6,))
            x = keras.layers.Dense(units, bias_initializer="ones")(inputs)
            x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
            super().__init__(inputs, keras.layers.Dense(2)(x), **settings)
            self.units = units

        def get_config(self) -> dict[str, Any]:
            return {"units": self.units, "name": self.name}

        @classmethod
        def from_config(cls, config: dict[str, Any]) -> Any:
            return cls(**config)

    return Net()


def _inside(keras: Any) -> Any:
    inputs = keras.Input((6,))
    return keras.Model(inputs, keras.layers.Dense(3)(_serializable(keras)(inputs)))


def _chain(keras: Any) -> Any:
    class Net(keras.Sequential):  # type: ignore[misc]
        def __init__(self, units: int) -> None:
            super().__init__()
            self.add(keras.Input((6,)))
            self.add(keras.layers.Dense(units, bias_initializer="ones"))
            self.add(keras.layers.BatchNormalization())
            self.add(keras.layers.ReLU())

    return Net(8)


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize(
    ("build", "biases"), [(_net, 2), (_serializable, 1), (_inside, 1), (_chain, 1)]
)
def test_a_graph_that_a_class_makes_is_folded(
    name: str, build: Callable[[Any], Any], biases: int
) -> None:
    keras = pytest.importorskip(name)
    model = build(keras)
    kind = type(model)
    before = _outputs(model)

    folded = fold_model(model, trusted=True)

    assert len(folded.removed) == biases
    assert folded.left == {}
    after = _outputs(folded.model)
    assert np.abs(before - after).max() <= 1e-5 * np.abs(before).max()
    assert type(model) is kind
    assert folded.model.count_params() < model.count_params()
    again = type(folded.model).from_config(folded.model.get_config())
    assert again.count_params() == folded.model.count_params()


# Kernels that are computed


@pytest.mark.keras
def test_a_layer_with_lora_is_proved_and_folded() -> None:
    keras: Any = pytest.importorskip("keras")
    inputs = keras.Input((6,))
    model = _ending(keras, inputs, keras.layers.Dense(5, "relu")(inputs))
    model.get_layer("absorbed").enable_lora(2)
    model.get_layer("absorbed").lora_kernel_b.assign(_samples((2, 8)))
    before = _outputs(model)

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings
    folded = fold_model(model)

    assert "measured: its gradient is" in finding.message
    assert folded.removed == ("absorbed",)
    assert np.abs(before - _outputs(folded.model)).max() <= 1e-5 * np.abs(before).max()


@pytest.mark.parametrize("name", KERAS)
def test_a_kernel_that_is_a_property_is_proved_and_folded(name: str) -> None:
    keras = pytest.importorskip(name)

    class Standardized(keras.layers.Conv2D):  # type: ignore[misc, name-defined]
        def build(self, shape: Any) -> None:
            super().build(shape)
            self._stored = self.__dict__.pop("kernel", None) or self._kernel

        @property
        def kernel(self) -> Any:
            stored = self.__dict__.get("_stored", self.__dict__.get("_kernel"))
            return stored - keras.backend.mean(stored) if hasattr(keras.backend, "mean") else stored

        @kernel.setter
        def kernel(self, value: Any) -> None:
            self._kernel = value

    inputs = keras.Input((6, 6, 3))
    x = Standardized(4, 3, name="conv", bias_initializer="ones")(inputs)
    x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    model = keras.Model(inputs, x)
    before = _outputs(model)

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings
    folded = fold_model(model)

    assert "measured: its gradient is" in finding.message
    assert folded.removed == ("conv",)
    assert np.abs(before - _outputs(folded.model)).max() <= 1e-5 * np.abs(before).max()


# What is measured with


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("samples", [1, 2])
def test_a_model_that_was_called_with_one_sample_is_measured_on_several(
    name: str, samples: int
) -> None:
    keras = pytest.importorskip(name)

    class Net(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = keras.layers.Embedding(11, 4)
            self.hidden = keras.layers.Dense(8)
            self.norm = keras.layers.BatchNormalization()
            self.head = keras.layers.Dense(3)

        def call(self, inputs: Any, training: Any = None) -> Any:
            words, sizes = inputs
            x = keras.layers.concatenate([self.table(words)[:, 0], sizes])
            return self.head(self.norm(self.hidden(x), training=training))

    model = Net()
    model([np.zeros((samples, 1), "int32"), np.zeros((samples, 5), "float32")])

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings

    assert "measured: its gradient is" in finding.message


@pytest.mark.parametrize("name", KERAS)
def test_a_batch_of_one_that_the_code_needs_is_kept(name: str) -> None:
    keras = pytest.importorskip(name)
    inputs = keras.Input(batch_shape=(1, 6, 4))
    x = keras.layers.LSTM(5, stateful=True, return_sequences=True)(inputs)
    x = keras.layers.BatchNormalization()(keras.layers.Dense(8)(x))
    model = keras.Model(inputs, keras.layers.ReLU()(x))

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings

    assert "measured: its gradient is" in finding.message


@pytest.mark.parametrize("name", KERAS)
def test_nothing_runs_where_nothing_is_claimed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keras = pytest.importorskip(name)
    inputs = keras.Input((6,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(8, use_bias=False)(inputs))
    model = keras.Model(inputs, keras.layers.ReLU()(x))
    monkeypatch.setattr(type(model), "__call__", None)

    assert bnlint.prove(model, isolated=True, select=["BN201"]).findings == ()
