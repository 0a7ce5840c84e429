"""Queries about events, for rules: which models train, and with which settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bnlint.graph import UNKNOWN, Layer, LayerGraph, Unknown
from bnlint.graph.events import (
    Applied,
    Compiled,
    Differentiated,
    Fitted,
    Lost,
    Model,
    ModeSet,
    Opened,
    Stepped,
    TrainableSet,
)
from bnlint.keras_api.applications import holds_batch_normalization
from bnlint.queries.layers import calls_of, is_batch_normalization


def is_pretrained_family(layer: Layer) -> bool:
    """Whether ``layer`` stands for a model of ``keras.applications`` that normalizes batches."""
    return "weights" in layer.arguments and holds_batch_normalization(layer.kind)


def normalizing(model: Model) -> list[Layer]:
    """The layers of a model that are, or hold, a BatchNormalization."""
    return [
        layer
        for layer in model.layers
        if (is_batch_normalization(layer) and not layer.is_class) or is_pretrained_family(layer)
    ]


def following_the_mode(model: Model, graph: LayerGraph) -> list[Layer]:
    """The layers of :func:`normalizing` that train when the model does: never frozen, and called
    without a mode of their own.
    """
    # The value that `call` passes on is unknown here, but it is known to be its own mode.
    passed_on = (None,) if model.call is None or model.call.sets_training else (None, UNKNOWN)
    return [
        layer
        for layer in normalizing(model)
        if is_never_frozen(layer, graph)
        and all(call.arguments.get("training") in passed_on for call in calls_of(layer))
    ]


def is_never_frozen(layer: Layer, graph: LayerGraph) -> bool:
    """Whether a layer is known to be trainable all the time."""
    return layer.trainable is True and layer not in _touched(graph)


def _touched(graph: LayerGraph) -> set[Layer]:
    """The layers that the program freezes, or may freeze, at some time."""
    found = graph.memo.get("touched")
    if found is None:
        found = graph.memo["touched"] = {
            layer
            for event in graph.events
            if isinstance(event, TrainableSet) and event.value is not True
            for layer in (
                event.target.layers if isinstance(event.target, Model) else (event.target,)
            )
        }
    assert isinstance(found, set)
    return found


# Custom training steps


def trained_without_mode(applied: Applied, graph: LayerGraph) -> Differentiated | None:
    """Where the weights of a model are trained on outputs computed in inference mode.

    Args:
        applied: a call of the model under a tape.
        graph: the graph of the event.

    Returns:
        Where the gradient is taken with respect to the weights of the model, or of a model that
        holds it; ``None`` where there is none, where no optimizer step applies it, where a call
        under the same tape passes the mode, and where the program sets a mode for all calls.
    """
    if applied.training is not None or any(isinstance(e, ModeSet) for e in graph.events):
        return None
    norms = set(following_the_mode(applied.model, graph))
    own = applied.model.call
    if own is not None and (own.trains_by_default or own.sets_training):
        return None
    gradient = next(
        (
            event
            for event in graph.events
            if isinstance(event, Differentiated)
            and event.tape in applied.tapes
            and any(_holds(model, norms) for model in event.models)
        ),
        None,
    )
    if gradient is None:
        return None
    later = graph.events[graph.events.index(gradient) :]
    if not any(isinstance(event, Stepped) for event in later):
        return None
    named = any(
        isinstance(event, Applied)
        and event.training is not None
        and not norms.isdisjoint(event.model.layers)
        and gradient.tape in event.tapes
        for event in graph.events
    )
    return None if named else gradient


def _holds(model: Model, layers: set[Layer]) -> bool:
    return bool(layers) and layers.issubset(model.layers)


# Compiled settings


class Stale(NamedTuple):
    """A setting of ``trainable`` that was made after the model was compiled.

    Attributes:
        setting: where it was set.
        fitted: the training that follows.
        compiled: the compilation that came before.
        is_first: nothing was fitted between ``compiled`` and ``fitted``.
        is_for_another: the setting is meant for another model, which was compiled with it, and
            is still in force for this one.
    """

    setting: TrainableSet
    fitted: Fitted
    compiled: Compiled
    is_first: bool
    is_for_another: bool = False


@dataclass(slots=True)
class _Compilation:
    event: Compiled
    had: dict[Layer, bool | Unknown]
    fitted: bool = False


def stale_settings(graph: LayerGraph, *, first_fit_decides: bool) -> Iterator[Stale]:
    """The settings of ``trainable`` that come too late for the training after them.

    A setting that another model was compiled with does not count: a GAN compiles the
    discriminator, freezes it, and compiles the combined model.

    Args:
        graph: the graph of the program.
        first_fit_decides: a model trains with the settings at its first ``fit``, as in Keras 3;
            otherwise with the settings when it was compiled.
    """
    now: dict[Layer, tuple[bool | Unknown, TrainableSet | None]] = {}
    compilations: dict[Model, _Compilation] = {}
    taken_up: set[TrainableSet] = set()

    def state(layer: Layer) -> tuple[bool | Unknown, TrainableSet | None]:
        if layer not in now:
            given = layer.arguments.get("trainable", True)
            now[layer] = (given if isinstance(given, bool) else UNKNOWN, None)
        return now[layer]

    for event in graph.events:
        match event:
            case TrainableSet(target=target, value=value):
                for layer in target.layers if isinstance(target, Model) else (target,):
                    now[layer] = (value, event)
            case Lost(model=model) | Opened(model=model):
                for layer in model.layers:
                    now[layer] = (UNKNOWN, None)
                if isinstance(event, Lost):
                    compilations.pop(model, None)
            case Compiled(model=model):
                taken_up.update(
                    setting for layer in model.layers if (setting := state(layer)[1]) is not None
                )
                had = {layer: state(layer)[0] for layer in normalizing(model)}
                compilations[model] = _Compilation(event, had)
            case Fitted(model=model) if model in compilations:
                compilation = compilations[model]
                is_first, compilation.fitted = not compilation.fitted, True
                if is_first and first_fit_decides:
                    for layer, before in compilation.had.items():
                        value, setting = state(layer)
                        if (
                            before is True
                            and value is False
                            and setting is not None
                            and setting in taken_up
                            and _stays_frozen(layer, graph)
                        ):
                            yield Stale(setting, event, compilation.event, is_first, True)
                    compilation.had = {layer: state(layer)[0] for layer in compilation.had}
                    continue
                for layer, before in compilation.had.items():
                    value, setting = state(layer)
                    if (
                        setting is not None
                        and setting not in taken_up
                        and UNKNOWN not in (before, value)
                        and before != value
                    ):
                        yield Stale(setting, event, compilation.event, is_first)
            case _:
                pass


def _stays_frozen(layer: Layer, graph: LayerGraph) -> bool:
    """Whether nothing ever unfreezes a layer."""
    return not any(
        isinstance(event, TrainableSet)
        and event.value is not False
        and (layer is event.target or layer in getattr(event.target, "layers", ()))
        for event in graph.events
    )


def takes_part(layers: Collection[Layer], graph: LayerGraph) -> bool:
    """Whether a model that holds one of the layers is compiled or fitted while it may train."""
    frozen: set[Layer] = set()
    waiting: set[Model] = set()
    for event in graph.events:
        match event:
            case TrainableSet(target=target, value=value):
                held = target.layers if isinstance(target, Model) else (target,)
                frozen = frozen.union(held) if value is False else frozen.difference(held)
            case Lost(model=model) | Opened(model=model):
                frozen.difference_update(model.layers)
            case Compiled(model=model):
                waiting.add(model)
                if any(layer in model.layers and layer not in frozen for layer in layers):
                    return True
            case Fitted(model=model) if model in waiting or not _is_compiled(model, graph):
                waiting.discard(model)
                if any(layer in model.layers and layer not in frozen for layer in layers):
                    return True
            case _:
                pass
    return False


def _is_compiled(model: Model, graph: LayerGraph) -> bool:
    return any(isinstance(event, Compiled) and event.model is model for event in graph.events)


def unfrozen_bases(graph: LayerGraph) -> Iterator[tuple[TrainableSet, Layer, Fitted]]:
    """Each ``base.trainable = True`` after which the whole pretrained base is trained."""
    for index, setting in enumerate(graph.events):
        if not isinstance(setting, TrainableSet) or setting.value is not True:
            continue
        if not isinstance(setting.target, Model):
            continue
        for base in filter(is_pretrained_family, setting.target.layers):
            fitted = _fitted_as_set(base, graph, index + 1)
            if fitted is not None and isinstance(base.arguments.get("weights"), str):
                yield setting, base, fitted


def _fitted_as_set(base: Layer, graph: LayerGraph, start: int) -> Fitted | None:
    for event in graph.events[start:]:
        match event:
            case Fitted(model=model) if base in model.layers:
                pinned = any(layer.is_op and base in layer.holds for layer in model.layers)
                return None if pinned else event
            case Lost(model=model) | Opened(model=model) if base in model.layers:
                return None
            case TrainableSet(target=Model() as target) if base in target.layers:
                return None
            case _:
                pass
    return None
