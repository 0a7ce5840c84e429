"""BN102: a tensor where arguments go, or a layer or class where a layer or tensor goes."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph, Tensor
from bnlint.queries import is_batch_normalization
from bnlint.repair import CallLayer
from bnlint.rule import Options, Problem, Rule


class WrongOperand(Rule):
    code = "BN102"
    name = "wrong-operand"
    summary = "BatchNormalization is given, or stands in the place of, the wrong thing"
    severity = Severity.ERROR
    definite_only = True

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        if layer.is_op:
            return False
        return is_batch_normalization(layer) or any(
            is_batch_normalization(operand)
            for call in layer.calls
            for operand in call.wrong_operands
        )

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph, options
        if is_batch_normalization(layer):
            if Tensor in map(type, layer.arguments.values()):
                yield Problem(
                    layer,
                    "a tensor is passed to the constructor of BatchNormalization,"
                    " where `axis` goes: nothing is normalized",
                    help="write `BatchNormalization()(x)`",
                    repair=CallLayer(layer.location),
                )
                return
            if layer.is_class:
                yield Problem(
                    layer,
                    "the class BatchNormalization is added to the model, not a layer of it",
                    help="write `BatchNormalization()`",
                    repair=CallLayer(layer.location, layer.kind),
                )
                return
        for call in layer.calls:
            for operand in call.wrong_operands:
                if _is_itself_wrong(operand) or not (
                    is_batch_normalization(layer) or is_batch_normalization(operand)
                ):
                    continue
                what = (
                    f"the class {operand.kind}" if operand.is_class else f"a {operand.kind} layer"
                )
                related = (
                    ()
                    if operand.is_class
                    else (Related(operand.location, f"{operand.kind} is a layer here"),)
                )
                yield Problem(
                    layer,
                    f"{layer.kind} is applied to {what}, not to a tensor",
                    location=call.location,
                    help=f"apply {operand.kind} to a tensor first: `{operand.kind}(…)(x)`",
                    related=related,
                )


def _is_itself_wrong(operand: Layer) -> bool:
    """`Dense(4)(BatchNormalization(x))` is one mistake, reported where it is made."""
    return any(isinstance(value, Tensor) for value in operand.arguments.values())
