"""What BN503, BN504 and BN510 to BN515 warn of: statistics that move, stay or were never made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras

X = np.random.default_rng(0).normal(3, 1, (64, 4)).astype("float32")
Y = X[:, :1]
OTHERS = X[:16] * 3 + 5


def _network(library: Any, *, momentum: float = 0.8, trainable: bool = True) -> Any:
    layers = library.layers
    return library.Sequential(
        [
            library.Input((4,)),
            layers.Dense(8, use_bias=False),
            layers.BatchNormalization(momentum=momentum, trainable=trainable),
            layers.ReLU(),
            layers.Dense(1),
        ]
    )


def _fitted(library: Any, model: Any, *, epochs: int = 60) -> Any:
    model.compile(optimizer=library.optimizers.Adam(0.02), loss="mse")
    model.fit(X, Y, batch_size=16, epochs=epochs, verbose=0)
    return model


def _error(model: Any) -> float:
    return float(np.mean((np.asarray(model.predict(X, verbose=0)) - Y) ** 2))


def _norm(model: Any) -> Any:
    return next(layer for layer in model.layers if "batch" in layer.name)


# BN510


def test_calls_in_training_mode_spoil_a_fitted_model(library: Any) -> None:
    model = _fitted(library, _network(library))
    before = _error(model)
    for _ in range(30):
        model(OTHERS, training=True)

    assert before < 0.3
    assert _error(model) > 3 * before


def test_calls_in_inference_mode_change_nothing(library: Any) -> None:
    model = _fitted(library, _network(library), epochs=5)
    before = _error(model)
    for _ in range(30):
        model(OTHERS, training=False)

    assert _error(model) == before


# BN511


def _follow(target: Any, source: Any, attribute: str) -> None:
    for old, new in zip(getattr(target, attribute), getattr(source, attribute), strict=True):
        old.assign(0.5 * np.asarray(new) + 0.5 * np.asarray(old))


@pytest.mark.parametrize("attribute", ["trainable_variables", "variables"])
def test_copy_of_trainable_variables_has_no_statistics(library: Any, attribute: str) -> None:
    online, target = _network(library), _network(library)
    target.set_weights(online.get_weights())
    _fitted(library, online)
    for _ in range(20):
        _follow(target, online, attribute)

    moved = float(np.abs(np.asarray(_norm(target).moving_mean)).max())
    difference = float(np.abs(online.predict(X, verbose=0) - target.predict(X, verbose=0)).mean())
    if attribute == "variables":
        assert moved > 1
        assert difference < 0.01
    else:
        assert moved == 0
        assert difference > 0.5


# BN513


def test_frozen_from_the_start_is_the_identity(library: Any) -> None:
    model = _fitted(library, _network(library, trainable=False), epochs=5)
    norm = _norm(model)
    x = np.random.default_rng(1).normal(10, 5, (32, 8)).astype("float32")

    assert np.all(np.asarray(norm.moving_mean) == 0)
    assert np.all(np.asarray(norm.moving_variance) == 1)
    assert np.allclose(np.asarray(norm(x)), x / np.sqrt(1 + norm.epsilon), rtol=1e-5)


# BN515


def _told_to_train(library: Any) -> Any:
    class Block(library.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.norm = library.layers.BatchNormalization(momentum=0.5)

        def call(self, inputs: Any) -> Any:
            return self.norm(inputs, training=True)

    return Block()


def _by_default(library: Any) -> Any:
    class Block(library.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.norm = library.layers.BatchNormalization(momentum=0.5)

        def call(self, inputs: Any, training: bool = True) -> Any:
            return self.norm(inputs, training=training)

    return Block()


def _subclass(library: Any) -> Any:
    class Always(library.layers.BatchNormalization):  # type: ignore[misc]
        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            del training, mask
            return super().call(inputs, training=True)

    return Always(momentum=0.5)


@pytest.mark.parametrize("make", [_told_to_train, _subclass])
def test_single_samples_are_all_predicted_alike(library: Any, make: Any) -> None:
    model = _fitted(
        library,
        library.Sequential([library.Input((4,)), make(library), library.layers.Dense(1)]),
        epochs=5,
    )
    one_by_one = [float(model.predict(X[i : i + 1], verbose=0)[0, 0]) for i in range(8)]

    assert np.std(one_by_one) < 1e-5
    assert np.std(model.predict(X[:8], verbose=0)) > 0.1


def test_default_of_call_counts_where_the_model_is_called_by_hand(library: Any) -> None:
    model = _fitted(
        library,
        library.Sequential([library.Input((4,)), _by_default(library), library.layers.Dense(1)]),
        epochs=5,
    )
    predicted = [float(model.predict(X[i : i + 1], verbose=0)[0, 0]) for i in range(8)]
    called = [float(np.asarray(model(X[i : i + 1]))[0, 0]) for i in range(8)]

    assert np.std(predicted) > 0.1
    assert np.std(called) < 1e-5


# BN503 and BN504


def test_discriminator_frozen_before_its_own_training_stays_so_in_keras_3(
    library: Any, is_keras_3: bool
) -> None:
    judge = _network(library)
    judge.compile(optimizer="sgd", loss="mse")
    judge.trainable = False
    both = library.Sequential([library.Input((4,)), library.layers.Dense(4), judge])
    both.compile(optimizer="sgd", loss="mse")
    before = np.array(judge.layers[0].kernel)
    judge.train_on_batch(X, Y)

    moved = float(np.abs(np.asarray(judge.layers[0].kernel) - before).max())
    assert moved == 0 if is_keras_3 else moved > 1e-4


def test_unfreezing_without_compile_changes_nothing(library: Any) -> None:
    base = _network(library)
    base.trainable = False
    model = library.Sequential([library.Input((4,)), base, library.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, verbose=0)
    base.trainable = True
    model.fit(X, Y, verbose=0)

    assert float(np.abs(np.asarray(_norm(base).moving_mean)).max()) == 0


# BN514


@pytest.mark.parametrize(("momentum", "agrees"), [(0.99, False), (0.8, True)])
def test_few_updates_leave_the_initial_statistics(
    library: Any, momentum: float, agrees: bool
) -> None:
    model = _network(library, momentum=momentum)
    model.compile(optimizer=library.optimizers.Adam(0.05), loss="mse")
    x = X * 50
    model.fit(x, Y, batch_size=16, epochs=15, verbose=0)  # 60 updates
    trained = np.asarray(model(x, training=True))
    ratio = float(np.mean((model.predict(x, verbose=0) - Y) ** 2) / np.mean((trained - Y) ** 2))

    assert ratio < 3 if agrees else ratio > 10


def test_share_of_the_initial_statistics_that_is_left(library: Any) -> None:
    norm = library.layers.BatchNormalization()
    for _ in range(30):
        norm(np.full((4, 2), 7.0, "float32") + np.eye(4, 2, dtype="float32"), training=True)

    expected = 0.99**30
    assert float(np.asarray(norm.moving_mean)[0]) == pytest.approx(7.25 * (1 - expected), rel=0.01)


# BN512


def _with_a_base(library: Any) -> tuple[Any, Any, Any]:
    base = _network(library)
    inputs = library.Input((4,))
    model = library.Model(inputs, library.layers.Dense(1)(base(inputs)))
    return base, model, _norm(base)


def _set(value: bool, *targets: Any) -> object:
    for target in targets:
        target.trainable = value
    return targets


def _spare(model: Any, norm: Any) -> object:
    for layer in model.layers:
        layer.trainable = not isinstance(layer, type(norm))
    return model


def _freeze(model: Any, norm: Any) -> object:
    for layer in model.layers:
        if isinstance(layer, type(norm)):
            layer.trainable = False
    return model


SETTINGS: dict[str, tuple[Callable[[Any, Any, Any], object], bool, bool]] = {
    "base after it": (lambda b, _, n: (_set(False, b, n), _set(True, b)), True, True),
    "base that was trainable": (lambda b, _, n: (_set(False, n), _set(True, b)), False, True),
    "model after it": (lambda _, m, n: (_set(False, m, n), _set(True, m)), True, True),
    "other order": (lambda b, _, n: (_set(False, b), _set(True, b), _set(False, n)), False, False),
    "loop that meets none": (lambda _, m, n: _freeze(m, n), True, True),
    "loop over the base": (lambda b, _, n: _freeze(b, n), False, False),
    "loop that spares none": (lambda b, m, n: (_set(False, b), _spare(m, n)), True, True),
}
"""What is set of a base, a model and a normalization; whether it trains in Keras 3, and in 2."""


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_set_later_decides(library: Any, is_keras_3: bool, name: str) -> None:
    settings, in_3, in_2 = SETTINGS[name]
    base, model, norm = _with_a_base(library)
    settings(base, model, norm)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, Y, verbose=0)

    moved = float(np.abs(np.asarray(norm.moving_mean)).max()) > 0
    assert moved == (in_3 if is_keras_3 else in_2)
