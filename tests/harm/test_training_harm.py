"""What BN501, BN503, BN504, BN508 and BN509 warn of: what is done with a model around training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras

X = np.random.default_rng(0).normal(3, 1, (64, 4)).astype("float32")
Y = X[:, :1]


def _moving_mean(norm: Any) -> float:
    """The mean that a layer has learned; that of :data:`X` is 3."""
    return float(np.asarray(norm.moving_mean).mean())


def _kernel(model: Any) -> Any:
    return np.array(model.layers[-1].kernel)


# Classes of models


def _subclass(library: Any, call: Callable[..., Any], **methods: Callable[..., Any]) -> Any:
    """A model of a class with BatchNormalization and Dense, and that ``call``."""

    def initialise(self: Any) -> None:
        library.Model.__init__(self)
        self.norm = library.layers.BatchNormalization(momentum=0.5)
        self.head = library.layers.Dense(1)

    body = {"__init__": initialise, "call": call, **methods}
    return type("Net", (library.Model,), body)()


def _without(self: Any, inputs: Any) -> Any:
    return self.head(self.norm(inputs))


def _with_keywords(self: Any, inputs: Any, **kwargs: Any) -> Any:
    del kwargs
    return self.head(self.norm(inputs))


def _with_none(self: Any, inputs: Any, training: Any = None) -> Any:
    del training
    return self.head(self.norm(inputs))


def _with_false(self: Any, inputs: Any, training: Any = False) -> Any:
    return self.head(self.norm(inputs, training=training))


def _told(self: Any, inputs: Any) -> Any:
    return self.head(self.norm(inputs, training=True))


def _learned_by_fit(model: Any, norm: Any) -> float:
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, epochs=2, verbose=0)
    return _moving_mean(norm)


@pytest.mark.parametrize("call", [_without, _with_keywords])
def test_fitted_class_without_training_never_learns_statistics_in_keras_3(
    library: Any, is_keras_3: bool, call: Callable[..., Any]
) -> None:
    model = _subclass(library, call)

    learned = _learned_by_fit(model, model.norm)

    assert learned == 0 if is_keras_3 else learned > 2


@pytest.mark.parametrize("call", [_with_none, _with_false, _told])
def test_fitted_class_that_takes_the_mode_learns_statistics(
    library: Any, call: Callable[..., Any]
) -> None:
    model = _subclass(library, call)

    assert _learned_by_fit(model, model.norm) > 2


def test_dropout_is_off_too_in_keras_3(library: Any, is_keras_3: bool) -> None:
    seen: list[Any] = []

    class Net(library.Model):  # type: ignore[misc]  # whichever library it is
        def __init__(self) -> None:
            super().__init__()
            self.drop = library.layers.Dropout(0.9, seed=1)
            self.head = library.layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            dropped = self.drop(inputs)
            seen.append(np.asarray(dropped))
            return self.head(dropped)

    model = Net()
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    model.fit(X, Y, batch_size=64, verbose=0)

    zeros = float(np.mean(seen[-1] == 0))
    assert zeros == 0 if is_keras_3 else zeros > 0.5


def test_sequential_inside_such_a_class_does_not_learn_in_keras_3(
    library: Any, is_keras_3: bool
) -> None:
    norm = library.layers.BatchNormalization(momentum=0.5)

    class Net(library.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = library.Sequential([norm, library.layers.Dense(1)])

        def call(self, inputs: Any) -> Any:
            return self.net(inputs)

    learned = _learned_by_fit(Net(), norm)

    assert learned == 0 if is_keras_3 else learned > 2


def test_such_a_class_inside_a_functional_model_learns(library: Any) -> None:
    inner = _subclass(library, _without)
    inputs = library.Input((4,))

    assert _learned_by_fit(library.Model(inputs, inner(inputs)), inner.norm) > 2


def test_inner_layer_that_trains_by_default_learns(library: Any) -> None:
    norm = library.layers.BatchNormalization(momentum=0.5)

    class Block(library.layers.Layer):  # type: ignore[misc]
        def call(self, inputs: Any, training: bool = True) -> Any:
            return norm(inputs, training=training)

    block = Block()

    def call(self: Any, inputs: Any) -> Any:
        return self.head(block(inputs))

    assert _learned_by_fit(_subclass(library, call, block=block), norm) > 2


# Steps by hand


def _functional(library: Any) -> tuple[Any, Any]:
    inputs = library.Input((4,))
    norm = library.layers.BatchNormalization(momentum=0.5)
    return library.Model(inputs, library.layers.Dense(1)(norm(inputs))), norm


@pytest.mark.parametrize(
    ("settings", "learns"), [({}, False), ({"training": False}, False), ({"training": True}, True)]
)
def test_statistics_follow_the_mode_of_a_call_under_a_tape(
    library: Any, settings: dict[str, bool], learns: bool
) -> None:
    tf = pytest.importorskip("tensorflow")
    model, norm = _functional(library)
    optimizer = library.optimizers.SGD()
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X, **settings) - Y) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))

    assert _moving_mean(norm) > 2 if learns else _moving_mean(norm) == 0


@pytest.mark.parametrize("call", [_without, _with_none, _with_false])
@pytest.mark.parametrize("told", [False, True])
def test_own_training_step_has_to_name_the_mode(
    library: Any, call: Callable[..., Any], told: bool
) -> None:
    tf = pytest.importorskip("tensorflow")
    if told and call is _without:
        pytest.skip("it takes no mode")

    def train_step(self: Any, data: Any) -> dict[str, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(((self(x, training=True) if told else self(x)) - y) ** 2)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}

    model = _subclass(library, call if not told else _with_false, train_step=train_step)
    learned = _learned_by_fit(model, model.norm)

    assert learned > 2 if told else learned == 0


# `trainable` and `compile`


@pytest.mark.parametrize("value", [False, True])
def test_trainable_set_before_the_first_fit_is_heeded_by_keras_3_alone(
    library: Any, is_keras_3: bool, value: bool
) -> None:
    model, norm = _functional(library)
    model.trainable = not value
    model.compile(optimizer="sgd", loss="mse")
    model.trainable = value
    kernel = _kernel(model)

    model.fit(X, Y, verbose=0)

    trained = value if is_keras_3 else not value
    assert (_moving_mean(norm) > 1) == trained
    assert (not np.allclose(kernel, _kernel(model))) == trained


@pytest.mark.parametrize("value", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_trainable_set_behind_a_fit_needs_another_compile(
    library: Any, value: bool, again: bool
) -> None:
    model, norm = _functional(library)
    model.trainable = not value
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, verbose=0)
    model.trainable = value
    if again:
        model.compile(optimizer="sgd", loss="mse")
    norm.moving_mean.assign(np.zeros(4))
    kernel = _kernel(model)

    model.fit(X, Y, verbose=0)

    trained = value if again else not value
    assert (_moving_mean(norm) > 1) == trained
    assert (not np.allclose(kernel, _kernel(model))) == trained


def test_gan_idiom_trains_the_discriminator_in_keras_2_alone(
    library: Any, is_keras_3: bool
) -> None:
    discriminator, norm = _functional(library)
    discriminator.compile(optimizer="sgd", loss="mse")
    discriminator.trainable = False
    noise = library.Input((3,))
    combined = library.Model(noise, discriminator(library.layers.Dense(4)(noise)))
    combined.compile(optimizer="sgd", loss="mse")
    kernel = _kernel(discriminator)

    discriminator.train_on_batch(X, Y)

    # What Keras 3 makes of it is no freezing that comes too late, but one that comes too early.
    assert np.allclose(kernel, _kernel(discriminator)) == is_keras_3
    assert (_moving_mean(norm) == 0) == is_keras_3


# Batches of one


def _features(library: Any) -> tuple[Any, Any, Any]:
    layers = library.layers
    inputs = library.Input((4,))
    dense, norm = layers.Dense(8, use_bias=False), layers.BatchNormalization()
    return library.Model(inputs, layers.Dense(1)(norm(dense(inputs)))), dense, norm


@pytest.mark.parametrize("batch_size", [1, 16])
def test_nothing_before_a_normalization_of_single_features_trains(
    library: Any, batch_size: int
) -> None:
    model, dense, norm = _features(library)
    model.compile(optimizer="sgd", loss="mse")
    before = np.array(dense.kernel)

    model.fit(X, Y, batch_size=batch_size, epochs=2, verbose=0)

    change = float(np.abs(before - np.array(dense.kernel)).max())
    assert change < 1e-6 if batch_size == 1 else change > 1e-3
    returned = np.asarray(norm(np.asarray(dense(X[:1])), training=True))
    assert np.allclose(returned, np.array(norm.beta), atol=1e-3)


def test_an_image_is_normalized_by_its_own_pixels(library: Any) -> None:
    norm = library.layers.BatchNormalization()
    image = np.random.default_rng(0).normal(3, 1, (1, 16, 16, 4)).astype("float32")

    assert np.asarray(norm(image, training=True)).std() == pytest.approx(1, abs=0.05)


# Fine-tuning


def test_statistics_of_a_pretrained_base_are_overwritten_unless_frozen(library: Any) -> None:
    layers = library.layers
    means = []
    for frozen in (False, True):
        inputs = library.Input((4,))
        norm = layers.BatchNormalization(momentum=0.9)
        base = library.Model(inputs, norm(inputs))
        norm.moving_mean.assign(np.full(4, -2))
        base.trainable = True
        norm.trainable = not frozen
        model = library.Sequential([base, layers.Dense(1)])
        model.compile(optimizer=library.optimizers.SGD(1e-5), loss="mse")
        model.fit(X, Y, batch_size=4, epochs=2, verbose=0)
        means.append(_moving_mean(norm))

    assert means[0] > 2.5  # a learning rate of 1e-5 does not slow it
    assert means[1] == pytest.approx(-2)
