"""Watches moving statistics while a model trains; it only reads them.

Between two looks ``n`` steps apart, moving statistics move by the fraction ``1 - momentum ** n``
towards those of the batches in between. So two looks show how far they still have to go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import Live
from bnlint.readers.model.measuring.observing import norms_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

_DEAD: Final = 0.01
_MOST: Final = 1e8
_GROWTH: Final = 1e6
LAGGING: Final = 0.25
"""Lag in standard deviations from which it is reported when training ends."""


@dataclass(slots=True)
class Watched:
    """One BatchNormalization while it trains.

    Attributes:
        path: of the layer in the model.
        layer: the live layer.
        mean: its moving mean at the last look.
        variance: likewise.
        step: of the last look.
        least: the variances at the first look.
        lag: how far the moving mean is from that of the batches, in standard deviations, as the
            root of the mean square; ``None`` before the second look.
        problem: the first reported problem; empty where there was none.
    """

    path: str
    layer: Live
    mean: Array
    variance: Array
    step: int
    least: Array
    lag: float | None = None
    problem: str = ""

    def look(self, step: int) -> str:
        """Look again; returns a problem that was not reported yet, or an empty string."""
        import numpy as np

        mean, variance = _statistics(self.layer)
        if step > self.step:
            momentum = float(getattr(self.layer, "momentum", 0.99))
            kept = momentum ** (step - self.step)
            # With little left of the older look nothing can be inferred.
            if 0 < kept < 1:
                deviation = np.sqrt(np.abs(variance) + float(self.layer.epsilon))
                left = (mean - self.mean) * kept / (1 - kept) / deviation
                self.lag = float(np.sqrt(np.mean(left**2)))
        self.mean, self.variance, self.step = mean, variance, step
        found = "" if self.problem else self._problem()
        self.problem = self.problem or found
        return found

    def _problem(self) -> str:
        import numpy as np

        finite = np.isfinite(self.mean) & np.isfinite(self.variance)
        size = self.mean.size
        if not finite.all():
            return f"statistics of {int((~finite).sum())} of {size} channels are not finite"
        if (self.variance < 0).any():
            return f"{int((self.variance < 0).sum())} of {size} channels have a negative variance"
        grown = (self.variance > _MOST) | (self.variance > _GROWTH * np.maximum(self.least, 1))
        if grown.any():
            return f"the variance of {int(grown.sum())} of {size} channels runs away"
        silent = _DEAD * float(self.layer.epsilon)
        died = (self.variance < silent) & (self.least >= silent)
        if died.any():
            return f"{int(died.sum())} of {size} channels died: nothing of them varies any more"
        return ""


class Watch:
    """Watches all BatchNormalization layers of a model.

    Attributes:
        layers: what was seen of each; empty as long as none is built.
    """

    def __init__(self, model: Live) -> None:
        self._model = model
        self.layers: tuple[Watched, ...] = ()

    def look(self, step: int) -> Iterator[tuple[str, str]]:
        """Look at each layer; gives the paths of those with a new problem, and what it is.

        Args:
            step: how many steps were trained.
        """
        sync = getattr(self._model, "jax_state_sync", None)
        if sync is not None:
            sync()  # on JAX the model gets its state back only now and then
        if not self.layers:
            self.layers = self._found(step)
        for watched in self.layers:
            problem = watched.look(step)
            if problem:
                yield watched.path, problem

    def _found(self, step: int) -> tuple[Watched, ...]:
        try:
            _, found = norms_of(self._model)
        except InspectionError:  # not built yet
            return ()
        made = []
        for each in found:
            mean, variance = _statistics(each.layer)
            made.append(Watched(each.path, each.layer, mean, variance, step, variance))
        return tuple(made)


def _statistics(norm: Live) -> tuple[Array, Array]:
    import numpy as np

    mean = np.asarray(norm.moving_mean.numpy(), "float64").reshape(-1)
    return mean, np.asarray(norm.moving_variance.numpy(), "float64").reshape(-1)
