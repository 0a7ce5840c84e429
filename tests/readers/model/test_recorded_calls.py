"""Live subclassed models whose ``call`` does more than apply layers to tensors, of any Keras."""

from __future__ import annotations

import importlib
from importlib import util
from typing import Any

import numpy as np
import pytest

import bnlint

pytestmark = [pytest.mark.keras, pytest.mark.any_keras]
tf: Any = pytest.importorskip("tensorflow")


@pytest.fixture(
    params=[
        pytest.param(
            name,
            marks=pytest.mark.skipif(util.find_spec(name) is None, reason=f"no {name} here"),
        )
        for name in ("keras", "tf_keras")
    ],
    name="keras",
)
def _keras(request: pytest.FixtureRequest) -> Any:
    return importlib.import_module(request.param)


def _is_3(keras: Any) -> bool:
    return hasattr(keras, "ops")


def _found(model: object, shape: object = (None, 8)) -> list[tuple[str, str | None]]:
    report = bnlint.inspect(model, shape, isolated=True, ignore=["BN3"])
    return [(finding.code, finding.location.path) for finding in report.findings]


def _model(keras: Any, call: Any, *names: str) -> Any:
    """A model with this ``call`` and a layer for each name: BatchNormalization for ``n…``."""

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            for name in names:
                is_norm = name.startswith("n")
                made = keras.layers.BatchNormalization if is_norm else keras.layers.Dense
                setattr(self, name, made(**({} if is_norm else {"units": 8}), name=name))

    Net.call = call
    return Net()


# Branches and loops that TensorFlow or Keras trace on their own


def test_layers_in_a_branch_are_used(keras: Any) -> None:
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        h = self.n(self.a(x), training=training)
        return tf.cond(
            tf.reduce_sum(x) > 0,
            lambda: self.n2(self.b(h), training=training),
            lambda: h,
        )

    assert _found(_model(keras, call, "a", "b", "n", "n2")) == [("BN201", "a")]


def test_what_a_branch_passes_on_is_not_only_normalized(keras: Any) -> None:
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        h = self.a(x)
        return tf.cond(tf.reduce_sum(x) > 0, lambda: self.n(h, training=training), lambda: h)

    def mixed(self: Any, x: Any, training: bool | None = None) -> Any:
        def branch() -> Any:
            h = self.a(x)
            return self.n(h, training=training) + tf.nn.relu(h)

        return tf.cond(tf.reduce_sum(x) > 0, branch, lambda: x)

    assert _found(_model(keras, call, "a", "n")) == []
    assert _found(_model(keras, mixed, "a", "n")) == []


def test_layers_in_a_loop_are_used(keras: Any) -> None:
    def loop(self: Any, x: Any, training: bool | None = None) -> Any:
        def body(turn: Any, value: Any) -> Any:
            return turn + 1, self.n(self.a(value), training=training)

        return tf.while_loop(lambda turn, _: turn < 3, body, (tf.constant(0), x))[1]

    def each(self: Any, x: Any, training: bool | None = None) -> Any:
        return tf.map_fn(lambda row: self.n(self.a(row[None]), training=training)[0], x)

    assert _found(_model(keras, loop, "a", "n")) == []
    assert _found(_model(keras, each, "a", "n")) == []


def test_function_of_tensorflow_is_followed_though_it_was_traced_before(keras: Any) -> None:
    @tf.function  # type: ignore[untyped-decorator]
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        return self.n(self.a(x), training=training)

    model = _model(keras, call, "a", "n")
    assert _found(model) == [("BN201", "a")]
    model(np.ones((2, 8), "float32"))
    assert _found(model) == [("BN201", "a")]


def test_function_of_tensorflow_with_a_loop_over_tensors_is_read(keras: Any) -> None:
    @tf.function  # type: ignore[untyped-decorator]
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        for _ in tf.range(3):
            x = self.n(self.a(x), training=training)
        return x

    assert _found(_model(keras, call, "a", "n")) == []


def test_layers_in_a_branch_of_keras_are_used(keras: Any) -> None:
    if not _is_3(keras):
        pytest.skip("keras.ops is new in Keras 3")

    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        h = self.a(x)
        return keras.ops.cond(keras.ops.sum(x) > 0, lambda: self.n(h), lambda: h)

    assert _found(_model(keras, call, "a", "n")) == []


def test_what_is_said_of_an_unreadable_call_is_its_own_error(keras: Any) -> None:
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        raise RuntimeError(f"no {tf.nn.relu(x).shape[-1]} for {self.name}, {training}")

    with pytest.raises(bnlint.InspectionError, match="RuntimeError: no 8 for"):
        _found(_model(keras, call, "n"))


# The mode that layers run in


def test_a_compiled_model_whose_call_takes_no_training_never_trains_in_keras_3(keras: Any) -> None:
    def call(self: Any, x: Any) -> Any:
        return self.n(self.a(x))

    def told(self: Any, x: Any) -> Any:
        return self.n(self.a(x), training=True)

    def step(self: Any, data: Any) -> Any:
        return {"loss": self(data, training=True)}

    def within(self: Any, x: Any, training: bool | None = None) -> Any:
        return x if training is False else self.b(self.inner(x))

    expected = [("BN501", "n") if _is_3(keras) else ("BN201", "a")]
    model = _model(keras, call, "a", "n")
    assert _found(model) == [("BN201", "a")]  # a loop of the user's may tell it
    model.compile("sgd", "mse")
    assert _found(model) == expected
    model.fit(np.random.default_rng(0).normal(size=(8, 8)), np.ones((8, 8)), verbose=0)
    assert np.any(model.n.moving_mean.numpy()) == (not _is_3(keras))
    with_step = _model(keras, call, "a", "n")
    type(with_step).train_step = step
    for model in (_model(keras, told, "a", "n"), with_step):
        model.compile("sgd", "mse")
        assert _found(model) == [("BN201", "a")]
    outer = _model(keras, within, "b")
    outer.inner = _model(keras, call, "a", "n")
    outer.compile("sgd", "mse")
    assert _found(outer) == [("BN201", f"{outer.inner.name}/a")]


def test_a_mode_told_to_one_layer_stays_in_keras_3(keras: Any) -> None:
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        return self.n2(self.b(self.n(self.a(x), training=False)))

    model = _model(keras, call, "a", "b", "n", "n2")
    assert _found(model) == (
        # In inference mode `n` passes a shift on, to be absorbed by `n2`.
        [] if _is_3(keras) else [("BN201", "a"), ("BN201", "b")]
    )

    model.compile("sgd", "mse")
    model.fit(np.random.default_rng(0).normal(size=(8, 8)), np.ones((8, 8)), verbose=0)
    assert np.any(model.n2.moving_mean.numpy()) == (not _is_3(keras))
    assert not np.any(model.n.moving_mean.numpy())


# What Keras does around a call


def test_a_layer_is_built_with_the_shapes_that_keras_gives_it(keras: Any) -> None:
    class Block(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="block")
            self.a = keras.layers.Dense(4, name="a")
            self.n = keras.layers.BatchNormalization()

        def build(self, shape: Any) -> None:
            self.scale = self.add_weight(name="scale", shape=(shape[-1],))
            self.built = True

        def call(self, inputs: Any, training: bool | None = None) -> Any:
            return self.n(self.a(inputs), training=training)

    given = []

    class Merge(keras.layers.Layer):  # type: ignore[misc]
        def call(self, q: Any, v: Any) -> Any:
            return v + 0.0 * q[:, :4]

    def build_for_both(self: Any, v_shape: Any, q_shape: Any) -> None:
        given.extend([tuple(q_shape), tuple(v_shape)])
        self.built = True

    def build_for_first(self: Any, shape: Any) -> None:
        given.append(tuple(shape.as_list()))
        self.built = True

    Merge.build = build_for_both if _is_3(keras) else build_for_first

    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        return self.merge(x, v=self.block(inputs=x, training=training))

    model = _model(keras, call)
    model.block, model.merge = Block(), Merge()
    assert _found(model) == [("BN201", "block/a")]
    assert given == ([(None, 8), (None, 4)] if _is_3(keras) else [(None, 8)])


def test_own_weights_are_read_in_mixed_precision(keras: Any) -> None:
    class Block(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="block")
            self.a = keras.layers.Dense(4, name="a")
            self.n = keras.layers.BatchNormalization()
            self.w = self.add_weight(name="w", shape=(4, 4))

        def call(self, x: Any, training: bool | None = None) -> Any:
            return tf.matmul(self.n(self.a(x), training=training), self.w)

    class Full(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return tf.matmul(x, tf.ones((4, 2)))

    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        return self.full(self.block(x, training=training))

    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = _model(keras, call)
        model.block, model.full = Block(), Full(dtype="float32")
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert _found(model) == [("BN201", "block/a")]


# Uses of a layer beside the calls that are recorded


def test_a_bias_that_is_read_in_a_call_is_used(keras: Any) -> None:
    def tied(self: Any, x: Any, training: bool | None = None) -> Any:
        h = self.n(self.b(self.n2(self.a(x), training=training)), training=training)
        return tf.matmul(h - self.b.bias, self.b.kernel, transpose_b=True)

    def penalized(self: Any, x: Any, training: bool | None = None) -> Any:
        y = self.n(self.b(self.n2(self.a(x), training=training)), training=training)
        self.add_loss(sum(tf.reduce_sum(weight**2) for weight in self.b.trainable_weights))
        return y

    for call in (tied, penalized):
        model = _model(keras, call, "a", "b", "n", "n2")
        assert _found(model) == [("BN201", "a")]
        assert "bias" not in vars(keras.layers.Layer)
        assert isinstance(keras.layers.Layer.weights, property)
        model(np.ones((2, 8), "float32"))
        assert _found(model) == [("BN201", "a")]


def test_a_layer_that_a_step_applies_itself_is_used(keras: Any) -> None:
    def call(self: Any, x: Any, training: bool | None = None) -> Any:
        return self.n2(self.b(self.n(self.a(x), training=training)), training=training)

    def features(self: Any, x: Any) -> Any:
        return [part(x) for part in self.parts]

    def step(self: Any, data: Any) -> Any:
        return {"loss": tf.reduce_mean(self.features(data)[0])}

    model = _model(keras, call, "a", "b", "n", "n2")
    model.parts = [model.a]
    type(model).features = features
    type(model).test_step = step
    assert _found(model) == [("BN201", "b")]


def test_models_in_a_model_without_a_call_are_read(keras: Any) -> None:
    def part(name: str) -> Any:
        inputs = keras.Input((8,))
        x = keras.layers.BatchNormalization()(keras.layers.Dense(8, name="d")(inputs))
        return keras.Model(inputs, x, name=name)

    class Auto(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="auto")
            self.encoder, self.decoder = part("encoder"), part("decoder")

        def train_step(self, data: Any) -> Any:
            return {"loss": tf.reduce_mean(self.decoder(self.encoder(data, training=True)))}

    class Untold(Auto):
        def train_step(self, data: Any) -> Any:
            return {"loss": tf.reduce_mean(self.encoder(data))}

    assert _found(Auto()) == [("BN201", "encoder/d"), ("BN201", "decoder/d")]
    # What runs in a step without being told to train runs in inference mode.
    assert _found(Untold()) == [("BN201", "decoder/d")]

    model = Untold()
    model.compile("sgd")
    model.train_step(tf.ones((4, 8)) * 3.0)
    assert not np.any(model.encoder.layers[-1].moving_mean.numpy())


def test_a_model_without_a_call_and_without_models_says_so(keras: Any) -> None:
    class Empty(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="empty")
            self.norm = keras.layers.BatchNormalization()

    with pytest.raises(bnlint.InspectionError, match="the model empty has no `call`"):
        _found(Empty())


def test_a_layer_that_the_step_of_a_functional_model_applies_is_used(keras: Any) -> None:
    class Net(keras.Model):  # type: ignore[misc]
        def train_step(self, data: Any) -> Any:
            return {"loss": tf.reduce_mean(self.dense(data))}

    inputs = keras.Input((8,))
    dense = keras.layers.Dense(8, name="dense")
    other = keras.layers.Dense(8, name="other")
    x = keras.layers.BatchNormalization()(dense(inputs))
    model = Net(inputs, keras.layers.BatchNormalization()(other(x)))
    model.dense = dense

    assert _found(model) == [("BN201", "other")]
