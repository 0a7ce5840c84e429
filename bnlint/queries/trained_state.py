"""The questions that rules ask of a model's weights.

Weights are read only here and only when a rule that is on asks; where there are none, as in source,
every answer is ``None``. NumPy comes with whatever made or holds the weights.
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
    """What a BatchNormalization has seen so far.

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
    """Whether a layer's moving statistics are there to be read, without reading them."""
    weights = layer.weights
    return weights is not None and "moving_mean" in weights and "moving_variance" in weights


def were_never_updated(layer: Layer, graph: LayerGraph) -> bool:
    """Whether the moving statistics of a BatchNormalization are exactly what they begin as, mean 0
    and variance 1, though it could have learned them.

    Where those of another layer were updated, the model ran in training mode, and a layer that is
    frozen was left out on purpose.
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
    """Whether gamma or beta of a BatchNormalization has certainly left its initial value.

    Only a layer's own weights tell: those of other layers may have been loaded into a part of the
    model. An initializer that is not the default one may have made any numbers.
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
    """How many channels have a statistic that is not finite, and how many a negative variance."""
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
        channels: how many it has.
        switched_off: how many have gamma and beta at zero.
        silent: how many more have a variance so far under epsilon that nothing is left of it.
        epsilon: of the layer.
    """

    channels: int
    switched_off: int
    silent: int
    epsilon: float


SILENT: Final = 0.01
"""A channel is silent where its variance is under this part of epsilon: at most a tenth of what is
normalized is left of its standard deviation."""


def dead_channels(layer: Layer, graph: LayerGraph) -> Dead | None:
    """The dead channels of a BatchNormalization; ``None`` where its statistics are not known.

    A gamma that begins as zeros, and is all zeros, was not trained yet and is not dead.
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
    """The largest magnitude in a layer's bias; ``None`` where that is not known or not finite."""
    import math

    values = numbers(layer, "bias")
    if values is None or not values.size:
        return None
    largest = float(abs(values).max())
    return largest if math.isfinite(largest) else None
