"""Makes a layer of the graph from the class and config of a layer in a model.

Live models and saved files both describe a layer by the class's name, the module and registered
name of that class, and ``get_config()``. :func:`new_layer` makes the same from it as the source
reader from the constructor call: the canonical kind, arguments with today's names and defaults,
the activation by its canonical name. A class that is not Keras's own always has an unknown kind,
whatever its name.

Source of the formats: the saving modules of Keras 1.2, 2.15, tf_keras 2.21 and Keras 3.15.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Layer, LayerGraph, Value
from bnlint.keras_api import LayerSpec, Role
from bnlint.readers.model.documents import without_wrapping

CUSTOM_OBJECT: Final = ">"
"""Stands between package and name in the registered name of a class that is not Keras's own."""

# Config entries that are no constructor arguments, or that the graph stores elsewhere.
_NOT_ARGUMENTS: Final = frozenset({"name", "trainable", "batch_input_shape", "batch_shape"})
_MODEL_CLASSES: Final = {
    "Functional": "Functional",
    "Model": "Functional",
    "Container": "Functional",
    "Network": "Functional",
    "Sequential": "Sequential",
    "Pipeline": "Sequential",  # a layer, which applies others in their order
}
# Arguments of initializers that do not change what is initialised.
_INSIGNIFICANT: Final = frozenset({"seed", "dtype", "input_axes", "output_axes"})
_MOST_ITEMS: Final = 64
_LARGEST: Final = 2**63
_DEEPEST: Final = 6
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Description(NamedTuple):
    """What a model says of one layer.

    Attributes:
        class_name: ``"Conv2D"``; ``"Addons>GroupNormalization"`` in Keras 2.
        config: what the layer's ``get_config()`` returns, or the file holds: JSON types, or
            objects that :func:`plain` makes UNKNOWN.
        module: the class's module where it is known: ``"keras.layers"``,
            ``"keras.src.layers.core.dense"``, ``"my_project.blocks"``.
        registered_name: ``"my_package>Block"`` of a registered class; ``None`` for Keras's own.
    """

    class_name: str
    config: Mapping[str, object]
    module: str | None = None
    registered_name: str | None = None

    @property
    def name(self) -> str | None:
        """The layer's own name."""
        name = self.config.get("name")
        return name if isinstance(name, str) else None


def from_serialized(entry: object) -> Description | None:
    """The description in a serialized object, ``{"class_name": …, "config": {…}, …}``.

    Args:
        entry: one entry of ``config["layers"]``, the ``layer`` of a wrapper's config, ….

    Returns:
        ``None`` where it is no such object. A Sequential of Keras 2.0 has a list for a config; it
        becomes ``{"layers": […]}``.
    """
    if not isinstance(entry, Mapping):
        return None
    class_name, config = entry.get("class_name"), entry.get("config")
    if not isinstance(class_name, str):
        return None
    if isinstance(config, list):
        config = {"layers": config}
    if not isinstance(config, Mapping):
        return None
    module, registered = entry.get("module"), entry.get("registered_name")
    if "name" not in config and isinstance(entry.get("name"), str):
        config = {**config, "name": entry["name"]}
    return Description(
        class_name,
        config,
        module if isinstance(module, str) else None,
        registered if isinstance(registered, str) else None,
    )


def is_kerass_own(description: Description) -> bool:
    """Whether the class is one of Keras's, not a user's own of the same or another name.

    Files of Keras 1 and 2 have neither module nor registered name; a class whose name Keras has
    is taken for Keras's. For other classes, Keras 3 writes a registered name without a module.
    """
    if CUSTOM_OBJECT in description.class_name:
        return False
    registered = description.registered_name or ""
    if CUSTOM_OBJECT in registered and not registered.startswith("keras" + CUSTOM_OBJECT):
        return False
    module = description.module
    if not module:
        return not registered
    return keras_api.is_keras_path(module) and "applications" not in module.split(".")


def model_class(description: Description) -> str | None:
    """``"Functional"`` or ``"Sequential"`` where a nested model is described; ``None`` for a layer.

    A user's own model class counts as Functional where its config has a graph: its additions to
    ``Model`` do not change the saved graph.
    """
    if is_kerass_own(description) and description.class_name in _MODEL_CLASSES:
        return _MODEL_CLASSES[description.class_name]
    config = description.config
    if isinstance(config.get("layers"), list) and "output_layers" in config:
        return "Functional"
    return None


def new_layer(
    graph: LayerGraph,
    description: Description,
    location: Location,
    *,
    wraps: Layer | None = None,
) -> Layer:
    """Add the layer that is described to ``graph``; it is applied to nothing yet.

    Args:
        graph: gets the new layer, and before it the layer that a wrapper holds.
        description: what the model says of it.
        location: where it is, in a saved model the file and the layer's path.
        wraps: the inner layer of a wrapper where the caller has made it already. Otherwise it is
            made of the wrapper's config, and its path lies below the wrapper's.

    Returns:
        The layer; :attr:`Layer.kind` is a key of :mod:`bnlint.keras_api` for a class of Keras's
        own, else no such key, and :attr:`Layer.escaped` says that it can't be judged.
    """
    spec = keras_api.layer_named(description.class_name) if is_kerass_own(description) else None
    config = description.config
    if spec is None:
        layer = graph.new_layer(_foreign_kind(description), {}, location, name=description.name)
        layer.escaped = True
    else:
        if wraps is None and spec.role is Role.WRAPPER:
            wraps = _inner(graph, config.get("layer"), location)
        kind, arguments = _bound(description.class_name, spec, config)
        if wraps is not None:
            arguments["layer"] = wraps
        layer = graph.new_layer(kind, arguments, location, name=description.name, wraps=wraps)
    trainable = config.get("trainable", True)
    layer.trainable = trainable if isinstance(trainable, bool) else UNKNOWN
    return layer


def _inner(graph: LayerGraph, entry: object, location: Location) -> Layer | None:
    inner = from_serialized(entry)
    if inner is None or model_class(inner) is not None:
        return None
    name = inner.name or inner.class_name
    path = name if location.path is None else f"{location.path}/{name}"
    return new_layer(graph, inner, location._replace(path=path))


def _foreign_kind(description: Description) -> str:
    """A name for a class that is not Keras's: never one of Keras's kinds."""
    name = description.registered_name or description.class_name
    if keras_api.layer(name) is None:
        return name
    return f"{description.module or 'custom'}.{name}"


def _bound(
    class_name: str, spec: LayerSpec, config: Mapping[str, object]
) -> tuple[str, dict[str, Value]]:
    """The kind and the arguments: of this config, with defaults for what it leaves out."""
    given = {
        name: activation(value) if name == "activation" else plain(value)
        for name, value in config.items()
        if name not in _NOT_ARGUMENTS
    }
    arguments = keras_api.bind(class_name, (), given).arguments
    axis = arguments.get("axis")
    if spec.role is Role.NORMALIZATION and isinstance(axis, tuple) and len(axis) == 1:
        # With virtual batches, Keras 2 counts the axis that it puts before the others.
        more = arguments.get("virtual_batch_size") is not None and isinstance(axis[0], int)
        arguments["axis"] = axis[0] - more if more else axis[0]
    if spec.kind != "Merge":
        return spec.kind, arguments
    # Keras 1's one merge for all modes.
    arguments["axis"] = arguments.get("concat_axis", -1)
    return keras_api.merge_kind(arguments.get("mode")), arguments


def plain(value: object, depth: int = 0) -> Value:
    """A value of a config as the graph has it: constants, tuples, a name for a default
    initializer; UNKNOWN for other objects and for what is too large to be an argument.
    """
    if value is None or isinstance(value, (bool, float, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST else UNKNOWN
    if depth > _DEEPEST:
        return UNKNOWN
    if isinstance(value, Mapping):
        return _plain_object(value, depth)
    if isinstance(value, (list, tuple)) and len(value) <= _MOST_ITEMS:
        return tuple(plain(item, depth + 1) for item in value)
    return UNKNOWN


def _plain_object(entry: Mapping[str, object], depth: int) -> Value:
    class_name, config = entry.get("class_name"), entry.get("config")
    sequence = without_wrapping(entry)
    if isinstance(sequence, (list, tuple)):
        return plain(sequence, depth)
    if class_name in ("DTypePolicy", "Policy") and isinstance(config, Mapping):
        name = config.get("name")
        return name if isinstance(name, str) else UNKNOWN
    significant = isinstance(config, Mapping) and any(
        value is not None for name, value in config.items() if name not in _INSIGNIFICANT
    )
    module = entry.get("module")
    if (
        isinstance(class_name, str)
        and isinstance(config, Mapping)
        and not significant
        and (module is None or module == "keras.initializers")
        and CUSTOM_OBJECT not in class_name
    ):
        return snake_case(class_name)
    return UNKNOWN


def activation(value: object) -> Value:
    """The canonical name of a config's activation, ``None`` for none, UNKNOWN for a user's own.

    Args:
        value: a name, or the serialized form of a function or of an activation layer.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return keras_api.activation_name(value) or UNKNOWN
    if not isinstance(value, Mapping):
        return UNKNOWN
    described = from_serialized(value)
    if described is not None and is_kerass_own(described):
        # An activation layer in the place of a function: LeakyReLU(0.1).
        spec = keras_api.layer_named(described.class_name)
        if spec is not None and spec.activation == "?":
            return activation(described.config.get("activation"))
        return spec.activation if spec is not None and spec.activation is not None else UNKNOWN
    module, name = value.get("module"), value.get("config")
    if isinstance(module, str) and isinstance(name, str) and keras_api.is_keras_path(module):
        return keras_api.activation_name(name) or UNKNOWN
    return UNKNOWN


@lru_cache(maxsize=256)
def snake_case(name: str) -> str:
    """``"GlorotUniform"`` -> ``"glorot_uniform"``, as Keras names functions and objects."""
    return _WORDS.sub("_", name).lower()
