"""BN604: BatchNormalization by an import path that the Keras it is for does not have."""

from collections.abc import Iterator

from bnlint.arguments import is_meant
from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.removed import PATHS
from bnlint.queries import batch_normalizations
from bnlint.rule import Options, Problem, Rule


class RemovedImport(Rule):
    code = "BN604"
    name = "removed-import"
    summary = "BatchNormalization by an import path that the target's Keras does not have"
    severity = Severity.ERROR
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph
        return options.target is not None and bool(layer.path) and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph
        for path, removed in PATHS.items():
            if not layer.path.startswith(path + "."):
                continue
            if options.target is not None and options.target.refuses(removed):
                yield Problem(
                    layer,
                    f"there is no `{path}` in {options.target}",
                    help=f"take BatchNormalization from `{removed.instead.removesuffix('.layers')}"
                    ".layers`",
                )
            return
