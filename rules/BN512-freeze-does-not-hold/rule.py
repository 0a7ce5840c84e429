"""BN512: BatchNormalization that the code tries to freeze, but that trains."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import LayerGraph
from bnlint.graph.events import Event, PassedOver, TrainableSet
from bnlint.queries.freezing import Undone, undone
from bnlint.rule import EventRule, Options, Problem


class FreezeDoesNotHold(EventRule):
    code = "BN512"
    name = "freeze-does-not-hold"
    summary = "BatchNormalization is frozen in vain: a model is thawed around it, or hides it"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        found: dict[Event, Undone] = {}
        for each in undone(graph, is_3=True):
            found.setdefault(each.event, each)
        in_2 = {each.event: each for each in undone(graph, is_3=False)}
        target = options.target
        if target is not None and target.is_before((3,)):
            found = in_2
        elif target is None or not target.is_from((3,)):
            found = {event: each for event, each in found.items() if event in in_2}
        wrong = {event.location for event in found}
        for event in graph.events:
            if event in found:
                yield event, _problem(found[event])
            elif isinstance(event, (TrainableSet, PassedOver)) and event.location not in wrong:
                yield event, None


def _problem(undone: Undone) -> Problem:
    norm = undone.norm
    what = "BatchNormalization" if norm.kind == "BatchNormalization" else f"those of {norm.kind}"
    if undone.frozen is None:
        return Problem(
            undone.event,
            "BatchNormalization is looked for among the layers of the model, but it is in a model"
            f" that is one of them: {what} stays trainable",
            help="look through the layers of the inner model as well",
            related=(
                Related(norm.location, "holds BatchNormalization that is not frozen")
                if norm.kind != "BatchNormalization"
                else Related(norm.location, "is not frozen"),
                Related(undone.fitted.location, "its statistics move here"),
            ),
        )
    return Problem(
        undone.event,
        "`trainable` of a model sets all layers in it: BatchNormalization that was frozen before"
        " trains again",
        help="freeze BatchNormalization after this line",
        related=(
            Related(undone.frozen.location, "frozen here"),
            Related(undone.fitted.location, "its statistics move here"),
        ),
    )
