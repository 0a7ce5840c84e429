"""BN201: a bias that the BatchNormalization behind it subtracts again.

The proof, and what was measured, stands on the rule's page; :func:`bnlint.queries.absorbers` is
the one place that decides it.
"""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import absorbers, activation, axis_is_wrong, bias, calls_of, linear_layers
from bnlint.rule import Options, Problem, Rule


class RedundantBias(Rule):
    code = "BN201"
    name = "redundant-bias"
    summary = "The bias before BatchNormalization is subtracted again and never trains"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return linear_layers(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return (
            bias(layer) is True
            and not layer.is_class
            and not layer.escaped
            and bool(calls_of(layer))
            and not any(call.wrong_operands for call in layer.calls)
        )

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        if activation(layer) is not None or layer.arguments.get("activity_regularizer") is not None:
            return
        behind = absorbers(layer, graph)
        if not behind or any(axis_is_wrong(norm, graph) for norm in behind):
            return
        where = " and ".join(
            f"line {line}" for line in sorted({norm.location.line for norm in behind})[:2]
        )
        if all(norm.location.path is not None for norm in behind):
            where = behind[0].location.path or ""
        yield Problem(
            layer,
            f"the bias of {layer.kind} is redundant: absorbed by BatchNormalization at {where}",
            help="write `use_bias=False` (Keras 1: `bias=False`)",
            help_when="write `use_bias={opposite}`",
            related=tuple(
                Related(norm.location, "this BatchNormalization subtracts the bias again")
                for norm in behind
            ),
        )
