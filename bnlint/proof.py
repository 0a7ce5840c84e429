"""Findings held against a measurement: the gradient of a bias that is said to have none.

One backward pass in training mode with random cotangents gives each bias its ratio: the largest
gradient of the bias over the largest of its kernel. In float32 an absorbed bias was found to have
at most 1e-6 on small inputs and 1e-5 on images of 224 by 224 (ResNet50: rounding grows with the
number of positions), and a used one at least 1e-3.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bnlint.findings import Failure, Finding
from bnlint.graph import Layer
from bnlint.rule import Rule

ABSORBED: Final = 1e-5
LIVE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one backward pass says of a layer's bias.

    Attributes:
        ratio: the largest gradient of the bias over that of the kernel; ``None`` where there is
            none.
        reason: why not.
    """

    ratio: float | None
    reason: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether the bias is redundant; ``None`` where the measurement does not decide."""
        if self.ratio is None or ABSORBED < self.ratio < LIVE:
            return None
        return self.ratio <= ABSORBED

    def __str__(self) -> str:
        if self.ratio is None:
            return f"not measured: {self.reason}"
        shown = f"measured: its gradient is {self.ratio:.1e} of the kernel's"
        return f"{shown}, which is inconclusive" if self.agrees is None else shown


def compared(
    finding: Finding, path: str, measurement: Measurement
) -> tuple[Finding, Failure | None]:
    """A finding with what was measured of it, and a failure where that contradicts it.

    Args:
        finding: claims that a bias is redundant.
        path: of the layer in the model.
        measurement: of that layer's bias.
    """
    told = dataclasses.replace(finding, message=f"{finding.message} ({measurement})")
    if measurement.agrees is not False:
        return told, None
    message = (
        f"internal disagreement: {finding.code} says that the bias of {path} is redundant, but"
        f" {measurement}; please report it"
    )
    return told, Failure(finding.location.filename, message)


def compared_all(
    judged: Iterable[tuple[Layer, str, Finding | None]],
    measured: Mapping[Layer, Measurement],
    claiming: frozenset[str],
) -> tuple[list[tuple[Layer, str, Finding | None]], list[Failure]]:
    """:func:`compared` for what rules say of layers.

    Args:
        judged: each layer with a rule's code and what the rule finds.
        measured: by layer.
        claiming: the codes of the rules whose findings claim that a bias is redundant.
    """
    told: list[tuple[Layer, str, Finding | None]] = []
    failures: list[Failure] = []
    for layer, code, finding in judged:
        if finding is None or code not in claiming:
            told.append((layer, code, finding))
            continue
        path = layer.location.path or layer.name or layer.kind
        each, failure = compared(finding, path, measured.get(layer, UNREACHED))
        told.append((layer, code, each))
        failures += [] if failure is None else [failure]
    return told, failures


def claiming(rules: Iterable[Rule]) -> frozenset[str]:
    """The codes of the rules whose findings a measurement can confirm or contradict."""
    return frozenset(rule.code for rule in rules if rule.claims_redundant_bias)


UNREACHED: Final = Measurement(None, "the backward pass did not reach it")
