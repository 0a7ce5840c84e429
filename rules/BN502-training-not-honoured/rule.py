"""BN502: a constant `training=` in a Functional model, which Keras 3 does not honour."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Related, Severity
from bnlint.graph import Call, Layer, LayerGraph
from bnlint.graph.events import Model, TrainableSet
from bnlint.queries import batch_normalizations, is_batch_normalization, is_live
from bnlint.queries.passages import is_symbolic, learning_in
from bnlint.queries.training import takes_part
from bnlint.rule import Options, Problem, Rule

# Keras 3.3 began to give every layer of a Functional model the mode that the model is called in.
FIRST: Final = (3, 3)
# Keras 3.15.1 still does.
END: Final = (3, 16)


class TrainingNotHonoured(Rule):
    code = "BN502"
    name = "training-not-honoured"
    summary = "A constant `training=` in a Functional model, which Keras 3 overrules"
    severity = Severity.WARNING

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [*batch_normalizations(graph), *graph.nested]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        return any(_is_judged(call, graph) for call in layer.calls) and options.target is not None

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        target = options.target
        if target is None or not target.may_lie_in(FIRST, END):
            return
        learning = list(dict.fromkeys(learning_in(layer)))
        calls = [call for call in layer.calls if _is_judged(call, graph) and is_symbolic(call)]
        if not learning or not calls:
            return
        call = calls[0]
        training = call.arguments["training"]
        if training is False and not _is_trained(learning, graph):
            return  # a model that only predicts loses nothing
        overruled = (
            "`fit` moves the statistics and normalizes by the batch all the same"
            if training is False
            else "`predict` normalizes by the moving statistics all the same"
        )
        thawed = [
            event
            for event in graph.events
            if isinstance(event, TrainableSet)
            and event.value is True
            and isinstance(event.target, Model)
            and not set(learning).isdisjoint(event.target.layers)
        ]
        what = layer.kind if is_batch_normalization(layer) else f"the model {layer.name}"
        yield Problem(
            layer,
            f"`training={training}` for {what} in a Functional model is overruled in {target}:"
            f" {overruled}",
            location=call.location,
            help=_instead(layer, thawed)
            if training is False
            else "call it so in the `call` of a Layer",
            related=tuple(
                Related(setting.location, "unfrozen here") for setting in thawed if not training
            )
            + tuple(
                Related(norm.location, "this BatchNormalization goes on learning")
                for norm in learning
                if training is False and norm is not layer and is_batch_normalization(norm)
            ),
        )


def _is_trained(layers: list[Layer], graph: LayerGraph) -> bool:
    """Whether a model with one of the layers is compiled or fitted; a model that is built already
    may be at any time.
    """
    if any(layer.location.path is not None for layer in layers):
        return True
    return takes_part(layers, graph)


def _instead(layer: Layer, thawed: list[TrainableSet]) -> str:
    if thawed:
        return (
            "freeze each BatchNormalization in it again behind `trainable = True` on line"
            f" {thawed[-1].location.line}"
        )
    one = "the layer" if is_batch_normalization(layer) else "the model, or of the layers in it,"
    return f"set `trainable = False` of {one} before `compile`"


def _is_judged(call: Call, graph: LayerGraph) -> bool:
    """A nested model is judged at its call, not where its output is used."""
    return call.keeps_training and (not call.outputs or is_live(call, graph))
