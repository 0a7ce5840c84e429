"""Layers of a live model without effect in it: a branch that was computed and dropped, and an
attribute that is never applied.

A layer that may have an unknown use is left out, so that no rule reports it.
"""

from __future__ import annotations

import gc
from typing import Final

from bnlint.readers.model.keras_objects import (
    Live,
    Node,
    all_layers,
    block,
    flatten,
    graph_of,
    is_functional,
    is_sequential,
    node_view,
)
from bnlint.readers.model.live.mentions import ANY_ATTRIBUTE, names_in, users_classes
from bnlint.readers.model.live.walk import Walker

_NORMALIZATION: Final = "BatchNormalization"
_CONSTRUCTORS: Final = frozenset({"__init__", "__new__", "get_config", "from_config"})
_MOST_NODES: Final = 10_000


def draw_unused(walker: Walker, *, is_all: bool = False) -> None:
    """Draw the BatchNormalization layers that a model holds but does not use.

    Args:
        walker: has drawn the model.
        is_all: everything that was built is known, so that no other model can use the outputs of
            this one.
    """
    _draw_dropped(walker, is_all=is_all)
    _draw_attributes(walker)


def _draw_dropped(walker: Walker, *, is_all: bool) -> None:
    """Branches that start inside the model and lead nowhere."""
    nodes = _left_over(walker, is_all=is_all)
    if not any(_normalizes(node.operation, walker) for node in nodes):
        return
    dropped = _leading_nowhere(nodes, walker, is_all=is_all)
    for node in nodes:
        if id(node) in dropped:
            walker.draw(node, walker.tensors, "")
        else:
            for tensor in node.inputs:
                walker.tensors.get(tensor).leaves = True


def _leading_nowhere(nodes: list[Node], walker: Walker, *, is_all: bool) -> set[int]:
    """The calls among ``nodes``, by identity, that no model used.

    A model that was built on top of this one, or trained beside it, may be deleted already. So a
    branch that joins something else, or ends in a head of its own, counts as used, unless
    everything is known.
    """
    elsewhere = _nodes_of_models()
    made = {id(tensor) for node in nodes for tensor in node.outputs}
    consumers: dict[int, list[Node]] = {}
    for node in nodes:
        for tensor in node.inputs:
            consumers.setdefault(id(tensor), []).append(node)
    found: set[int] = set()
    for node in reversed(nodes):
        behind = [after for tensor in node.outputs for after in consumers.get(id(tensor), ())]
        if id(node.node) in elsewhere or not all(id(after) in found for after in behind):
            continue
        is_apart = all(id(tensor) in made or tensor in walker.tensors for tensor in node.inputs)
        if is_all or (is_apart and (behind or not _is_head(node.operation))):
            found.add(id(node))
    return found


def _is_head(operation: Live) -> bool:
    """Whether an operation may be the last one of a model rather than an inner one."""
    learns = bool(getattr(operation, "trainable_weights", ()))
    return learns and type(operation).__name__ != _NORMALIZATION


def _left_over(walker: Walker, *, is_all: bool) -> list[Node]:
    """The calls on tensors inside the model that are not drawn, in order.

    A call on an output of the model may belong to another model on top of it.
    """
    tensors = walker.tensors
    reached = {id(tensor) for tensor in tensors if is_all or not tensors.get(tensor).leaves}
    pending = [tensor for tensor in tensors if id(tensor) in reached]
    found: dict[int, Node] = {}
    while pending and len(found) < _MOST_NODES:
        operation = pending.pop(0)._keras_history[0]
        for node in getattr(operation, "_outbound_nodes", ()):
            view = node_view(node)
            if id(node) in found or all(tensor in tensors for tensor in view.outputs):
                continue
            if any(id(tensor) in reached for tensor in view.inputs):
                found[id(node)] = view
                reached.update(map(id, view.outputs))
                pending += view.outputs
    return _in_order(list(found.values()))


def _in_order(nodes: list[Node]) -> list[Node]:
    """The nodes, each after the nodes that compute its inputs."""
    producers = {id(tensor): node for node in nodes for tensor in node.outputs}
    ordered: dict[int, Node] = {}
    pending = list(reversed(nodes))
    while pending:
        node = pending[-1]
        before = [
            producer
            for tensor in node.inputs
            if (producer := producers.get(id(tensor))) is not None and id(producer) not in ordered
        ]
        if before and len(pending) <= _MOST_NODES:
            pending += before
        else:
            ordered.setdefault(id(pending.pop()), node)
    return list(ordered.values())


def _normalizes(operation: Live, walker: Walker) -> bool:
    """Whether an undrawn BatchNormalization is, or is in, what a call applies."""
    return any(
        type(layer).__name__ == _NORMALIZATION and id(layer) not in walker.drawn
        for layer in all_layers(operation)
    )


def _nodes_of_models() -> set[int]:
    """The calls of all models that still exist, by identity."""
    return {
        id(node)
        for value in gc.get_objects()
        if hasattr(type(value), "_flatten_layers")
        and (is_functional(value) or is_sequential(value))
        and (graph := graph_of(value)) is not None
        for node in flatten(list(getattr(graph, "_nodes_by_depth", {}).values()))
    }


def _draw_attributes(walker: Walker) -> None:
    for owner, prefix in list(walker.entered.values()):
        if id(owner) in walker.drawn:
            continue
        mentioned = _mentioned(type(owner))
        if mentioned & ANY_ATTRIBUTE:
            continue
        for name, value in vars(owner).items():
            if name.startswith("_") and not _is_users(name, owner):
                continue
            for layer in _layers_in(value, walker):
                if name not in mentioned and _never_applied(layer, walker):
                    walker.layer(layer, f"{prefix}{layer.name}")


def _is_users(name: str, owner: Live) -> bool:
    """Whether a private attribute is the user's own rather than Keras's."""
    if name in ANY_ATTRIBUTE:
        return False
    return any(name in names_in(base) for base in users_classes(type(owner)))


def _layers_in(value: object, walker: Walker) -> list[Live]:
    return [item for item in flatten(value) if walker.keras.is_layer(item)]


def _never_applied(layer: Live, walker: Walker) -> bool:
    return (
        block(layer) is not None
        and type(layer).__name__ == _NORMALIZATION
        and id(layer) not in walker.drawn
        and not layer.built
        and not layer._inbound_nodes
    )


def _mentioned(cls: type) -> set[str]:
    """The names in all methods of a user's class but its constructor."""
    return {name for base in users_classes(cls) for name in names_in(base, without=_CONSTRUCTORS)}
