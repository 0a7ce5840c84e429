"""BN604: a layer imported by a path that the target version of Keras does not have."""

from collections.abc import Iterator

from bnlint.findings import Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.graph.events import Event, Imported
from bnlint.keras_api.removed import LEFT_OF_PRIVATE, PRIVATE, removed_path
from bnlint.queries import batch_normalizations
from bnlint.repair import ReplaceModule
from bnlint.rule import Options, Problem, Rule


class RemovedImport(Rule):
    code = "BN604"
    name = "removed-import"
    summary = "A layer by an import path that the target's Keras does not have"
    severity = Severity.ERROR

    def candidates(self, graph: LayerGraph) -> list[Layer]:
        return [layer for layer in graph.layers if removed_path(layer.path) is not None]

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        del layer, graph, options
        return True

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        if layer.imported in [e.location for e in graph.events if isinstance(e, Imported)]:
            return
        target, found = options.target, removed_path(layer.path)
        if target is None or found is None or not target.refuses(found[1]):
            return
        module, removed = found
        new = removed.instead
        place = layer.imported or layer.location
        yield Problem(
            layer,
            f"layers can't be imported from `{module}` in {target}",
            location=place,
            help=f"take layers from `{new if new.endswith('.layers') else f'{new}.layers'}`",
            repair=ReplaceModule(place, module, new),
        )

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        for event in graph.events:
            if isinstance(event, Imported) and batch_normalizations(graph):
                target = options.target
                is_3 = target is not None and target.is_from((3,))
                yield event, _private(event, str(target)) if is_3 else None


def _private(event: Imported, target: str) -> Problem:
    part = event.path.removeprefix(PRIVATE).lstrip(".").partition(".")[0]
    if part in ("", "*", "layers"):
        return Problem(
            event,
            f"layers can't be imported from `{PRIVATE}` in {target}",
            help="take layers from `tensorflow.keras.layers`",
            repair=ReplaceModule(event.location, PRIVATE, "tensorflow.keras"),
        )
    is_left = part in LEFT_OF_PRIVATE
    told = "is part of an old Keras that TensorFlow keeps for itself" if is_left else "is gone"
    return Problem(
        event,
        f"`{PRIVATE}.{part}` {told}: it is not that of {target}",
        help="take it from `tensorflow.keras`",
        severity=Severity.WARNING if is_left else None,
    )
