"""BN505: batch normalization of TensorFlow 1 whose updates nothing runs."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Severity
from bnlint.graph import Call, Layer, LayerGraph, Value
from bnlint.queries import SLIM, is_updated_by_ops
from bnlint.rule import Options, Problem, Rule

# A constant of each kind says how the layer is called; anything else may be either.
_EITHER: Final = "either"


class UpdateOpsMissing(Rule):
    code = "BN505"
    name = "update-ops-missing"
    summary = "TensorFlow 1: nothing runs the updates of the moving statistics"
    severity = Severity.ERROR
    preview = True

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [layer for layer in graph.layers if is_updated_by_ops(layer)]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return any(_mode(layer, call) is not False for call in layer.calls)

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del options
        if not graph.drops_updates:
            return
        modes = {
            _mode(each, call)
            for each in self.candidates(graph)
            if each.location == layer.location
            for call in each.calls
        }
        # What is only ever called for training never uses its moving statistics.
        if modes <= {True}:
            return
        yield Problem(
            layer,
            "the moving statistics are never updated: nothing collects `UPDATE_OPS`",
            help="run `tf.get_collection(tf.GraphKeys.UPDATE_OPS)` with each training step",
        )


def _mode(layer: Layer, call: Call) -> Value:
    """Whether it is called for training: a constant, or `_EITHER`."""
    if len(call.inputs) > 1:
        return _EITHER  # a placeholder
    if layer.kind == SLIM:
        mode = layer.arguments.get("is_training", True)
    else:
        mode = call.arguments.get("training", False)
    return mode if isinstance(mode, bool) else _EITHER
