"""BN505: batch normalization of TensorFlow 1 whose update ops are never run."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Severity
from bnlint.graph import Call, Layer, LayerGraph, Value
from bnlint.queries import SLIM, is_updated_by_ops
from bnlint.rule import Options, Problem, Rule

# A constant of either kind says in which mode the layer is called; anything else may be either.
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
        return any(_mode(layer, call) is not False for call in layer.calls) or _is_untold(layer)

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
        if modes == {False}:
            yield Problem(
                layer,
                f"without `{_keyword(layer)}` it runs in inference mode also while it is trained:"
                " its moving statistics stay mean 0 and variance 1",
                help=f"pass `{_keyword(layer)}=`, and run `UPDATE_OPS` with each training step",
            )
            return
        # A layer that is only called for training never uses its moving statistics.
        if modes <= {True}:
            return
        yield Problem(
            layer,
            "the moving statistics are never updated: nothing collects `UPDATE_OPS`",
            help="run `tf.get_collection(tf.GraphKeys.UPDATE_OPS)` with each training step",
        )


def _keyword(layer: Layer) -> str:
    return "is_training" if layer.kind == SLIM else "training"


def _is_untold(layer: Layer) -> bool:
    """Whether the code does not set the mode of the layer."""
    given = [argument.keyword for argument in layer.written]
    # By position it is the twelfth argument.
    return bool(given) and "training" not in given and given.count(None) < 12 and layer.kind != SLIM


def _mode(layer: Layer, call: Call) -> Value:
    """Whether it is called for training: a constant, or `_EITHER`."""
    if len(call.inputs) > 1:
        return _EITHER  # a placeholder
    if layer.kind == SLIM:
        mode = layer.arguments.get("is_training", True)
    else:
        mode = call.arguments.get("training", False)
    return mode if isinstance(mode, bool) else _EITHER
