"""BN509: a pretrained network is unfrozen with all its BatchNormalization."""

from collections.abc import Iterator

from bnlint.findings import Related, Severity
from bnlint.graph import LayerGraph
from bnlint.graph.events import Event, Model, TrainableSet
from bnlint.queries.training import is_pretrained_family, unfrozen_bases
from bnlint.rule import EventRule, Options, Problem


class FineTuneUnfrozen(EventRule):
    code = "BN509"
    name = "fine-tune-unfrozen"
    summary = "A pretrained network is unfrozen together with its BatchNormalization, and fitted"
    severity = Severity.INFO
    preview = True

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        unfrozen = {setting: (base, fitted) for setting, base, fitted in unfrozen_bases(graph)}
        for event in graph.events:
            if not (isinstance(event, TrainableSet) and isinstance(event.target, Model)):
                continue
            if event.value is not True or not any(map(is_pretrained_family, event.target.layers)):
                continue
            if event not in unfrozen:
                yield event, None
                continue
            base, fitted = unfrozen[event]
            yield (
                event,
                Problem(
                    event,
                    f"{base.kind} is fine-tuned with its BatchNormalization layers: their"
                    " pretrained statistics are overwritten",
                    help="set `trainable = False` on each BatchNormalization of it again",
                    related=(
                        Related(base.location, "pretrained"),
                        Related(fitted.location, "trained here"),
                    ),
                ),
            )
