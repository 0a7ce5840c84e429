"""BN605: a positional argument of BatchNormalization that is taken as the axis."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.queries import batch_normalizations
from bnlint.queries.arguments import is_default, is_meant
from bnlint.rule import Options, Problem, Rule


class PositionalArgument(Rule):
    code = "BN605"
    name = "positional-argument"
    summary = "The axis of BatchNormalization is given something that is no axis"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return not is_default(layer, "axis") and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph
        axis = layer.arguments.get("axis")
        if not isinstance(axis, (list, tuple, float, str)):
            return
        target = options.target
        if isinstance(axis, (list, tuple)) and target is not None and not target.is_before((3,)):
            yield Problem(
                layer,
                f"BatchNormalization takes one axis as a whole number in {target}, not a list",
                location=layer.written_at,
                help=f"write `axis={axis[0]}`" if len(axis) == 1 else "normalize over one axis",
            )
            return
        if not isinstance(axis, (float, str)) or (target is not None and target.major == 1):
            return  # Keras 1 took the epsilon first
        if isinstance(axis, str):
            meant, written = "name", f'name="{axis}"'
        elif axis < 0.5:
            meant, written = "epsilon", f"epsilon={axis:g}"
        else:
            meant, written = "momentum", f"momentum={axis:g}"
        by_position = bool(layer.written) and layer.written[0].keyword is None
        how = f"the first argument is the axis, not the {meant}" if by_position else "no axis"
        yield Problem(
            layer,
            f"BatchNormalization over axis {axis!r}: {how}",
            location=layer.written_at,
            help=f"write `{written}`" if by_position else "write `axis=-1`, or nothing",
        )
