"""A second model from the config of a live one, in which some layers have no bias."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    all_layers,
    graph_of,
    is_functional,
    is_keras_class,
    is_sequential,
    nodes_of,
)
from bnlint.readers.model.layer_state import copy_state
from bnlint.readers.model.undisturbed import undisturbed

_SWITCHES: Final[Mapping[str, object]] = {"use_bias": False, "bias_axes": None}
"""The attribute from which ``get_config`` takes the bias, and its value without a bias."""


def require_config(model: Live) -> None:
    """Refuse a model whose config does not hold its layers.

    Raises:
        InspectionError: it is a subclassed model, or a Sequential one that was never built.
    """
    if graph_of(model) is None or not (is_functional(model) or is_sequential(model)):
        raise InspectionError(
            f"the model {getattr(model, 'name', model)} can't be rebuilt: only Functional and built"
            " Sequential models have all their layers in their config"
        )


def rebuilt(
    model: Live, keras: Keras, layers: Sequence[Live], *, trusted: bool
) -> tuple[Live, dict[int, Live]]:
    """Build a model anew from its config, with ``use_bias=False`` on some layers.

    Args:
        model: a Functional or built Sequential model, which is left as it was.
        keras: its Keras.
        layers: the layers whose config should have no bias, at any depth.
        trusted: whether code in the config, such as a lambda, may be loaded again.

    Returns:
        The new model, whose weights are not those of ``model`` yet, and its layers by the identity
        of the original layers. A model with a graph and a user's class becomes a plain model:
        that class would construct the layers in its usual way.

    Raises:
        InspectionError: Keras can't do it, or makes another model of the config.
    """
    custom = {cls.__name__: cls for cls in map(type, all_layers(model)) if not is_keras_class(cls)}
    try:
        with (
            undisturbed([model], keras),
            _without_biases(layers),
            _plain_models(model),
            keras.module.utils.custom_object_scope(custom),
            code_allowed(keras, trusted=trusted),
        ):
            new = type(model).from_config(model.get_config())
    except Exception as error:
        said = in_one_line(error)
        raise InspectionError(
            f"the model {model.name} can't be rebuilt from its config: {said}"
        ) from error
    old_layers, new_layers = _layers_in_graph(model), _layers_in_graph(new)
    # Not by name: layers that a user's layer makes in its constructor may have automatic names.
    if list(map(_plain_class, old_layers)) != list(map(type, new_layers)):
        raise InspectionError(
            f"the model {model.name} can't be rebuilt: its config gives other layers than it has"
            " (is one shared between nested models?)"
        )
    for old, twin in zip(old_layers, new_layers, strict=True):
        # A nested model's config lacks it. Setting it reaches all layers inside, which come later.
        if twin.trainable != old.trainable:
            twin.trainable = old.trainable
    return new, {id(old): twin for old, twin in zip(old_layers, new_layers, strict=True)}


def copy_weights(model: Live, twins: Mapping[int, Live], layers: Sequence[Live]) -> None:
    """Give a rebuilt model the weights of the first, except for the biases of ``layers``.

    Raises:
        InspectionError: they don't fit.
    """
    gone = {id(layer.bias) for layer in layers}
    try:
        for old in _layers_in_graph(model):
            if graph_of(old) is None and id(old) in twins:
                copy_state(old, twins[id(old)], gone)
    except (InspectionError, ValueError) as error:
        raise InspectionError(f"the model {model.name} can't be rebuilt: {error}") from error


def _layers_in_graph(model: Live) -> list[Live]:
    """A model and all layers in it, except those that a user's class holds outside the graph."""
    graph = graph_of(model)
    if graph is None:
        return all_layers(model)
    applied = {id(node.operation) for node in nodes_of(graph)}
    found = [model]
    for layer in model.layers:
        if id(layer) in applied:
            found += _layers_in_graph(layer)
    return found


def _plain_class(model: Live) -> type:
    """The class of Keras of a model with a graph; the own class of any other layer."""
    cls = type(model)
    if graph_of(model) is None or is_keras_class(cls):
        return cls
    names = ("Sequential",) if is_sequential(model) else ("Functional", "Model")
    bases = [base for base in cls.__mro__ if is_keras_class(base)]
    return next(base for name in names for base in bases if base.__name__ == name)


@contextlib.contextmanager
def _plain_models(model: Live) -> Iterator[None]:
    """In the block, models with a graph and a user's class are plain models of Keras."""
    swapped = [
        (each, type(each))
        for each in _layers_in_graph(model)
        if graph_of(each) is not None and _plain_class(each) is not type(each)
    ]
    try:
        for each, _ in swapped:
            object.__setattr__(each, "__class__", _plain_class(each))
        yield
    finally:
        for each, cls in swapped:
            object.__setattr__(each, "__class__", cls)


def code_allowed(keras: Keras, *, trusted: bool) -> contextlib.AbstractContextManager[object]:
    """A context in which Keras may load Lambda code from a config that it wrote, if trusted."""
    if not trusted:
        return contextlib.nullcontext()
    library = sys.modules.get(f"{keras.top}.src.saving.serialization_lib")
    scope: Live = getattr(library, "SafeModeScope", None)
    return contextlib.nullcontext() if scope is None else scope(safe_mode=False)


@contextlib.contextmanager
def _without_biases(layers: Sequence[Live]) -> Iterator[None]:
    """In the block, the configs of live layers have no bias."""
    kept: list[tuple[dict[str, object], str, object]] = []
    try:
        for layer in layers:
            names: dict[str, object] = layer.__dict__  # not by setattr: Keras tracks what is set so
            for switch in _SWITCHES.keys() & names.keys():
                kept.append((names, switch, names[switch]))
                names[switch] = _SWITCHES[switch]
        yield
    finally:
        for names, switch, value in kept:
            names[switch] = value
