"""BN603: a layer argument that the target version of Keras refuses."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.removed import arguments_of
from bnlint.queries import batch_normalizations
from bnlint.queries.arguments import is_meant
from bnlint.repair import RenameArguments
from bnlint.rule import Options, Problem, Rule


class RemovedArgument(Rule):
    code = "BN603"
    name = "removed-argument"
    summary = "An argument of BatchNormalization or a layer beside it that the target refuses"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        if not batch_normalizations(graph):
            return []
        return [layer for layer in graph.layers if arguments_of(layer.kind)]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        # `BatchNorm(…)` of a subclass may take more; TensorFlow defines the arguments of an op.
        return bool(layer.path) and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph
        removed = arguments_of(layer.kind)
        if layer.path.startswith(("tf_keras.", "tensorflow.compat.")) or not any(
            given.keyword in removed for given in layer.written
        ):
            return
        target = options.target
        if target is None:
            return
        refused = [
            (given.keyword, removed[given.keyword].instead)
            for given in layer.written
            if given.keyword is not None
            and given.keyword in removed
            and target.refuses(removed[given.keyword])
        ]
        if not refused:
            return
        instead = [f"`{new}` for `{old}`" for old, new in refused if new]
        gone = [f"`{old}`" for old, new in refused if not new]
        advice = [f"write {_listed(instead)}"] if instead else []
        advice += [f"leave out {_listed(gone)}"] if gone else []
        yield Problem(
            layer,
            f"{layer.kind} does not take {_listed([f'`{old}`' for old, _ in refused])} in {target}",
            location=layer.written_at,
            help="; ".join(advice),
            repair=RenameArguments(layer.written_at or layer.location, layer.kind, tuple(refused)),
        )


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
