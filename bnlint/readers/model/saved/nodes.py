"""The inbound nodes of a saved Functional model, in the dialects of all versions of Keras.

A node is one application of a layer. Keras 3 writes ``{"args": [tensor], "kwargs": {…}}`` with
tensors as objects, Keras 1 and 2 write ``[["layer", node, tensor, kwargs], …]``, and for an op of
Keras 2 the flat ``["layer", node, tensor, {"y": ["other", 0, 0]}]``. Source: the ``functional``
modules of Keras 1.2, 2.15, tf_keras 2.21 and Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from bnlint.graph import UNKNOWN, Unknown
from bnlint.readers.model.errors import ModelError

_DEEPEST: Final = 12
_MOST_AXES: Final = 16
_MOST_TENSORS: Final = 4096
_CONSTANT: Final = "_CONSTANT_VALUE"

Shape: TypeAlias = tuple[int | None, ...] | Unknown
"""With the batch axis; UNKNOWN where not even the rank is known."""


class Reference(NamedTuple):
    """A tensor, by what returned it.

    Attributes:
        layer: the layer's name in the same model.
        node: the number of the call, as the file counts.
        tensor: the index of the result of that call.
        shape: the shape, where the file states it.
        counts_from_first: whether ``node`` counts from 0 for a nested model too, as in the nodes of
            Keras 3; elsewhere a nested model's own drawing may be number 0.
    """

    layer: str
    node: int
    tensor: int
    shape: Shape = UNKNOWN
    counts_from_first: bool = False


class Node(NamedTuple):
    """One application of a layer: operands with references where tensors are."""

    args: list[object]
    kwargs: dict[str, object]

    def references(self) -> list[Reference]:
        """The tensors it is applied to, in order."""
        found: list[Reference] = []
        _collect(self.args, found)
        _collect(self.kwargs, found)
        return found


def read_nodes(inbound: object, is_layer: Callable[[str], bool]) -> list[Node]:
    """The nodes of one layer.

    Args:
        inbound: its ``inbound_nodes``.
        is_layer: whether the model has a layer of that name. Keras 2 writes a tensor and a plain
            list of a string and two numbers alike.

    Raises:
        ModelError: a node is in no known dialect.
    """
    if inbound is None:
        return []
    if not isinstance(inbound, list):
        raise ModelError("its `inbound_nodes` are not a list; the file may be damaged")
    return [
        _keras_3_node(node)
        if isinstance(node, Mapping) and "args" in node
        # Keras 2: a dictionary of tensors is a structure of inputs.
        else _keras_2_node(node, is_layer)
        for node in inbound
    ]


def read_outputs(entry: object) -> list[Reference]:
    """The references in ``output_layers`` or ``input_layers``: one, a list, or a dictionary."""
    found: list[Reference] = []
    _collect_outputs(entry, found, 0)
    return found


def _collect_outputs(entry: object, found: list[Reference], depth: int) -> None:
    if depth > _DEEPEST:
        raise ModelError("its `output_layers` are nested too deeply")
    if isinstance(entry, Mapping):
        for value in entry.values():
            _collect_outputs(value, found, depth + 1)
    elif isinstance(entry, (list, tuple)):
        if _is_reference(entry):
            found.append(_reference(entry))
        else:
            for value in entry:
                _collect_outputs(value, found, depth + 1)
    elif entry is not None:
        raise ModelError("its `output_layers` are in no known form; the file may be damaged")


def _collect(value: object, found: list[Reference]) -> None:
    if isinstance(value, Reference):
        found.append(value)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, found)


def replaced(value: object, tensor: Callable[[Reference], object]) -> object:
    """An operand in which each reference is replaced by the result of ``tensor``."""
    if isinstance(value, Reference):
        return tensor(value)
    if isinstance(value, list):
        return [replaced(item, tensor) for item in value]
    if isinstance(value, dict):
        return {key: replaced(item, tensor) for key, item in value.items()}
    return value


# Keras 3


def _keras_3_node(node: Mapping[str, object]) -> Node:
    args, kwargs = node.get("args"), node.get("kwargs")
    return Node(
        [_operand(item, 0) for item in args] if isinstance(args, list) else [],
        {name: _operand(item, 0) for name, item in kwargs.items()}
        if isinstance(kwargs, dict)
        else {},
    )


def _operand(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        raise ModelError("the operands of a call are nested too deeply")
    if isinstance(value, list):
        return [_operand(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    config = value.get("config")
    if value.get("class_name") == "__keras_tensor__" and isinstance(config, Mapping):
        history = config.get("keras_history")
        if not isinstance(history, list) or not _is_reference(history):
            raise ModelError("a tensor has no history; the file may be damaged")
        name, node, tensor = history[:3]
        return Reference(name, node, _index(tensor), shape_of(config.get("shape")), True)
    if value.get("class_name") in ("__slice__", "__ellipsis__", "__numpy__"):
        return value
    return {key: _operand(item, depth + 1) for key, item in value.items()}


# Keras 1 and 2


def _keras_2_node(node: object, is_layer: Callable[[str], bool]) -> Node:
    if not isinstance(node, (list, Mapping)):
        raise ModelError("a call is in no known form; the file may be damaged")
    found = _Structure(is_layer)
    operands = found.read(node, 0)
    kwargs = {key: found.keyword(value, 0) for key, value in found.kwargs.items()}
    return Node([operands], kwargs)


class _Structure:
    """Reads nested lists of ``[layer, node, tensor, kwargs]``."""

    def __init__(self, is_layer: Callable[[str], bool]) -> None:
        self._is_layer = is_layer
        self.kwargs: dict[str, object] = {}

    def read(self, value: object, depth: int) -> object:
        if depth > _DEEPEST:
            raise ModelError("the operands of a call are nested too deeply")
        if isinstance(value, Mapping):
            return {key: self.read(item, depth + 1) for key, item in value.items()}
        if not isinstance(value, list):
            raise ModelError("a call is in no known form; the file may be damaged")
        if value and value[0] == _CONSTANT and len(value) > 2:
            self._note(value)
            return value[2]
        if _is_reference(value):
            self._note(value)
            return _reference(value)
        return [self.read(item, depth + 1) for item in value]

    def _note(self, value: list[object]) -> None:
        if len(value) > 3 and isinstance(value[3], dict) and not self.kwargs:
            self.kwargs = value[3]

    def keyword(self, value: object, depth: int) -> object:
        """A keyword argument: constants, and tensors as ``["layer", 0, 0]``."""
        if depth > _DEEPEST:
            raise ModelError("the operands of a call are nested too deeply")
        if isinstance(value, dict):
            return {key: self.keyword(item, depth + 1) for key, item in value.items()}
        if not isinstance(value, list):
            return value
        if value and value[0] == _CONSTANT and len(value) > 2:
            return value[2]
        if _is_reference(value) and self._is_layer(str(value[0])):
            return _reference(value)
        return [self.keyword(item, depth + 1) for item in value]


def _is_reference(value: list[object] | tuple[object, ...]) -> bool:
    return (
        len(value) in (3, 4)
        and isinstance(value[0], str)
        and _is_count(value[1])
        and _is_count(value[2])
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _reference(value: list[object] | tuple[object, ...]) -> Reference:
    name, node, tensor = value[:3]
    assert isinstance(name, str)
    assert isinstance(node, int)
    return Reference(name, node, _index(tensor))


def _index(tensor: object) -> int:
    if not isinstance(tensor, int) or not 0 <= tensor < _MOST_TENSORS:
        raise ModelError("a call has an impossible number of results; the file may be damaged")
    return tensor


def shape_of(value: object) -> Shape:
    """A shape with its batch axis; UNKNOWN where ``value`` is none."""
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= _MOST_AXES:
        return UNKNOWN
    if not all(axis is None or _is_count(axis) for axis in value):
        return UNKNOWN
    return tuple(value)
