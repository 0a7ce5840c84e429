"""A live model -> layer graph, along the nodes that Keras kept of its calls.

A Functional or built Sequential model holds a node for each call. Models inside of it are entered
at each of their calls, so that a shared layer has as many calls as it has applications. A layer
whose computation is a user's code is recorded (:mod:`bnlint.readers.model.live.recording`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bnlint.findings import Location
from bnlint.graph import Call, Layer, LayerGraph, Origin, Tensor
from bnlint.readers.model.describe import Description, new_layer
from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    Node,
    block,
    flatten,
    graph_of,
    inputs_of,
    is_functional,
    is_model,
    is_pipeline,
    is_sequential,
    keras_of,
    layers_of_sequential,
    map_structure,
    nodes_of,
    outputs_of,
    training_default,
)
from bnlint.readers.model.live.live_weights import weights_of
from bnlint.readers.model.live.recording import NotRecordedError, record
from bnlint.readers.model.live.tensors import Tensors
from bnlint.readers.model.operations import apply_function, apply_layer, function_of

Locate: TypeAlias = Callable[[Live, str], Location]
"""From a layer and its path in the model to the place that findings name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How much was drawn at some time."""

    layers: int
    calls: int
    nested: int


class Walker:
    """Draws live layers, ops and their calls into one graph.

    Attributes:
        keras: the Keras that the model belongs to.
        graph: what was drawn so far.
        drawn: the live layers and ops that are in it, by identity.
        tensors: the tensors of the models that were drawn on their own inputs.
        entered: the layers with a user's ``call`` that was recorded, and the path prefix of the
            layers in them.
        held: the models that wrappers apply to each time step, by wrapper.
    """

    def __init__(self, keras: Keras, locate: Locate) -> None:
        self.keras = keras
        self.graph = LayerGraph(image_data_format=keras.image_data_format())
        self.drawn: dict[int, tuple[Live, Layer]] = {}
        self.locate = locate
        self.tensors = Tensors()
        self.entered: dict[int, tuple[Live, str]] = {}
        self._calls: list[Call] = []
        self.held: dict[Layer, Live] = {}

    def layer(self, live: Live, path: str) -> Layer:
        """The graph's layer for a live one, the same at each of its calls."""
        known = self.drawn.get(id(live))
        if known is not None:
            return known[1]
        inner: Live = getattr(live, "layer", None)
        wraps = None
        if self.keras.is_layer(inner) and block(inner) is not None and not is_model(inner):
            wraps = self.layer(inner, f"{path}/{inner.name}")
        description = _description(live)
        layer = new_layer(self.graph, description, self.locate(live, path), wraps=wraps)
        layer.trainable = bool(live.trainable)
        layer.weights = weights_of(live)
        self.drawn[id(live)] = (live, layer)
        return layer

    def call_block(
        self,
        live: Live,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        path: str,
        *,
        outputs: int,
        pinned: bool = False,
        kept: bool = False,
    ) -> tuple[Tensor, ...]:
        """Apply a layer of Keras's own, or one that is not understood.

        Args:
            live: what is applied.
            args: its positional arguments, with the graph's tensors in them.
            kwargs: its keyword arguments, likewise.
            path: where it is in the model.
            outputs: how many tensors it returns.
            pinned: it runs in inference mode because something around it does.
            kept: a node of a Functional model keeps the arguments.
        """
        layer = self.layer(live, path)
        settings = {**kwargs, "training": False} if pinned else kwargs
        self._draw_held(live, layer, path, pinned=pinned or kwargs.get("training") is False)
        call = apply_layer(self.graph, layer, args, settings, layer.location, outputs=outputs)
        call.keeps_training = kept and isinstance(kwargs.get("training"), bool)
        return self._noted(call)

    def _draw_held(self, live: Live, layer: Layer, path: str, *, pinned: bool) -> None:
        """Draw a model that a wrapper applies to each time step, on unknown inputs."""
        inner: Live = getattr(live, "layer", None)
        if layer in self.held or not self.keras.is_layer(inner):
            return
        if not (is_functional(inner) or is_sequential(inner)):
            return
        self.held[layer] = inner
        graph = graph_of(inner)
        given = [Tensor() for _ in (inputs_of(graph) if graph is not None else (None,))]
        for tensor in self.enter(inner, given, f"{path}/{inner.name}/", pinned=pinned):
            tensor.leaves = True

    def call_function(
        self,
        function: str,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        name: str,
        location: Location,
        *,
        outputs: int,
    ) -> tuple[Tensor, ...]:
        """Apply a function, by its public path; the arguments hold the graph's tensors."""
        return self._noted(
            apply_function(self.graph, function, args, kwargs, location, name=name, outputs=outputs)
        )

    def _noted(self, call: Call) -> tuple[Tensor, ...]:
        self._calls.append(call)
        return call.outputs

    # Models

    def start(self, model: Live, prefix: str = "") -> list[Tensor]:
        """Draw a Functional or Sequential model on its own inputs; returns its outputs.

        Models that were made from the same tensors have their common calls once.
        """
        graph = graph_of(model)
        if graph is None:
            return self.enter(model, [Tensor(origin=Origin.INPUT)], prefix)
        for tensor in inputs_of(graph):
            if tensor not in self.tensors:
                self.tensors.put(tensor, Tensor(origin=Origin.INPUT))
        for node in nodes_of(graph):
            if not all(tensor in self.tensors for tensor in node.outputs):
                self.draw(node, self.tensors, prefix)
        return [self.tensors.get(tensor) for tensor in outputs_of(graph)]

    def enter(
        self, model: Live, given: Sequence[Tensor], prefix: str = "", *, pinned: bool = False
    ) -> list[Tensor]:
        """Apply a Functional or Sequential model to tensors: every call in it is drawn again."""
        graph = graph_of(model)
        if graph is None:
            (current,) = given
            for layer in layers_of_sequential(model):
                (current,) = self.apply(layer, (current,), {}, prefix, outputs=1, pinned=pinned)
            return [current]
        tensors = Tensors()
        for tensor, drawn in zip(inputs_of(graph), given, strict=True):
            tensors.put(tensor, drawn)
        for node in nodes_of(graph):
            self.draw(node, tensors, prefix, pinned=pinned)
        return [tensors.get(tensor) for tensor in outputs_of(graph)]

    def draw(self, node: Node, tensors: Tensors, prefix: str, *, pinned: bool = False) -> None:
        """Draw one call that Keras kept."""

        def drawn(value: Live) -> object:
            return tensors.get(value) if self.keras.is_tensor(value) else value

        args = map_structure(drawn, node.args)
        kwargs = map_structure(drawn, node.kwargs)
        results = self.apply(
            node.operation, args, kwargs, prefix, outputs=len(node.outputs), pinned=pinned
        )
        for tensor, result in zip(node.outputs, results, strict=True):
            tensors.put(tensor, result)

    def apply(
        self,
        live: Live,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        prefix: str,
        *,
        outputs: int,
        pinned: bool = False,
    ) -> Sequence[Tensor]:
        """Apply the operation of a node: an op, a layer, a model, or a user's layer."""
        path = f"{prefix}{live.name}"
        function = _function(live)
        if function is not None:
            of_op = _op_settings(live, kwargs)
            location = self.locate(live, path)
            return self.call_function(function, args, of_op, live.name, location, outputs=outputs)
        if kwargs.get("training") is False and training_default(live) is False:
            kwargs = {name: value for name, value in kwargs.items() if name != "training"}
        pinned = pinned or kwargs.get("training") is False
        if is_pipeline(live) and len(args) == 1 and isinstance(args[0], Tensor):
            return self.enter(live, [args[0]], f"{path}/", pinned=pinned)
        if is_functional(live) or is_sequential(live):
            given = [t for t in flatten((list(args), kwargs)) if isinstance(t, Tensor)]
            before = len(self._calls)
            results = self.enter(live, given, f"{path}/", pinned=pinned)
            training = kwargs.get("training")
            if isinstance(training, bool):
                holds = dict.fromkeys(call.layer for call in self._calls[before:])
                where = self.locate(live, path)
                self.graph.note_nested(live.name, holds, tuple(given), where, training=training)
            return results
        if block(live) is None:
            with contextlib.suppress(NotRecordedError):
                settings = {**kwargs, "training": False} if pinned else kwargs
                results = record(self, live, tuple(args), settings, f"{path}/")
                if len(results) == outputs:
                    return results
        return self.call_block(live, args, kwargs, path, outputs=outputs, pinned=pinned, kept=True)

    # Trying

    def mark(self) -> Mark:
        """Where the drawing stands now."""
        return Mark(len(self.graph.layers), len(self._calls), len(self.graph.nested))

    def reset(self, mark: Mark) -> None:
        """Take back what was drawn since."""
        for call in reversed(self._calls[mark.calls :]):
            call.layer.calls.remove(call)
            for tensor in call.inputs:
                tensor.consumers.remove(call)
        del self._calls[mark.calls :]
        del self.graph.nested[mark.nested :]
        gone = set(self.graph.layers[mark.layers :])
        del self.graph.layers[mark.layers :]
        self.drawn = {key: pair for key, pair in self.drawn.items() if pair[1] not in gone}
        self.held = {layer: inner for layer, inner in self.held.items() if layer not in gone}


def _description(live: Live) -> Description:
    """The description of a live layer; a class that only derives from a class of Keras, and
    computes the same, is described as that class.
    """
    cls = block(live)
    if cls is not None:
        try:
            return Description(cls.__name__, live.get_config(), cls.__module__)
        except Exception:  # noqa: BLE001  a user's get_config may raise anything
            cls = None
    kind = type(live)
    return Description(kind.__name__, {"name": live.name}, f"custom.{kind.__module__}")


def _function(live: Live) -> str | None:
    """The path of the function that an op applies; ``None`` for a layer."""
    kind = type(live)
    symbol = getattr(live, "symbol", None)
    config = {"function": symbol} if isinstance(symbol, str) else {}
    function = function_of(Description(kind.__name__, config, kind.__module__))
    if function is None and keras_of(live) is None:
        return f"{kind.__module__}.{kind.__name__}"
    return function


def _op_settings(op: Live, kwargs: Mapping[str, object]) -> dict[str, object]:
    """The arguments of an op: of this call, and those that it was made with."""
    if keras_of(op) is not None:
        return dict(kwargs)  # of Keras 2: all of them are the call's
    try:
        made_with = op.get_config()
    except Exception:  # noqa: BLE001  arrays among its arguments
        made_with = {}
    return {**{key: value for key, value in made_with.items() if key != "name"}, **kwargs}
