"""The probable cause of a difference between moving statistics and those of data.

Each cause has its own pattern. Statistics that were updated too seldom lie between their initial
values, mean 0 and variance 1, and those of the data. A momentum that is too low leaves the noise
of the last batches in them. Other data or another preprocessing gives neither pattern.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bnlint.readers.model.measuring.observing import Observed

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

# Of ten healthy networks, the largest effect was 0.1; each pattern made 0.3 and more.
_EFFECT: Final = 0.2
_LEFT: Final = 0.03
"""The least remaining part of the way from the initial values that counts."""
_STRAIGHT: Final = 0.5
"""How far the statistics may be from that way, relative to its remaining part."""
_FEW: Final = 8
"""Numbers in a channel of a batch up to which its statistics are mostly noise."""
_HIGH, _LOW = 0.995, 0.7
_EXPLODED: Final = 1e8
_DEAD: Final = 0.01


@dataclass(frozen=True, slots=True)
class Channels:
    """The statistics of one layer, in each channel.

    Attributes:
        mean: of the data.
        variance: likewise.
        moving_mean: of the layer.
        moving_variance: likewise.
        apart: the difference of the means in standard deviations of the data.
        ratio: of the variances.
        effect: the root mean square of the change by the difference, in units of gamma.
    """

    mean: Array
    variance: Array
    moving_mean: Array
    moving_variance: Array
    apart: Array
    ratio: Array
    effect: float


def seen_channels(observed: Observed) -> Channels:
    """The moving statistics of one layer and the statistics of its data."""
    import numpy as np

    norm = observed.layer
    assert observed.mean is not None
    mean, variance = observed.mean, observed.variance
    epsilon = float(norm.epsilon)
    moving_mean = np.asarray(norm.moving_mean.numpy(), "float64").reshape(-1)
    moving_variance = np.asarray(norm.moving_variance.numpy(), "float64").reshape(-1)
    deviation = np.sqrt(variance + epsilon)
    apart = (moving_mean - mean) / deviation
    ratio = (moving_variance + epsilon) / (variance + epsilon)
    used = np.sqrt(np.maximum(moving_variance + epsilon, 1e-30))
    # x is normalized to u = (x - mean) / deviation: of unit variance where there is any.
    slope = deviation / used
    moved = (slope - 1) ** 2 * variance / (variance + epsilon) + ((mean - moving_mean) / used) ** 2
    effect = float(np.sqrt(np.mean(moved))) if moved.size else 0.0
    return Channels(mean, variance, moving_mean, moving_variance, apart, ratio, effect)


def cause_of(observed: Observed) -> str:
    """The probable cause of one layer's difference; empty where it is small."""
    channels = seen_channels(observed)
    momentum = float(getattr(observed.layer, "momentum", 0.99))
    broken = _broken(channels, float(observed.layer.epsilon))
    if broken:
        return broken
    if channels.effect < _EFFECT:
        return _noise(observed)
    left = _left_of_beginning(channels)
    if left is not None:
        if momentum > _HIGH:
            return f"momentum too high: {momentum:g} forgets too slowly what statistics begin as"
        return (
            f"too few updates for the momentum: {left:.0%} of what the statistics began as is left,"
            f" as after {_updates(left, momentum)} steps with {momentum:g}"
        )
    if not observed.layer.trainable:
        return "frozen statistics of other data"
    if momentum < _LOW and _is_noise_of_batches(observed, channels):
        return f"momentum too low: {momentum:g} keeps the noise of the last batches"
    small = _noise(observed)
    if small:
        return small
    return "other data than it was trained on, as of another preprocessing"


def _broken(channels: Channels, epsilon: float) -> str:
    import numpy as np

    values = (channels.mean, channels.variance, channels.moving_mean, channels.moving_variance)
    if not all(np.isfinite(each).all() for each in values):
        return "exploding channels: statistics are not finite"
    exploded = int((np.maximum(channels.variance, channels.moving_variance) > _EXPLODED).sum())
    if exploded:
        return f"exploding channels: {exploded} of {channels.mean.size} have a variance over 1e8"
    dead = int((channels.variance < _DEAD * epsilon).sum())
    if dead:
        return f"dead channels: {dead} of {channels.mean.size} have no variance in the data"
    return ""


def _left_of_beginning(channels: Channels) -> float | None:
    """The part of the way from mean 0 and variance 1 that is left, where statistics lie on it."""
    import numpy as np

    deviation = np.sqrt(channels.variance) + 1e-12
    way = np.concatenate([-channels.mean / deviation, (1 - channels.variance) / channels.variance])
    gone = np.concatenate(
        [
            (channels.moving_mean - channels.mean) / deviation,
            (channels.moving_variance - channels.variance) / channels.variance,
        ]
    )
    length = float(way @ way)
    if not length:
        return None
    left = float(way @ gone) / length
    beside = float(np.linalg.norm(gone - left * way))
    straight = beside <= _STRAIGHT * float(np.linalg.norm(gone))
    return left if left >= _LEFT and left <= 1.05 and straight else None


def _updates(left: float, momentum: float) -> str:
    if not 0 < momentum < 1 or left >= 1:
        return "no"
    return f"about {max(1, round(math.log(left) / math.log(momentum))):,}"


def _noise(observed: Observed) -> str:
    """The cause where batches are so small that their statistics differ much."""
    size = observed.count / max(len(observed.batches), 1)
    if len(observed.batches) < 2 or size > _FEW:
        return ""
    return f"batches too small: {size:.3g} numbers in each channel of a batch"


def _is_noise_of_batches(observed: Observed, channels: Channels) -> bool:
    """Whether moving means are no farther from the data than the means of its batches are."""
    import numpy as np

    if len(observed.batches) < 2:
        return False
    means = np.stack([mean for mean, _, _ in observed.batches])
    spread = float(np.sqrt(np.mean(means.var(axis=0))))
    apart = float(np.sqrt(np.mean((channels.moving_mean - channels.mean) ** 2)))
    return apart <= 4 * spread
