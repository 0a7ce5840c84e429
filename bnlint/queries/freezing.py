"""Which BatchNormalization layers a program freezes, per setting and version of Keras."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bnlint.graph import UNKNOWN, Layer, LayerGraph, Unknown
from bnlint.graph.events import (
    Compiled,
    Event,
    Fitted,
    Lost,
    Model,
    Opened,
    PassedOver,
    TrainableSet,
)
from bnlint.queries.training import is_pretrained_family, normalizing


class Undone(NamedTuple):
    """A BatchNormalization that trains although it was meant to be frozen.

    Attributes:
        event: the event that unfreezes it, or that skips it.
        norm: the layer that trains.
        frozen: where it was frozen; ``None`` where it was skipped.
        fitted: where it trains.
    """

    event: Event
    norm: Layer
    frozen: TrainableSet | None
    fitted: Fitted


class _Settings:
    """The trainable layers after the settings so far.

    Keras 2 sets all layers of a model each time. Keras 3 skips a layer that already has the
    value, and all layers in it.
    """

    def __init__(self, models: list[Model], *, is_3: bool) -> None:
        self._models = models
        self._is_3 = is_3
        self._of_models: dict[Model, bool | Unknown] = {}
        self._of_layers: dict[Layer, bool | Unknown] = {}

    def of(self, layer: Layer) -> bool | Unknown:
        if layer not in self._of_layers:
            given = layer.arguments.get("trainable", True)
            self._of_layers[layer] = given if isinstance(given, bool) else UNKNOWN
        return self._of_layers[layer]

    def doubt(self, model: Model) -> None:
        for layer in model.layers:
            self._of_layers[layer] = UNKNOWN

    def set(self, event: TrainableSet) -> None:
        target = event.target
        if event.only_norms and isinstance(target, Layer):
            self._of_layers[target] = event.value
        elif isinstance(target, Model):
            self._set_model(target, event.value, 0)
        else:
            self._set_layer(target, event.value)

    def _set_layer(self, layer: Layer, value: bool | Unknown) -> None:
        if not is_pretrained_family(layer) or self._takes(layer, value):
            self._of_layers[layer] = value

    def _takes(self, layer: Layer, value: bool | Unknown) -> bool:
        """Whether a network that is drawn as one layer changes by a setting."""
        network = next((m for m in self._models if m.layers == (layer,)), None)
        if network is None:
            return True
        takes = not self._is_3 or self._of_models.get(network, True) != value
        self._of_models[network] = value
        return takes

    def _set_model(self, model: Model, value: bool | Unknown, depth: int) -> None:
        if self._is_3 and self._of_models.get(model, True) == value:
            return
        self._of_models[model] = value
        inside = [
            other
            for other in self._models
            if other is not model and other.layers and set(other.layers) < set(model.layers)
        ]
        covered: set[Layer] = set()
        for other in inside if depth < 4 else ():
            if not any(set(other.layers) < set(larger.layers) for larger in inside):
                covered.update(other.layers)
                self._set_model(other, value, depth + 1)
        for layer in model.layers:
            if layer not in covered:
                self._of_layers[layer] = value


def undone(graph: LayerGraph, *, is_3: bool) -> Iterator[Undone]:
    """The settings that unfreeze a BatchNormalization, and the nested models that a setting
    skips, where a model that holds it is then compiled and fitted.

    Args:
        graph: the graph of the program.
        is_3: the code is for Keras 3.
    """
    models = list(
        dict.fromkeys(
            model
            for event in graph.events
            for model in (getattr(event, "model", None), getattr(event, "target", None))
            if isinstance(model, Model)
        )
    )
    settings = _Settings(models, is_3=is_3)
    chosen: dict[Layer, TrainableSet] = {}
    wrong: dict[Layer, tuple[Event, TrainableSet | None]] = {}
    compiled: dict[Model, dict[Layer, tuple[Event, TrainableSet | None]]] = {}
    for event in graph.events:
        match event:
            case TrainableSet(target=target, value=value):
                held = normalizing(target if isinstance(target, Model) else Model("", (target,)))
                before = {norm: settings.of(norm) for norm in held}
                settings.set(event)
                for norm in held:
                    now = settings.of(norm)
                    if now is False and event.is_chosen and not isinstance(target, Model):
                        chosen[norm] = event
                    elif now is True and norm in chosen and before[norm] is False:
                        if isinstance(target, Model):
                            wrong[norm] = (event, chosen[norm])
                        chosen.pop(norm, None)
                    if now is not True or (value is True and not isinstance(target, Model)):
                        wrong.pop(norm, None)
            case PassedOver(model=model):
                for norm in normalizing(model):
                    wrong[norm] = (event, None)
            case Lost(model=model) | Opened(model=model):
                settings.doubt(model)
                for norm in normalizing(model):
                    wrong.pop(norm, None)
                    chosen.pop(norm, None)
            case Compiled(model=model):
                compiled[model] = {
                    norm: wrong[norm]
                    for norm in normalizing(model)
                    if norm in wrong and settings.of(norm) is True
                }
            case Fitted(model=model):
                for norm, (what, frozen) in compiled.pop(model, {}).items():
                    if not _is_told(norm, model):
                        yield Undone(what, norm, frozen, event)
            case _:
                pass


def _is_told(norm: Layer, model: Model) -> bool:
    """Whether a layer, or a model that holds it, is called in inference mode."""
    return any(call.arguments.get("training") is False for call in norm.calls) or any(
        layer.is_op and norm in layer.holds for layer in model.layers
    )
