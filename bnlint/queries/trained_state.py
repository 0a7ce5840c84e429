"""Queries about a model's weights, for rules.

Weights are read only here, and only when an enabled rule needs them. Where there are none, as in
source, every answer is ``None``. NumPy is a dependency of the library that made or holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bnlint.graph import UNKNOWN, Layer, LayerGraph
from bnlint.queries.layers import batch_normalizations

if TYPE_CHECKING:
    import numpy as np

    Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

_DEFAULT_EPSILON: Final = 1e-3
_INITIAL: Final[Mapping[str, tuple[str, float]]] = {
    "gamma": ("ones", 1.0),
    "beta": ("zeros", 0.0),
    "moving_mean": ("zeros", 0.0),
    "moving_variance": ("ones", 1.0),
}


@dataclass(frozen=True, slots=True)
class Statistics:
    """The moving statistics of a BatchNormalization.

    Attributes:
        mean: the moving mean, one number per channel, float64.
        variance: the moving variance, likewise.
    """

    mean: Numbers
    variance: Numbers


def numbers(layer: Layer, name: str) -> Numbers | None:
    """The weight called ``name`` as float64; ``None`` where the layer's weights are not known, or
    it has none of that name.

    Raises:
        OSError: the file that holds it can't be read.
    """
    weight = None if layer.weights is None else layer.weights.get(name)
    if weight is None:
        return None
    found: Numbers = weight.read().astype("float64")
    return found


def statistics(layer: Layer, graph: LayerGraph) -> Statistics | None:
    """The moving statistics of a BatchNormalization; ``None`` where they are not known."""
    key = ("statistics", layer)
    if key not in graph.memo:
        mean, variance = numbers(layer, "moving_mean"), numbers(layer, "moving_variance")
        known = mean is not None and variance is not None and mean.size and variance.size
        graph.memo[key] = Statistics(mean, variance) if known else None  # type: ignore[arg-type]
    found = graph.memo[key]
    assert found is None or isinstance(found, Statistics)
    return found


def has_statistics(layer: Layer) -> bool:
    """Whether a layer has moving statistics that can be read; does not read them."""
    weights = layer.weights
    return weights is not None and "moving_mean" in weights and "moving_variance" in weights


def were_never_updated(layer: Layer, graph: LayerGraph) -> bool:
    """Whether the moving statistics of a BatchNormalization still have exactly their initial
    values, mean 0 and variance 1, although they could have been updated.

    Where another layer's statistics were updated, the model ran in training mode, and a frozen
    layer was left out on purpose.
    """
    return _is_initial(layer, graph) and (layer.trainable is True or _are_initial(graph))


def _are_initial(graph: LayerGraph) -> bool:
    key = "never updated"
    if key not in graph.memo:
        known = [norm for norm in batch_normalizations(graph) if has_statistics(norm)]
        graph.memo[key] = bool(known) and all(_is_initial(norm, graph) for norm in known)
    return graph.memo[key] is True


def _is_initial(layer: Layer, graph: LayerGraph) -> bool:
    found = statistics(layer, graph)
    return found is not None and not found.mean.any() and bool((found.variance == 1).all())


def was_trained(layer: Layer) -> bool:
    """Whether gamma or beta of a BatchNormalization certainly differs from its initial value.

    Only a layer's own weights are evidence: the weights of other layers may have been loaded into
    a part of the model. A non-default initializer may have produced any numbers.
    """
    for name in ("gamma", "beta"):
        initializer, start = _INITIAL[name]
        if _initializer(layer, name) != initializer:
            continue
        values = numbers(layer, name)
        if values is not None and values.size and bool((values != start).any()):
            return True
    return False


def starts_as_usual(layer: Layer) -> bool:
    """Whether the moving statistics of a BatchNormalization begin as mean 0 and variance 1."""
    return all(
        _initializer(layer, name) == _INITIAL[name][0]
        for name in ("moving_mean", "moving_variance")
    )


def _initializer(layer: Layer, name: str) -> object:
    given = layer.arguments.get(f"{name}_initializer", _INITIAL[name][0])
    return given.lower() if isinstance(given, str) else UNKNOWN


def invalid_channels(layer: Layer, graph: LayerGraph) -> tuple[int, int]:
    """The number of channels with a non-finite statistic, and with a negative variance."""
    import numpy as np

    found = statistics(layer, graph)
    if found is None:
        return 0, 0
    finite = np.isfinite(found.mean) & np.isfinite(found.variance)
    return int((~finite).sum()), int((finite & (found.variance < 0)).sum())


@dataclass(frozen=True, slots=True)
class Dead:
    """Channels of a BatchNormalization that carry no signal.

    Attributes:
        channels: the number of channels of the layer.
        switched_off: how many have gamma and beta at zero.
        silent: how many others have a variance so far below epsilon that no signal is left.
        epsilon: of the layer.
    """

    channels: int
    switched_off: int
    silent: int
    epsilon: float


SILENT: Final = 0.01
"""A channel is silent where its variance is below this fraction of epsilon: at most a tenth of the
normalized standard deviation is then left."""


def dead_channels(layer: Layer, graph: LayerGraph) -> Dead | None:
    """The dead channels of a BatchNormalization; ``None`` where its statistics are not known.

    A gamma that is initialized with zeros and is still all zeros is untrained, not dead.
    """
    import numpy as np

    found = statistics(layer, graph)
    if found is None:
        return None
    size = found.variance.size
    given = layer.arguments.get("epsilon", _DEFAULT_EPSILON)
    epsilon = float(given) if isinstance(given, (int, float)) else _DEFAULT_EPSILON
    gamma, beta = numbers(layer, "gamma"), numbers(layer, "beta")
    off = np.zeros(size, dtype=bool)
    if gamma is not None and gamma.size == size and gamma.any():
        shift = beta if beta is not None and beta.size == size else np.zeros(size)
        off = (gamma == 0) & (shift == 0)
    silent = (found.variance >= 0) & (found.variance < SILENT * epsilon) & ~off
    return Dead(size, int(off.sum()), int(silent.sum()), epsilon)


def largest_bias(layer: Layer) -> float | None:
    """The largest absolute value in a layer's bias; ``None`` where it is unknown or not finite."""
    import math

    values = numbers(layer, "bias")
    if values is None or not values.size:
        return None
    largest = float(abs(values).max())
    return largest if math.isfinite(largest) else None
