"""Live models of the installed Keras, read along their nodes or by recording a call."""

from __future__ import annotations

from typing import Any

import pytest

import bnlint

pytestmark = pytest.mark.keras
keras: Any = pytest.importorskip("keras")


def _found(model: object, *args: object, **settings: Any) -> list[tuple[str, str | None]]:
    report = bnlint.inspect(model, *args, isolated=True, **settings)
    return [(finding.code, finding.location.path) for finding in report.findings]


def _conv(filters: int = 4, **arguments: Any) -> Any:
    return keras.layers.Conv2D(filters, 3, padding="same", **arguments)


def test_functional_model_is_read_along_its_nodes() -> None:
    inputs = keras.Input((8, 8, 3))
    x = _conv(name="a")(inputs)
    x = keras.layers.BatchNormalization(name="bn")(x)
    x = keras.layers.ReLU()(x)
    model = keras.Model(inputs, _conv(name="b")(x))

    report = bnlint.inspect(model, isolated=True)

    (finding,) = report.findings
    assert (finding.code, finding.location.path) == ("BN201", "a")
    assert finding.location.filename == model.name
    assert finding.related[0].location.path == "bn"


def test_layers_of_a_nested_model_have_a_path() -> None:
    block = keras.Sequential(
        [_conv(name="conv"), keras.layers.BatchNormalization(), keras.layers.ReLU()], name="block"
    )
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, block(inputs))

    assert _found(model) == [("BN201", "block/conv")]


def test_sequential_that_was_never_built_is_read_from_its_list() -> None:
    model = keras.Sequential([keras.layers.Dense(4, name="d"), keras.layers.BatchNormalization()])

    assert _found(model) == [("BN201", "d")]
    assert not model.built


class _Block(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="block")
        self.conv = _conv(name="conv")
        self.norm = keras.layers.BatchNormalization(name="norm")

    def call(self, x: Any, training: bool | None = None) -> Any:
        return self.norm(self.conv(x), training=training)


class _Model(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.block = _Block()
        self.head = keras.layers.Dense(3)

    def call(self, x: Any, training: bool | None = None) -> Any:
        return self.head(keras.ops.relu(self.block(x, training=training)))


def test_subclassed_model_is_recorded_and_composite_layers_are_entered() -> None:
    model = _Model()

    assert _found(model, (None, 8, 8, 3)) == [("BN201", "block/conv")]
    assert not model.built


def test_subclassed_model_that_was_never_called_says_what_is_missing() -> None:
    with pytest.raises(bnlint.InspectionError, match="input_shape"):
        bnlint.inspect(_Model())


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(bnlint.InspectionError, match="int is no Keras model"):
        bnlint.inspect(3)


def test_branch_that_was_computed_and_dropped_is_in_no_model() -> None:
    inputs = keras.Input((6,))
    x = keras.layers.Dense(4)(inputs)
    keras.layers.BatchNormalization(name="dropped")(x)
    model = keras.Model(inputs, keras.layers.ReLU()(x))

    assert _found(model, select=["BN101"]) == [("BN101", "dropped")]


def test_branch_of_another_model_is_not_dropped() -> None:
    inputs = keras.Input((6,))
    x = keras.layers.Dense(4)(inputs)
    other = keras.Model(inputs, keras.layers.BatchNormalization()(x))
    model = keras.Model(inputs, keras.layers.ReLU()(x))

    assert _found(model) == []
    assert _found(other)


def test_what_goes_on_from_an_output_is_not_dropped() -> None:
    inputs = keras.Input((6,))
    encoder = keras.Model(inputs, keras.layers.Dense(4)(inputs))
    keras.layers.BatchNormalization()(encoder.output)

    assert _found(encoder) == []


class _WithSpares(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(4)
        self.never = keras.layers.BatchNormalization(name="never")
        self.sometimes = keras.layers.BatchNormalization(name="sometimes")
        self.elsewhere = keras.layers.BatchNormalization(name="elsewhere")
        self.deep = False

    def call(self, x: Any) -> Any:
        x = self.dense(x)
        return self.sometimes(x) if self.deep else x

    def encode(self, x: Any) -> Any:
        return self.elsewhere(x)


def test_attribute_that_no_method_mentions_is_in_no_model() -> None:
    assert _found(_WithSpares(), (None, 6)) == [("BN101", "never")]


def test_layers_inside_wrappers_are_read() -> None:
    inputs = keras.Input((5, 6))
    x = keras.layers.TimeDistributed(keras.layers.Dense(4, name="inner"), name="each")(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Bidirectional(keras.layers.LSTM(3))(x)
    model = keras.Model(inputs, x)

    assert _found(model) == [("BN201", "each/inner")]


def test_shared_layer_counts_every_call() -> None:
    inputs = keras.Input((6,))
    shared = keras.layers.Dense(6, name="shared")
    first = keras.layers.BatchNormalization()(shared(inputs))
    second = keras.layers.BatchNormalization()(shared(first))

    whole = keras.Model(inputs, second)  # kept: what is in no model that lives is dropped
    assert _found(whole) == [("BN201", "shared")]
    second = keras.layers.ReLU()(shared(first))
    assert _found(keras.Model(inputs, second)) == []


def test_raw_tensorflow_functions_between_layers_are_read() -> None:
    tf: Any = pytest.importorskip("tensorflow")

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = (keras.layers.Dense(4, name=name) for name in "ab")
            self.first, self.second = (keras.layers.BatchNormalization() for _ in "12")

        def call(self, x: Any) -> Any:
            x = self.first(tf.add(self.a(x), 1.0) * 2.0)
            return self.second(tf.nn.relu(self.b(x)))

    assert _found(Net(), (None, 6), select=["BN201"]) == [("BN201", "a")]


def test_frozen_normalization_absorbs_nothing() -> None:
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(4), keras.layers.BatchNormalization()]
    )
    model.trainable = False

    assert _found(model) == []


def test_thousand_layers_are_read_faster_than_they_are_built() -> None:
    import time

    started = time.process_time()
    inputs = keras.Input((8,))
    ends = []
    for _ in range(10):  # Keras itself can't go much deeper than 200 layers
        x = inputs
        for _ in range(50):
            x = keras.layers.BatchNormalization()(keras.layers.Dense(8)(x))
        ends.append(x)
    model = keras.Model(inputs, ends)
    built = time.process_time() - started
    bnlint.inspect(keras.Sequential([keras.layers.Dense(1)]), isolated=True)  # imports

    started = time.process_time()
    report = bnlint.inspect(model, isolated=True)
    read = time.process_time() - started

    assert read < built / 2  # it is a tenth
    assert len(report.findings) == 500
