"""Applies the rules to each layer of one graph without worlds, as a model gives it."""

from __future__ import annotations

from collections.abc import Iterable

from bnlint.findings import Finding
from bnlint.graph import Layer, LayerGraph
from bnlint.project.judging.verdicts import finding_of
from bnlint.rule import Options, Rule


def judge(
    graph: LayerGraph, rules: Iterable[Rule], options: Options
) -> list[tuple[Layer, str, Finding | None]]:
    """Let every rule judge every layer of a graph.

    Args:
        graph: of a model; each layer in it is one object, at a place of its own.
        rules: the rules to ask.
        options: what they may ask of the settings.

    Returns:
        Each layer that a rule judges, the rule's code, and what it finds, in the order of the graph
        and of the codes; ``None`` where there is no problem.
    """
    order = {layer: index for index, layer in enumerate(graph.layers)}
    judged: list[tuple[int, str, Layer, Finding | None]] = []
    for rule in rules:
        for layer in rule.candidates(graph):
            if not layer.location.filename or not rule.applies(layer, graph, options):
                continue
            problem = next(iter(rule.check(layer, graph, options)), None)
            finding = None if problem is None else finding_of(rule, [problem])
            judged.append((order.get(layer, len(order)), rule.code, layer, finding))
    judged.sort(key=lambda entry: entry[:2])
    return [(layer, code, finding) for _, code, layer, finding in judged]


def findings_in(graph: LayerGraph, rules: Iterable[Rule], options: Options) -> list[Finding]:
    """What the rules find in a graph, in its order; see :func:`judge`."""
    return [finding for *_, finding in judge(graph, rules, options) if finding is not None]
