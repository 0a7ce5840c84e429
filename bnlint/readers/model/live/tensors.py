"""Maps the symbolic tensors of Keras to tensors of the layer graph."""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.graph import UNKNOWN, Origin, Tensor
from bnlint.readers.model.keras_objects import Live, shape_of


class Tensors:
    """The graph's tensor for each symbolic tensor of Keras.

    It keeps the tensors alive, because they are distinguished by identity.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Live, Tensor]] = {}

    def __iter__(self) -> Iterator[Live]:
        return iter([tensor for tensor, _ in self._known.values()])

    def __contains__(self, tensor: Live) -> bool:
        return id(tensor) in self._known

    def put(self, tensor: Live, drawn: Tensor) -> None:
        if drawn.shape is UNKNOWN:
            shape = shape_of(tensor)
            if shape is not None:
                drawn.shape = shape
        self._known[id(tensor)] = (tensor, drawn)

    def get(self, tensor: Live) -> Tensor:
        """The graph's tensor; one of unknown origin for a tensor never seen before."""
        known = self._known.get(id(tensor))
        if known is not None:
            return known[1]
        drawn = Tensor(origin=Origin.UNKNOWN)
        self.put(tensor, drawn)
        return drawn
