"""What BN601, BN602 and BN605 warn of, in single layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def _batches(count: int, size: int = 16) -> Any:
    random = np.random.default_rng(0)
    return [random.normal(3, 1, (size, 4)).astype("float32") for _ in range(count)]


def _fed(norm: Any, count: int) -> Any:
    for batch in _batches(count):
        norm(batch, training=True)
    return norm


def _error_of_the_mean(library: Any, momentum: float) -> float:
    """How far the moving mean of normal batches of 16 around 3 is off, root mean square."""
    norm = library.layers.BatchNormalization(momentum=momentum)
    errors = []
    for step, batch in enumerate(_batches(400)):
        norm(batch, training=True)
        if step >= 200:
            errors.append(np.asarray(norm.moving_mean) - 3)
    return float(np.sqrt(np.mean(np.square(errors))))


def test_moving_mean_follows_single_batches_with_a_small_momentum(library: Any) -> None:
    small, usual = (_error_of_the_mean(library, momentum) for momentum in (0.1, 0.9))

    assert small == pytest.approx(0.23, abs=0.03)
    assert usual == pytest.approx(0.06, abs=0.02)


def test_momentum_of_pytorch_is_one_minus_that_of_keras(library: Any) -> None:
    norm = library.layers.BatchNormalization(momentum=0.1)
    batch = np.full((8, 4), 10, "float32")

    norm(batch, training=True)

    assert np.allclose(np.asarray(norm.moving_mean), 9)  # nine tenths are the new value


def test_statistics_never_change_with_a_momentum_of_one(library: Any) -> None:
    norm = _fed(library.layers.BatchNormalization(momentum=1.0), 50)

    assert np.all(np.asarray(norm.moving_mean) == 0)
    assert np.all(np.asarray(norm.moving_variance) == 1)


def test_statistics_run_away_with_a_momentum_above_one(library: Any) -> None:
    norm = _fed(library.layers.BatchNormalization(momentum=1.5), 50)

    assert np.abs(np.asarray(norm.moving_mean)).max() > 1e8


def test_statistics_swing_with_a_negative_momentum(library: Any) -> None:
    norm = library.layers.BatchNormalization(momentum=-0.9)
    means = []
    for batch in _batches(10):
        norm(batch, training=True)
        means.append(float(np.asarray(norm.moving_mean).mean()))

    assert max(means) > 5
    assert min(means) < 1


@pytest.mark.parametrize("epsilon", [0, -1e-3])
def test_constant_channel_becomes_no_number_without_a_positive_epsilon(
    library: Any, epsilon: float
) -> None:
    norm = library.layers.BatchNormalization(epsilon=epsilon)

    output = np.asarray(norm(np.ones((8, 4), "float32"), training=True))

    assert not np.isfinite(output).all()


def test_epsilon_in_the_place_of_momentum_keeps_only_the_last_batch(library: Any) -> None:
    norm = _fed(library.layers.BatchNormalization(momentum=0.001, epsilon=0.001), 20)

    last = _batches(20)[-1].mean(axis=0)
    assert np.allclose(np.asarray(norm.moving_mean), last, atol=0.01)


def test_epsilon_like_a_momentum_leaves_small_channels_as_they_are(library: Any) -> None:
    x = np.random.default_rng(0).normal(0, 0.1, (256, 4)).astype("float32")
    outputs = [
        float(np.asarray(library.layers.BatchNormalization(epsilon=e)(x, training=True)).std())
        for e in (0.9, 0.001)
    ]

    assert outputs[0] == pytest.approx(0.105, abs=0.01)
    assert outputs[1] > 0.9


@pytest.mark.parametrize("value", [0.99, 1e-6, "bn1"])
def test_what_is_no_axis_is_refused(library: Any, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        library.Sequential([library.layers.Input((4,)), library.layers.BatchNormalization(value)])


def test_list_of_axes_is_refused_by_keras_3_alone(library: Any, is_keras_3: bool) -> None:
    norm = library.layers.BatchNormalization

    if is_keras_3:
        with pytest.raises(TypeError):
            norm(axis=[-1]).build((None, 4))
    else:
        norm(axis=[-1]).build((None, 4))
