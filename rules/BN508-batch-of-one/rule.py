"""BN508: BatchNormalization over a batch that has one value for each feature."""

from collections.abc import Iterator
from typing import Final

from bnlint.findings import Related, Severity
from bnlint.graph import Layer, LayerGraph, Tensor
from bnlint.graph.events import Applied, Differentiated, Event, Fitted
from bnlint.keras_api import Role
from bnlint.queries import calls_of, is_batch_normalization
from bnlint.queries.axes import rank
from bnlint.queries.kinds import acting, spec_of
from bnlint.queries.training import following_the_mode
from bnlint.rule import EventRule, Options, Problem

_MOST_STEPS: Final = 50
# Layers whose output has one position if their input has one position.
_KEEPS_POSITIONS: Final = frozenset(
    {Role.ACTIVATION, Role.DROPOUT, Role.NOISE, Role.IDENTITY, Role.NORMALIZATION}
)


class BatchOfOne(EventRule):
    code = "BN508"
    name = "batch-of-one"
    summary = "A model that normalizes features over the batch is fitted on batches of one sample"
    severity = Severity.WARNING

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterator[tuple[Event, Problem | None]]:
        del options
        for event in graph.events:
            samples = _samples(event, graph)
            if isinstance(event, (Fitted, Applied)) and samples is not None:
                following = following_the_mode(event.model, graph)
                norm = next((n for n in following if _has_one_value(n, graph)), None)
                if norm is not None:
                    yield event, _problem(event, norm, graph) if samples == 1 else None


def _samples(event: Event, graph: LayerGraph) -> object:
    """The batch size of a training, in samples; ``None`` for an event that is no training."""
    if isinstance(event, Fitted):
        return event.batch_size if event.batch_size is not None else 0
    if not isinstance(event, Applied) or event.training is not True or event.samples is None:
        return None
    trains = any(
        isinstance(other, Differentiated)
        and other.tape in event.tapes
        and event.model in other.models
        for other in graph.events
    )
    return event.samples if trains else None


def _has_one_value(layer: Layer, graph: LayerGraph) -> bool:
    return is_batch_normalization(layer) and any(
        call.inputs and (rank(call.inputs[0], graph) == 2 or _has_one_position(call.inputs[0]))
        for call in calls_of(layer)
    )


def _has_one_position(tensor: Tensor) -> bool:
    """Whether a map is known to have one position, such as the output of a global pooling."""
    for _ in range(_MOST_STEPS):
        call = tensor.producer
        if call is None or len(call.inputs) != 1:
            return False
        layer = acting(call.layer)
        spec = spec_of(layer)
        if spec is None:
            return False
        if layer.kind.startswith("Global"):
            return layer.arguments.get("keepdims") is True
        if layer.kind == "Reshape":
            shape = layer.arguments.get("target_shape")
            return isinstance(shape, (list, tuple)) and len(shape) > 1 and set(shape[:-1]) == {1}
        of_one = spec.role is Role.LINEAR and _keeps_one_position(layer)
        if not (of_one or spec.role in _KEEPS_POSITIONS):
            return False
        tensor = call.inputs[0]
    return False


def _keeps_one_position(layer: Layer) -> bool:
    kernel = layer.arguments.get("kernel_size", 1)
    sizes = set(kernel) if isinstance(kernel, (list, tuple)) else {kernel}
    return sizes == {1} or (
        layer.arguments.get("padding") == "same" and "Transpose" not in layer.kind
    )


def _problem(event: Event, norm: Layer, graph: LayerGraph) -> Problem:
    flat = any(call.inputs and rank(call.inputs[0], graph) == 2 for call in calls_of(norm))
    of = "a tensor (batch, features)" if flat else "a map of one position"
    return Problem(
        event,
        f"a batch of one sample is its own mean: BatchNormalization of {of}"
        " returns its `beta` whatever comes in, and nothing before it trains",
        help="use larger batches, or LayerNormalization",
        related=(Related(norm.location, "normalizes one value for each feature"),),
    )
