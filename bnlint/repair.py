"""What a rule says of how to repair what it found: data, without any source text.

A rule reads only the graph, so it names the layers and calls concerned and what is to become of
them. :mod:`bnlint.fixes` turns that and the source into edits; what it can't write well, it drops.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bnlint.findings import Location

UNTOLD = "?"
"""A condition for which there is no expression."""


@dataclass(frozen=True, slots=True)
class DropBias:
    """Switch the bias of a linear layer off.

    Attributes:
        layer: where it is constructed.
        kind: its canonical class.
        unless: an expression that is true where the bias is needed after all; empty where it
            never is, :data:`UNTOLD` where nothing in the source says it.
    """

    layer: Location
    kind: str = field(compare=False)
    unless: str = ""

    def only_unless(self, expression: str) -> DropBias:
        """The same for a finding that does not hold where ``expression`` is true."""
        return replace(self, unless=expression)


Repair = DropBias
"""Any of the repairs."""
