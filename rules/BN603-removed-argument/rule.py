"""BN603: an argument of BatchNormalization that the Keras it is for refuses."""

from collections.abc import Iterator

from bnlint.arguments import is_meant
from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.removed import ARGUMENTS
from bnlint.queries import batch_normalizations
from bnlint.rule import Options, Problem, Rule


class RemovedArgument(Rule):
    code = "BN603"
    name = "removed-argument"
    summary = "An argument of BatchNormalization that the target's Keras does not take"
    severity = Severity.ERROR
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return batch_normalizations(graph)

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph
        # `BatchNorm(…)` of a subclass may take more; what an op takes is TensorFlow's matter.
        return options.target is not None and bool(layer.path) and is_meant(layer)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph
        if options.target is None or layer.path.startswith(("tf_keras.", "tensorflow.compat.")):
            return
        refused = [
            given.keyword
            for given in layer.written
            if given.keyword in ARGUMENTS and options.target.refuses(ARGUMENTS[given.keyword])
        ]
        if not refused:
            return
        instead = [
            f"`{ARGUMENTS[word].instead}` for `{word}`"
            for word in refused
            if ARGUMENTS[word].instead
        ]
        gone = [f"`{word}`" for word in refused if not ARGUMENTS[word].instead]
        advice = [f"write {' and '.join(instead)}"] if instead else []
        advice += [f"leave out {' and '.join(gone)}"] if gone else []
        words = " and ".join(f"`{word}`" for word in refused)
        yield Problem(
            layer,
            f"BatchNormalization does not take {words} in {options.target}",
            help="; ".join(advice),
        )
