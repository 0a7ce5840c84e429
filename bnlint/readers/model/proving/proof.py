"""Compares findings with a measurement: the gradient of a bias that should have none.

One backward pass in training mode with random cotangents gives each bias its ratio: the largest
gradient of the bias over the largest of its kernel. In float32 an absorbed bias was found to have
at most 1e-6 on small inputs and 1e-5 on images of 224 by 224 (ResNet50: rounding grows with the
number of positions), and a used one at least 1e-3. Where the kernel's own gradient is lost in
rounding (its inputs are tiny, or the same for each sample) that ratio says nothing. Then the bias
gradient, which is a sum, is compared with the sum of the absolute gradients that flow back to the
channel: in float32 about 1e-7 where they cancel, and at least 1e-3 of 100,000 positions where
they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bnlint.findings import Failure, Finding
from bnlint.graph import Layer
from bnlint.rule import Rule

ABSORBED: Final = 1e-5
LIVE: Final = 1e-3
STAYS: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Measurement:
    """The result of one backward pass for a layer's bias.

    Attributes:
        ratio: the largest gradient of the bias over that of the kernel; ``None`` where there is
            none.
        reason: why there is no ratio.
        left: the largest gradient of the bias over the sum of the absolute gradients that flow back
            to one of its channels, on average; ``None`` where that is not known.
    """

    ratio: float | None
    reason: str = ""
    left: float | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether the bias is redundant; ``None`` where the measurement does not decide."""
        if self.ratio is None:
            return None
        if self.ratio <= ABSORBED or (self.left is not None and self.left <= ABSORBED):
            return True
        is_live = self.ratio >= LIVE and (self.left is None or self.left >= STAYS)
        return False if is_live else None

    def __str__(self) -> str:
        if self.ratio is None:
            return f"not measured: {self.reason}"
        shown = f"measured: its gradient is {self.ratio:.1e} of the kernel's"
        if self.ratio > ABSORBED and self.left is not None:
            shown += f" and {self.left:.1e} of what flows back to it"
        return f"{shown}, which is inconclusive" if self.agrees is None else shown


def compared(
    finding: Finding, path: str, measurement: Measurement
) -> tuple[Finding, Failure | None]:
    """A finding with its measurement, and a failure where the measurement contradicts it.

    Args:
        finding: claims that a bias is redundant.
        path: of the layer in the model.
        measurement: of that layer's bias.
    """
    told = finding._replace(message=f"{finding.message} ({measurement})")
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
    """:func:`compared` for the findings of all rules on layers.

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


def claimed(
    judged: Iterable[tuple[Layer, str, Finding | None]], claiming: frozenset[str]
) -> set[Layer]:
    """The layers whose bias is reported as redundant; see :func:`compared_all`."""
    return {layer for layer, code, finding in judged if finding is not None and code in claiming}


def claiming(rules: Iterable[Rule]) -> frozenset[str]:
    """The codes of the rules whose findings a measurement can confirm or contradict."""
    return frozenset(rule.code for rule in rules if rule.claims_redundant_bias)


UNREACHED: Final = Measurement(None, "the backward pass did not reach it")
