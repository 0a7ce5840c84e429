"""BN001: a file, or a part of it, that Python cannot parse. The linter itself reports it."""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.rule import Options, Problem, Rule


class SyntaxErrorRule(Rule):
    code = "BN001"
    name = "syntax-error"
    summary = "Python cannot parse this place; the rest of the file is still read"
    severity = Severity.ERROR
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
