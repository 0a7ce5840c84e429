"""One view of the live objects of Keras 3, Keras 2 and tf_keras, without importing any of them.

The class of an object shows which Keras made it; the modules of that Keras are already loaded.
Facts: KERAS_FACTS section 6.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

Live: TypeAlias = Any
"""A layer, model, op or tensor of whichever Keras is installed; mypy knows none of them."""

_TOPS: Final = ("keras", "tf_keras", "tensorflow", "keras_core")


@dataclass(frozen=True, slots=True)
class Keras:
    """One of the Keras implementations that may be loaded.

    Attributes:
        top: the package, ``"keras"`` or ``"tf_keras"``.
        layer_class: its ``Layer``.
        era: 3 for Keras 3, 2 for Keras 2 and tf_keras.
    """

    top: str
    layer_class: type[Live]
    era: int

    @property
    def module(self) -> Live:
        return sys.modules[self.top]

    @property
    def backend(self) -> str:
        """``"tensorflow"``, ``"jax"``, …"""
        return str(self.module.backend.backend()) if self.era >= 3 else "tensorflow"

    def is_layer(self, value: object) -> bool:
        return isinstance(value, self.layer_class)

    def is_tensor(self, value: Live) -> bool:
        """Whether ``value`` is a symbolic tensor of this Keras."""
        return "KerasTensor" in _names(_class(value))

    def image_data_format(self) -> str:
        return str(self.module.backend.image_data_format())


def keras_of(value: Live) -> Keras | None:
    """The Keras that ``value``, a layer or model, belongs to; ``None`` for anything else."""
    return _keras_of_class(_class(value))


def _class(value: object) -> Live:
    """The class of ``value``, of a type that mypy lets into a cache."""
    return type(value)


@lru_cache(maxsize=512)
def _keras_of_class(cls: type) -> Keras | None:
    for base in cls.__mro__:
        top = base.__module__.partition(".")[0]
        if base.__name__ == "Layer" and top in _TOPS and top in sys.modules:
            # Keras 2 has it in engine/base_layer.py, tf.keras of old in tensorflow.python.keras.
            era = 2 if base.__module__.endswith("base_layer") else 3
            return Keras(top if top != "tensorflow" else "keras", base, era)
    return None


@lru_cache(maxsize=4096)
def _names(cls: type) -> frozenset[str]:
    """The names of a class and its bases, as far as they are Keras's own."""
    return frozenset(base.__name__ for base in cls.__mro__ if is_keras_class(base))


def is_keras_class(cls: type) -> bool:
    """Whether ``cls`` is defined by Keras itself, as a building block.

    ``keras.applications`` is treated as user code: it is built from the other classes.
    """
    return is_keras_module(cls.__module__) and "applications" not in cls.__module__.split(".")


def is_keras_module(name: str) -> bool:
    """Whether the module of this name belongs to Keras or TensorFlow."""
    return name.partition(".")[0] in _TOPS


def is_model(value: Live) -> bool:
    return "Model" in _names(_class(value))


def is_functional(value: Live) -> bool:
    """Whether ``value`` is a model whose graph of nodes defines its computation."""
    names = _names(_class(value))
    if "Functional" in names or (
        "Sequential" not in names and getattr(value, "_is_graph_network", False)
    ):
        call = _owner(type(value), "call")
        return call is None or is_keras_class(call)
    return False


def is_sequential(value: Live) -> bool:
    call = _owner(type(value), "call")
    return "Sequential" in _names(_class(value)) and (call is None or is_keras_class(call))


def is_pipeline(value: Live) -> bool:
    """Whether it is a layer of Keras 3 that only applies others, one after the other."""
    call = _owner(type(value), "call")
    return call is not None and call.__name__ == "Pipeline" and is_keras_class(call)


def computes(value: Live) -> bool:
    """Whether ``value`` has a ``call``, other than the base class's that only raises."""
    owner = _owner(type(value), "call")
    return is_functional(value) or (
        owner is not None and not (owner.__name__ in ("Layer", "Model") and is_keras_class(owner))
    )


def _owner(cls: type, method: str) -> type | None:
    """The class among ``cls`` and its bases that defines ``method``."""
    return next((base for base in cls.__mro__ if method in vars(base)), None)


def block(value: Live) -> type | None:
    """The class of Keras that computes the same as ``value``: its own class or a base class.

    ``None`` for a layer whose ``call`` is a user's code.
    """
    return block_class(type(value))


def block_class(cls: type) -> type | None:
    """:func:`block` of the objects of a class."""
    computes = next((base for base in cls.__mro__ if {"call", "__call__"} & vars(base).keys()), cls)
    if not is_keras_class(computes):
        return None
    return next(base for base in cls.__mro__ if is_keras_class(base))


def layers_of_sequential(model: Live) -> list[Live]:
    """The layers in order, an InputLayer left out."""
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def graph_of(model: Live) -> Live | None:
    """The object that holds a model's nodes: the model, or the one inside a built Sequential."""
    if is_sequential(model):
        if hasattr(model, "_functional"):
            return model._functional
        return model if getattr(model, "_is_graph_network", False) else None
    return model if is_functional(model) else None


def sublayers(layer: Live) -> list[Live]:
    """The layers that ``layer`` holds directly, as attributes or in containers."""
    flatten = getattr(layer, "_flatten_layers", None)
    if flatten is None:
        return []
    return list(flatten(include_self=False, recursive=False))


def all_layers(layer: Live) -> list[Live]:
    """``layer`` and every layer in it."""
    flatten = getattr(layer, "_flatten_layers", None)
    return [layer] if flatten is None else list(flatten())


# Nodes


@dataclass(frozen=True, slots=True)
class Node:
    """One application of a layer or op in a graph of symbolic tensors.

    Attributes:
        node: the object itself.
        operation: the layer or op.
        args: positional arguments of the call, with tensors of Keras in them.
        kwargs: its keyword arguments.
        inputs: the tensors among them, flat.
        outputs: the tensors it returns, flat.
    """

    node: Live
    operation: Live
    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    inputs: tuple[Live, ...]
    outputs: tuple[Live, ...]


def node_view(node: Live) -> Node:
    if hasattr(node, "operation"):
        args, kwargs = node.arguments.args, node.arguments.kwargs
        operation, inputs, outputs = node.operation, node.input_tensors, node.outputs
    else:
        args, kwargs = node.call_args or (), node.call_kwargs or {}
        operation, inputs, outputs = node.layer, node.keras_inputs, flatten(node.outputs)
    return Node(node, operation, tuple(args), dict(kwargs), tuple(inputs), tuple(outputs))


def nodes_of(graph: Live) -> list[Node]:
    """The nodes of a model in an order of computation, its inputs left out."""
    by_depth: Mapping[int, list[Live]] = graph._nodes_by_depth
    return [
        node_view(node)
        for depth in sorted(by_depth, reverse=True)
        for node in by_depth[depth]
        if not node.is_input
    ]


def inputs_of(graph: Live) -> list[Live]:
    return list(flatten(graph.inputs))


def outputs_of(graph: Live) -> list[Live]:
    return list(flatten(graph.outputs))


def output_structure(graph: Live) -> object:
    """What calling the model returns: a tensor, or a structure of them."""
    for name in ("_outputs_struct", "_nested_outputs"):
        if hasattr(graph, name):
            return getattr(graph, name)
    outputs = outputs_of(graph)
    return outputs[0] if len(outputs) == 1 else outputs


def training_default(layer: Live) -> object:
    """The default of the ``training`` argument of a layer's ``call``; ``None`` without one.

    If it is not ``None``, Keras records it with each call, although the model's mode applies.
    """
    try:
        parameter = inspect.signature(layer.call).parameters.get("training")
    except (TypeError, ValueError):
        return None
    return None if parameter is None else parameter.default


def takes_training(layer: Live) -> bool:
    """Whether ``call`` of a layer has an argument ``training``."""
    try:
        return "training" in inspect.signature(layer.call).parameters
    except (TypeError, ValueError):
        return False


# Structures


def flatten(structure: object) -> Iterator[Live]:
    """The leaves of nested lists, tuples and dictionaries, the latter by key as Keras does."""
    if isinstance(structure, Mapping):
        for key in sorted(structure, key=str):
            yield from flatten(structure[key])
    elif isinstance(structure, (list, tuple)):
        for item in structure:
            yield from flatten(item)
    else:
        yield structure


def map_structure(function: Callable[[Live], object], structure: object) -> Live:
    """The same structure with every leaf replaced."""
    if isinstance(structure, Mapping):
        return {key: map_structure(function, value) for key, value in structure.items()}
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(map_structure(function, value) for value in structure))
    if isinstance(structure, (list, tuple)):
        kind = list if isinstance(structure, list) else tuple
        return kind(map_structure(function, value) for value in structure)
    return function(structure)


def as_tensors(structure: object, keras: Keras) -> Live:
    """The arrays of a structure as tensors of TensorFlow, whose texts are no arrays of NumPy."""
    if keras.backend != "tensorflow":
        return structure
    tf: Live = sys.modules["tensorflow"]

    def constant(value: Live) -> Live:
        return tf.constant(value) if hasattr(value, "shape") else value

    return map_structure(constant, structure)


def shape_of(tensor: Live) -> tuple[int | None, ...] | None:
    """The shape of any sort of tensor; ``None`` where not even the rank is known."""
    shape = getattr(tensor, "shape", None)
    if shape is None:
        return None
    as_list = getattr(shape, "as_list", None)
    try:
        axes = as_list() if as_list is not None else list(shape)
    except (TypeError, ValueError):
        return None
    return tuple(axis if isinstance(axis, int) else None for axis in axes)
