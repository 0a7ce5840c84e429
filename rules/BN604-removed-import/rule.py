"""BN604: a layer by an import path that the Keras it is for does not have."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.removed import removed_path
from bnlint.repair import ReplaceModule
from bnlint.rule import Options, Problem, Rule


class RemovedImport(Rule):
    code = "BN604"
    name = "removed-import"
    summary = "A layer by an import path that the target's Keras does not have"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [layer for layer in graph.layers if removed_path(layer.path) is not None]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del layer, graph, options
        return True

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph
        target, found = options.target, removed_path(layer.path)
        if target is None or found is None or not target.refuses(found[1]):
            return
        module, removed = found
        new = removed.instead
        place = layer.imported or layer.location
        yield Problem(
            layer,
            f"layers can't be imported from `{module}` in {target}",
            location=place,
            help=f"take layers from `{new if new.endswith('.layers') else f'{new}.layers'}`",
            repair=ReplaceModule(place, module, new),
        )
