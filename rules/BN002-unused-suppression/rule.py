"""BN002: a comment that silences nothing. The linter itself reports it, after all other rules."""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.rule import Options, Problem, Rule


class UnusedSuppression(Rule):
    code = "BN002"
    name = "unused-suppression"
    summary = "A suppression comment names a rule that has nothing to say there"
    severity = Severity.WARNING
    needles = ()

    def candidates(self, graph: LayerGraph) -> tuple[Layer, ...]:  # noqa: ARG002
        return ()

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:  # noqa: ARG002
        return False

    def check(
        self,
        layer: Layer,  # noqa: ARG002
        graph: LayerGraph,  # noqa: ARG002
        options: Options,  # noqa: ARG002
    ) -> Iterator[Problem]:
        return iter(())
