"""A second model from the config of a live one, in which some layers have no bias."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    all_layers,
    graph_of,
    is_functional,
    is_keras_class,
    is_sequential,
)
from bnlint.readers.model.undisturbed import undisturbed

_SWITCHES: Final[Mapping[str, object]] = {"use_bias": False, "bias_axes": None}
"""The attribute that ``get_config`` takes the bias from, and what it is without one."""


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
        layers: those whose config is to say that they have no bias, at any depth.
        trusted: whether code in the config, such as a lambda, may be loaded again.

    Returns:
        The new model, with weights of its own that are not those of ``model`` yet, and its layers
        by the identity of those that they were made after.

    Raises:
        InspectionError: Keras can't do it, or makes another model of the config.
    """
    custom = {cls.__name__: cls for cls in map(type, all_layers(model)) if not is_keras_class(cls)}
    try:
        with (
            undisturbed(model, keras),
            _without_biases(layers),
            keras.module.utils.custom_object_scope(custom),
            _code_allowed(keras) if trusted else contextlib.nullcontext(),
        ):
            new = type(model).from_config(model.get_config())
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise InspectionError(
            f"the model {model.name} can't be rebuilt from its config: {said}"
        ) from error
    old_layers, new_layers = all_layers(model), all_layers(new)
    # Not by name: what a layer of a user's own makes in its constructor may be named automatically.
    if list(map(type, old_layers)) != list(map(type, new_layers)):
        raise InspectionError(
            f"the model {model.name} can't be rebuilt: its config gives other layers than it has"
            " (is one shared between nested models?)"
        )
    for old, twin in zip(old_layers, new_layers, strict=True):
        # A nested model's config lacks it. Setting it reaches all layers inside, which come later.
        if twin.trainable != old.trainable:
            twin.trainable = old.trainable
    return new, {id(old): twin for old, twin in zip(old_layers, new_layers, strict=True)}


def copy_weights(model: Live, new: Live, layers: Sequence[Live]) -> None:
    """Give a rebuilt model the weights of the first, except for the biases of ``layers``.

    Raises:
        InspectionError: they don't fit.
    """
    gone = {id(layer.bias) for layer in layers}
    sources = [weight for weight in model.weights if id(weight) not in gone]
    targets = list(new.weights)
    if [_form(weight) for weight in sources] != [_form(weight) for weight in targets]:
        raise InspectionError(
            f"the model {model.name} can't be rebuilt: its config gives other weights than it has"
        )
    for source, target in zip(sources, targets, strict=True):
        target.assign(source.numpy())


def _code_allowed(keras: Keras) -> contextlib.AbstractContextManager[object]:
    """Where Keras makes a Lambda layer of what it wrote into a config itself."""
    library = sys.modules.get(f"{keras.top}.src.saving.serialization_lib")
    scope: Live = getattr(library, "SafeModeScope", None)
    return contextlib.nullcontext() if scope is None else scope(safe_mode=False)


def _form(weight: Live) -> tuple[str, tuple[int, ...]]:
    name = str(weight.name).rpartition("/")[2].partition(":")[0]
    return name, tuple(int(axis) for axis in weight.shape)


@contextlib.contextmanager
def _without_biases(layers: Sequence[Live]) -> Iterator[None]:
    """Let live layers say meanwhile that they have no bias."""
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
