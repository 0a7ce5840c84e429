"""BN202: an initializer, regularizer or constraint of a weight that is switched off."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import absorbers, batch_normalizations, is_batch_normalization, linear_layers
from bnlint.rule import Options, Problem, Rule

_OF_WEIGHT = {"use_bias": "bias", "center": "beta", "scale": "gamma"}
_KINDS = ("initializer", "regularizer", "constraint")


class PointlessParameter(Rule):
    code = "BN202"
    name = "pointless-parameter"
    summary = "An initializer, regularizer or constraint of a weight that the layer does not have"
    severity = Severity.INFO
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [*linear_layers(graph), *batch_normalizations(graph)]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return not layer.is_class and _switched_off(layer) is not None

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        flag = _switched_off(layer)
        if flag is None:
            return
        weight = _OF_WEIGHT[flag]
        constants = {given.keyword for given in layer.written if given.is_constant}
        names = {f"{weight}_{kind}" for kind in _KINDS}
        pointless = [
            given.keyword
            for given in layer.written
            if given.keyword in names
            and not (given.keyword in constants and layer.arguments.get(given.keyword) is None)
        ]
        if not pointless or not (is_batch_normalization(layer) or absorbers(layer, graph)):
            return
        words = " and ".join(f"`{word}`" for word in pointless)
        yield Problem(
            layer,
            f"{layer.kind} has no {weight} (`{flag}=False`), so {words}"
            f" {'has' if len(pointless) == 1 else 'have'} no effect",
            help=f"leave out {words}",
        )


def _switched_off(layer: Layer) -> str | None:
    """The flag that is literally `False` in the constructor call."""
    return next(
        (
            given.keyword
            for given in layer.written
            if given.keyword in _OF_WEIGHT
            and given.is_constant
            and layer.arguments.get(given.keyword) is False
        ),
        None,
    )
