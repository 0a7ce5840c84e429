"""What BN103, BN302, BN303 and BN506 warn of, in the smallest models that show it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def _normal(*shape: int, mean: float = 0, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(mean, 1, shape).astype("float32")


def _array(tensor: Any) -> Any:
    return np.asarray(tensor)


def test_second_normalization_undoes_scale_and_shift_of_the_first(library: Any) -> None:
    layers = library.layers
    x = _normal(256, 4)
    outputs = []
    for gamma, beta in ((1.0, 0.0), (3.0, 5.0)):
        first, second = layers.BatchNormalization(), layers.BatchNormalization()
        for norm in (first, second):
            norm.build((None, 4))
        first.gamma.assign(np.full(4, gamma))
        first.beta.assign(np.full(4, beta))
        outputs.append(_array(second(first(x, training=True), training=True)))

    # Only epsilon tells a scale of 1 from one of 3.
    assert np.abs(outputs[0] - outputs[1]).max() < 2e-3


def test_second_normalization_leaves_the_first_one_without_a_gradient(library: Any) -> None:
    tf = pytest.importorskip("tensorflow")
    layers = library.layers
    x, target = _normal(256, 4), _normal(256, 4, seed=1)
    first, second = (layers.BatchNormalization(epsilon=1e-7) for _ in range(2))
    with tf.GradientTape() as tape:
        y = second(first(x, training=True), training=True)
        loss = tf.reduce_mean((y - target) ** 2)
    gamma, beta, used = tape.gradient(
        loss, [_value(v) for v in (first.gamma, first.beta, second.beta)]
    )

    assert np.abs(_array(gamma)).max() < 1e-6
    assert np.abs(_array(beta)).max() < 1e-6
    assert np.abs(_array(used)).max() > 1e-3


def _value(variable: Any) -> Any:
    return getattr(variable, "value", variable) if not callable(variable.value) else variable


def _variance_ratio(library: Any, *before: Any, shape: tuple[int, ...] = (8,)) -> float:
    """The variance that BatchNormalization learns behind ``before``, by that of inference."""
    norm = library.layers.BatchNormalization(momentum=0.0)
    model = library.Sequential([library.layers.Input(shape), *before, norm])
    x = _normal(4096, *shape)
    model(x, training=True)
    inner = x
    for layer in before:
        inner = layer(inner, training=False) if _drops(layer) else layer(inner)
    axes = tuple(range(inner.ndim - 1)) if hasattr(inner, "ndim") else (0,)
    return float((_array(norm.moving_variance) / _array(inner).var(axis=axes)).mean())


def _drops(layer: Any) -> bool:
    return "ropout" in type(layer).__name__


@pytest.mark.parametrize(("rate", "expected"), [(0.1, 1.11), (0.2, 1.25), (0.5, 2.0)])
def test_variance_behind_dropout_is_larger_than_at_inference(
    library: Any, rate: float, expected: float
) -> None:
    ratio = _variance_ratio(library, library.layers.Dropout(rate))

    assert ratio == pytest.approx(expected, rel=0.03)


def test_variance_shift_reaches_through_what_the_rule_looks_through(library: Any) -> None:
    layers = library.layers
    image = (4, 4, 2)

    assert _variance_ratio(library, layers.Dropout(0.5), layers.ReLU()) > 2
    assert _variance_ratio(library, layers.SpatialDropout2D(0.5), shape=image) > 1.9
    assert _variance_ratio(library, layers.GaussianDropout(0.5)) > 1.9
    flat = _variance_ratio(library, layers.Dropout(0.5), layers.Flatten(), shape=image)
    assert flat > 1.9
    pooled = _variance_ratio(library, layers.Dropout(0.5), layers.MaxPooling2D(), shape=image)
    assert pooled > 1.5


def test_weights_that_mix_and_alpha_dropout_shift_less(library: Any) -> None:
    layers = library.layers

    assert _variance_ratio(library, layers.AlphaDropout(0.5)) == pytest.approx(1, abs=0.1)
    assert _variance_ratio(library, layers.Dropout(0.05)) < 1.08


def test_outputs_behind_a_normalization_depend_on_the_rest_of_the_batch(library: Any) -> None:
    layers = library.layers
    inputs = library.Input((4,))
    logits = layers.Dense(3)(inputs)
    plain = library.Model(inputs, layers.Softmax()(logits))
    norm = layers.BatchNormalization()
    normalized = library.Model(inputs, layers.Softmax()(norm(logits)))
    sample = _normal(1, 4)
    batches = [np.concatenate([sample, _normal(31, 4, mean=mean, seed=2)]) for mean in (0, 3)]

    def difference(model: Any) -> float:
        one, other = (_array(model(batch, training=True))[0] for batch in batches)
        return float(np.abs(one - other).max())

    assert difference(plain) < 1e-6
    assert difference(normalized) > 0.1


def test_statistics_of_a_shared_normalization_fit_none_of_its_inputs(library: Any) -> None:
    layers = library.layers
    shared = layers.BatchNormalization(momentum=0.9)
    own = layers.BatchNormalization(momentum=0.9)
    for step in range(100):
        low, high = _normal(64, 2, seed=step), _normal(64, 2, mean=10, seed=step)
        shared(low, training=True)
        shared(high, training=True)
        own(high, training=True)

    def centre(norm: Any, mean: float) -> float:
        return abs(float(_array(norm(_normal(512, 2, mean=mean), training=False)).mean()))

    assert centre(own, 10) < 0.2
    assert min(centre(shared, 0), centre(shared, 10)) > 3
