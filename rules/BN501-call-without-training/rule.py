"""BN501: a user-defined model whose `call` never gets training mode."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Event, Fitted
from bnlint.queries import batch_normalizations, calls_of, is_batch_normalization
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem

# On JAX `fit` runs `call` itself, which has to pass the mode on; elsewhere Keras does.
_HAND_ON: Final = frozenset({"jax"})


class CallWithoutTraining(EventRule):
    code = "BN501"
    name = "call-without-training"
    summary = "`call` of a fitted model takes no `training`, so that in Keras 3 it never trains"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        """The layers of a built model; source is judged by its events."""
        return [layer for layer in batch_normalizations(graph) if layer.is_untold]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del graph, options
        return layer.trainable is True

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        del graph, options
        yield Problem(
            layer,
            "`call` of the model does not tell it that it trains, so BatchNormalization stays in"
            " inference mode: it never trains",
            help="write `def call(self, inputs, training=None)`, and on JAX pass `training` on",
        )

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        for event in graph.events:
            if isinstance(event, Fitted) and event.model.call is not None:
                yield event, _problem(event, graph, options)


def _problem(event: Fitted, graph: LayerGraph, options: Options) -> Problem | None:
    model, target = event.model, options.target
    own = model.call
    if own is None or own.sets_training or model.own_step:
        return None
    if target is None or not target.is_from((3,)):
        return None
    norms = following_the_mode(model, graph)
    if own.takes_training:
        return _not_handed_on(event, norms) if graph.backend in _HAND_ON else None
    if not norms:
        return None
    return Problem(
        event,
        f"`call` of {model.kind} takes no `training`, so BatchNormalization stays in inference mode"
        f" in {target}: it never trains",
        location=own.location,
        help="write `def call(self, inputs, training=None)`",
        related=(
            Related(norms[0].location, "its statistics stay mean 0 and variance 1"),
            Related(event.location, f"{model.kind} is fitted here"),
        ),
    )


def _not_handed_on(event: Fitted, norms: list[Layer]) -> Problem | None:
    """On JAX: a layer to which the `call` of the model does not pass the mode."""
    for norm in norms:
        calls = calls_of(norm)
        if is_batch_normalization(norm) and calls and not any(c.hears_mode for c in calls):
            return Problem(
                event,
                f"`call` of {event.model.kind} does not hand `training` on, so on JAX"
                " BatchNormalization stays in inference mode: it never trains",
                location=calls[0].location,
                help="pass `training=training` to each layer that has a mode",
                related=(
                    Related(norm.location, "its statistics stay mean 0 and variance 1"),
                    Related(event.location, f"{event.model.kind} is fitted here"),
                ),
            )
    return None
