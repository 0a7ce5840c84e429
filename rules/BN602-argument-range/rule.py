"""BN602: a momentum or an epsilon with which BatchNormalization can't work."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations
from bnlint.queries.arguments import LEAST_MOMENTUM, exchanged, is_default, is_meant, number
from bnlint.rule import Options, Problem, Rule


class ArgumentRange(Rule):
    code = "BN602"
    name = "argument-range"
    summary = (
        "A momentum outside [0, 1), an epsilon that is not positive, or one given as the other"
    )
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        given = not (is_default(layer, "momentum") and is_default(layer, "epsilon"))
        return given and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph, options
        mistaken = exchanged(layer)
        momentum, epsilon = number(layer, "momentum"), number(layer, "epsilon")
        if mistaken is not None:
            yield Problem(
                layer,
                f"momentum and epsilon are taken for each other: `{mistaken}`",
                location=layer.written_at,
                help="momentum is near 1 (0.99), epsilon near 0 (0.001)",
            )
        elif momentum is not None and momentum >= 1:
            becomes = "never change" if momentum == 1 else "grow without bound"
            yield Problem(
                layer,
                f"with momentum {momentum:g} the moving statistics {becomes}",
                location=layer.written_at,
                help="write a momentum from 0 to below 1, such as 0.99",
            )
        elif momentum is not None and momentum < 0:
            yield Problem(
                layer,
                f"with momentum {momentum:g} the moving statistics swing around what they are to"
                " follow, and a moving variance may become negative",
                location=layer.written_at,
                help="write a momentum from 0 to below 1, such as 0.99",
            )
        elif epsilon is not None and LEAST_MOMENTUM <= epsilon < 1:
            yield Problem(
                layer,
                f"epsilon {epsilon:g} looks like a momentum: what varies less than"
                f" {epsilon**0.5:.2g} is hardly normalized",
                help="write a small epsilon, such as 0.001, and the momentum as `momentum=`",
            )
        elif epsilon is not None and epsilon <= 0:
            yield Problem(
                layer,
                f"with epsilon {epsilon:g} a channel whose values are all the same is divided by"
                f" {'0' if epsilon == 0 else 'the root of a negative number'}",
                location=layer.written_at,
                help="write a small positive epsilon, such as 0.001",
            )
