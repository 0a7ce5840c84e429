"""BN511: a second model that follows the variables of another, but not its moving statistics."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import LayerGraph
from bnlint.graph.events import (
    Applied,
    Copied,
    Differentiated,
    Event,
    Fitted,
    Loaded,
    Lost,
    Model,
)
from bnlint.queries import is_batch_normalization
from bnlint.rule import EventRule, Options, Problem


class StatisticsNotCopied(EventRule):
    code = "BN511"
    name = "statistics-not-copied"
    summary = "A model follows the `trainable_variables` of another, without the moving statistics"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        for event in graph.events:
            if isinstance(event, Copied):
                yield event, _problem(event, graph)


def _problem(event: Copied, graph: LayerGraph) -> Problem | None:
    norm = next((layer for layer in event.target.layers if is_batch_normalization(layer)), None)
    if norm is None or norm.arguments.get("trainable", True) is not True:
        return None
    if not event.only_trainable or _has_statistics_otherwise(event.target, graph):
        return None
    return Problem(
        event,
        "only `trainable_variables` are copied: the moving statistics of BatchNormalization in the"
        " copy stay as they are",
        help="copy all `variables`",
        related=(Related(norm.location, "its moving mean and variance are not copied"),),
    )


def _has_statistics_otherwise(target: Model, graph: LayerGraph) -> bool:
    """Whether the copy may get its statistics in another way: all variables are copied, weights are
    set again after the first copy or at an unknown time, or the copy is trained itself.
    """
    copied = parted = False
    norms = {layer for layer in target.layers if is_batch_normalization(layer)}
    for event in graph.events:
        match event:
            case Copied(target=other) if other is target:
                copied = True
                if not event.only_trainable:
                    return True
            case Loaded(target=loaded) if loaded is target or loaded in norms:
                if copied or parted or event.turns:
                    return True
            case Lost(model=lost) if lost is target:
                if not event.is_parting and not copied:
                    return True
                parted = True
            case Fitted(model=model) if not norms.isdisjoint(model.layers):
                if not model.own_step or model is target:
                    return True
            case Differentiated(models=models) if any(
                not norms.isdisjoint(model.layers) for model in models
            ):
                return True
            case Applied(model=model, training=training):
                named = training is not None and training is not False
                if named and not norms.isdisjoint(model.layers):
                    return True
            case _:
                pass
    return False
