"""How a rule describes the repair of its finding: as data, without any source text.

A rule reads only the graph, so it names the layers and calls, and how to change them.
:mod:`bnlint.repair` turns that and the source into edits; it drops a repair it can't write well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bnlint.findings import Location

UNTOLD = "?"
"""Stands for a condition that no expression in the source describes."""


class DropBias(NamedTuple):
    """Switch the bias of a linear layer off.

    Attributes:
        layer: where the layer is constructed.
        kind: its canonical class.
        unless: an expression that is true where the bias is needed; empty where it is never
            needed, :data:`UNTOLD` where no expression in the source describes this.
        behind: where the normalizations that absorb the bias are constructed.
        applied: where these normalizations are applied.
        exact: in training, the bias changes neither the outputs nor the gradients; false where
            only the gradients do not depend on it (renorm=True).
    """

    layer: Location
    kind: str
    unless: str = ""
    behind: tuple[Location, ...] = ()
    applied: tuple[Location, ...] = ()
    exact: bool = True

    def only_unless(self, expression: str) -> DropBias:
        """The same repair for a finding that does not hold where ``expression`` is true."""
        return self._replace(unless=expression)

    def asks_for(self, other: DropBias) -> bool:
        """Whether both are the same change, whatever absorbs the bias."""
        mine, its = (self.layer, self.unless, self.exact), (other.layer, other.unless, other.exact)
        return mine == its

    def joined(self, other: DropBias) -> DropBias:
        """The same repair with the normalizations of both."""
        return self._replace(
            behind=tuple(dict.fromkeys((*self.behind, *other.behind))),
            applied=tuple(dict.fromkeys((*self.applied, *other.applied))),
        )


class Use(NamedTuple):
    """One layer and its one application.

    Attributes:
        layer: where the layer is constructed; for an op, where it is called.
        call: where it is applied.
    """

    layer: Location
    call: Location


class SwapLayers(NamedTuple):
    """Swap two layers that follow each other."""

    first: Use
    second: Use

    def only_unless(self, expression: str) -> None:
        """No order is right under one condition and wrong under another."""
        del expression


class DetachActivation(NamedTuple):
    """Take the activation out of a linear layer and apply it after the normalization."""

    linear: Use
    normalization: Use

    def only_unless(self, expression: str) -> None:
        """No order is right under one condition and wrong under another."""
        del expression


class AddLayer(NamedTuple):
    """Add an unused layer to the model that the lines around it build.

    Attributes:
        layer: where the layer is constructed.
    """

    layer: Location

    def only_unless(self, expression: str) -> None:
        """Only for a layer that is never in a model."""
        del expression


class KeepResult(NamedTuple):
    """Use the result of a call.

    Attributes:
        call: the call whose result is dropped.
    """

    call: Location

    def only_unless(self, expression: str) -> None:
        """Only for a result that is always dropped."""
        del expression


class CallLayer(NamedTuple):
    """Separate construction from application, or construct a class that is used as a layer.

    Attributes:
        place: the call that is wrong.
        kind: the class that is written there; empty where a constructor takes the tensor.
    """

    place: Location
    kind: str = ""

    def only_unless(self, expression: str) -> None:
        """Only for what is always wrong."""
        del expression


class SetAxis(NamedTuple):
    """Normalize another axis.

    Attributes:
        layer: where the normalization is constructed.
        axis: the channel axis.
        literal: the layers themselves name the data format.
        varies: the axis is right under the other data format, so no single number is right.
    """

    layer: Location
    axis: int
    literal: bool
    varies: bool = False

    def only_unless(self, expression: str) -> SetAxis:
        """The same repair for a finding under one data format."""
        del expression
        return self._replace(varies=True)


class RenameArguments(NamedTuple):
    """Rename arguments of a constructor to their current names.

    Attributes:
        layer: where the layer is constructed.
        kind: its canonical class.
        names: each keyword that Keras refuses, with its current name; ``""`` where there is no
            current name, so the argument is removed.
    """

    layer: Location
    kind: str
    names: tuple[tuple[str, str], ...]

    def only_unless(self, expression: str) -> RenameArguments:
        """The current names are right under any condition."""
        del expression
        return self


class ReplaceModule(NamedTuple):
    """Import a class from another module.

    Attributes:
        place: the module in an import statement, or the call that reaches the class by its path.
        old: the module that no longer exists.
        new: the module to import it from.
    """

    place: Location
    old: str
    new: str

    def only_unless(self, expression: str) -> ReplaceModule:
        """The other module exists under any condition."""
        del expression
        return self


Repair: TypeAlias = (
    DropBias
    | SwapLayers
    | DetachActivation
    | AddLayer
    | KeepResult
    | CallLayer
    | SetAxis
    | RenameArguments
    | ReplaceModule
)
"""Any repair."""


def agreed(repairs: Iterable[Repair | None]) -> Repair | None:
    """The repair if all ``repairs`` are the same; ``None`` where they differ."""
    first, *others = repairs
    for other in others:
        if isinstance(first, DropBias) and isinstance(other, DropBias):
            if not first.asks_for(other):
                return None
            first = first.joined(other)
        elif type(other) is not type(first) or other != first:
            return None
    return first
