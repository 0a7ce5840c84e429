"""What a rule says of how to repair what it found: data, without any source text.

A rule reads only the graph, so it names the layers and calls concerned and what is to become of
them. :mod:`bnlint.repair` turns that and the source into edits; what it can't write well, it drops.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bnlint.findings import Location

UNTOLD = "?"
"""A condition for which there is no expression."""


class DropBias(NamedTuple):
    """Switch the bias of a linear layer off.

    Attributes:
        layer: where it is constructed.
        kind: its canonical class.
        unless: an expression that is true where the bias is needed after all; empty where it
            never is, :data:`UNTOLD` where nothing in the source says it.
        behind: where the normalizations that absorb the bias are constructed.
        applied: where they are applied.
        exact: the bias has no effect on what the network computes in training, and not only none
            on the gradients (renorm=True).
    """

    layer: Location
    kind: str
    unless: str = ""
    behind: tuple[Location, ...] = ()
    applied: tuple[Location, ...] = ()
    exact: bool = True

    def only_unless(self, expression: str) -> DropBias:
        """The same for a finding that does not hold where ``expression`` is true."""
        return self._replace(unless=expression)

    def asks_for(self, other: DropBias) -> bool:
        """Whether both are the same change, whatever absorbs the bias."""
        mine, its = (self.layer, self.unless, self.exact), (other.layer, other.unless, other.exact)
        return mine == its

    def joined(self, other: DropBias) -> DropBias:
        """The same, knowing of all the normalizations that either knows of."""
        return self._replace(
            behind=tuple(dict.fromkeys((*self.behind, *other.behind))),
            applied=tuple(dict.fromkeys((*self.applied, *other.applied))),
        )


class Use(NamedTuple):
    """One layer and its one application.

    Attributes:
        layer: where the layer is constructed; of an op, where it is called.
        call: where it is applied.
    """

    layer: Location
    call: Location


class SwapLayers(NamedTuple):
    """Let two layers that follow each other change places."""

    first: Use
    second: Use

    def only_unless(self, expression: str) -> None:
        """No order is right under one condition and wrong under another."""
        del expression


class DetachActivation(NamedTuple):
    """Take the activation out of a linear layer and apply it behind its normalization."""

    linear: Use
    normalization: Use

    def only_unless(self, expression: str) -> None:
        """No order is right under one condition and wrong under another."""
        del expression


class AddLayer(NamedTuple):
    """Add a layer that nothing applies to the model that the lines around it make.

    Attributes:
        layer: where it is constructed.
    """

    layer: Location

    def only_unless(self, expression: str) -> None:
        """Only for a layer that is never in a model."""
        del expression


class KeepResult(NamedTuple):
    """Go on with what a call returns.

    Attributes:
        call: the call whose result is dropped.
    """

    call: Location

    def only_unless(self, expression: str) -> None:
        """Only for a result that is always dropped."""
        del expression


class CallLayer(NamedTuple):
    """Part construction and application, or construct a class that stands for a layer.

    Attributes:
        place: the call that is wrong.
        kind: the class that stands there; empty where a constructor is given the tensor.
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
        axis: the axis of the channels.
        literal: the data format is written in the layers themselves.
        varies: the axis is right under the other data format, so no number will do.
    """

    layer: Location
    axis: int
    literal: bool
    varies: bool = False

    def only_unless(self, expression: str) -> SetAxis:
        """The same for a finding under one data format."""
        del expression
        return self._replace(varies=True)


class RenameArguments(NamedTuple):
    """Give arguments of a constructor the names of today.

    Attributes:
        layer: where it is constructed.
        kind: its canonical class.
        names: the keywords that are refused, each with the one of today; ``""`` where there is
            none, so that it is to be left out.
    """

    layer: Location
    kind: str
    names: tuple[tuple[str, str], ...]

    def only_unless(self, expression: str) -> RenameArguments:
        """The names of today are right under any condition."""
        del expression
        return self


class ReplaceModule(NamedTuple):
    """Take a class from another module.

    Attributes:
        place: the module in an import statement, or the call that reaches the class by its path.
        old: the module that is gone.
        new: the one to take it from.
    """

    place: Location
    old: str
    new: str

    def only_unless(self, expression: str) -> ReplaceModule:
        """The other module is there under any condition."""
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
"""Any of the repairs."""


def agreed(repairs: Iterable[Repair | None]) -> Repair | None:
    """The repair that all ask for; none where they differ."""
    first, *others = repairs
    for other in others:
        if isinstance(first, DropBias) and isinstance(other, DropBias):
            if not first.asks_for(other):
                return None
            first = first.joined(other)
        elif type(other) is not type(first) or other != first:
            return None
    return first
