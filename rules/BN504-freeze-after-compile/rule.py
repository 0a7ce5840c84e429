"""BN504: `trainable` is set after `compile`, and the model is fitted without a new `compile`."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import LayerGraph
from bnlint.graph.events import Event, Model, TrainableSet
from bnlint.queries.training import Stale, normalizing, stale_settings
from bnlint.rule import EventRule, Options, Problem


class FreezeAfterCompile(EventRule):
    code = "BN504"
    name = "freeze-after-compile"
    summary = "`trainable` is set after `compile`, and the model fitted without compiling it again"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        target = options.target
        is_3 = target is not None and target.is_from((3,))
        stale: dict[Event, Stale] = {}
        for each in stale_settings(graph, first_fit_decides=is_3):
            stale.setdefault(each.setting, each)
        for event in graph.events:
            if isinstance(event, TrainableSet) and _concerns_normalization(event):
                found = stale.get(event)
                yield event, None if found is None else _problem(found, options)


def _concerns_normalization(event: TrainableSet) -> bool:
    whole = event.target
    return bool(normalizing(whole if isinstance(whole, Model) else Model("", (whole,))))


def _problem(stale: Stale, options: Options) -> Problem:
    target = options.target
    told = f" in {target}" if target is not None else ""
    if stale.is_first and target is None:
        effect = "Keras 2 ignores it, Keras 3 heeds it before the first `fit` only"
    elif stale.is_first:
        effect = f"it has no effect{told}"
    else:
        effect = f"it has no effect on a model that was fitted before{told}"
    if stale.is_for_another:
        return Problem(
            stale.setting,
            f"a model is frozen for another before it was trained itself: in {target} it stays so,"
            " and none of its own training changes a weight",
            help="set `trainable = True` before it is trained itself, and `False` again before the"
            " other is",
            related=(
                Related(stale.compiled.location, "compiled to train here"),
                Related(stale.fitted.location, "nothing of it is trained here"),
            ),
        )
    done = "froze" if stale.setting.value is False else "unfroze"
    return Problem(
        stale.setting,
        f"`trainable` is set after `compile`, and the model is not compiled again: {effect}",
        help="call `compile` again behind it",
        related=(
            Related(stale.compiled.location, "compiled here"),
            Related(stale.fitted.location, f"trains as if nobody {done} it"),
        ),
    )
