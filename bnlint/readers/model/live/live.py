"""A live model -> layer graph: what ``bnlint.inspect`` reads."""

from __future__ import annotations

import contextlib

from bnlint.findings import Location
from bnlint.graph import Layer, LayerGraph, Origin, Tensor
from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import (
    Live,
    all_layers,
    block,
    computes,
    graph_of,
    inputs_of,
    is_functional,
    is_model,
    is_sequential,
    keras_of,
    sublayers,
)
from bnlint.readers.model.live.call_inputs import arguments_of, with_dtype
from bnlint.readers.model.live.mentions import layers_in_steps, names_training
from bnlint.readers.model.live.recording import NotRecordedError, record
from bnlint.readers.model.live.unused import draw_unused
from bnlint.readers.model.live.walk import Locate, Walker
from bnlint.readers.model.undisturbed import undisturbed


def read_model(model: object, input_shape: object = None) -> LayerGraph:
    """Draw the layer graph of a live model, which is left exactly as it was.

    Args:
        model: a model or layer of Keras 3, Keras 2 or tf_keras.
        input_shape: what a subclassed model that was never called is called with: a shape with the
            batch axis, an array or tensor, or a list or dictionary of such; by name where its
            ``call`` takes several.

    Raises:
        InspectionError: it is no model, or it can't be read as it is.
    """
    return walk_model(model, input_shape).graph


def walk_model(model: object, input_shape: object = None) -> Walker:
    """:func:`read_model` for callers that need the live layer of each layer in the graph."""
    keras = keras_of(model)
    if keras is None:
        raise InspectionError(f"{type(model).__name__} is no Keras model")
    walker = Walker(keras, _in_model(model))
    draw_model(walker, model, input_shape)
    draw_unused(walker)
    _sort(walker, model)
    return walker


def _sort(walker: Walker, model: Live) -> None:
    """Sort the layers as the model lists and saves them: in the order of computation, parallel
    branches would be reversed.
    """
    order: dict[int, int] = {}
    pending = [model]
    while pending:
        live = pending.pop()
        if id(live) in order:
            continue
        order[id(live)] = len(order)
        if is_functional(live) or is_sequential(live):
            pending += reversed(live.layers)
        else:
            for inner in all_layers(live):  # in the order in which they were applied
                order.setdefault(id(inner), order[id(live)])
    places = {layer: order.get(key) for key, (_, layer) in walker.drawn.items()}
    last = len(order)
    keys: dict[Layer, int] = {}
    for layer in walker.graph.layers:
        place = places.get(layer)
        keys[layer] = last = last if place is None else place  # an op stays where it is
    walker.graph.layers.sort(key=keys.__getitem__)


def draw_model(walker: Walker, model: Live, input_shape: object = None, prefix: str = "") -> None:
    """Draw a model whose outputs are used; see :func:`read_model`.

    Args:
        walker: draws it.
        model: the model.
        input_shape: what a subclassed one is called with.
        prefix: what the paths of its layers begin with.

    Raises:
        InspectionError: it can't be read as it is.
    """
    if not computes(model):
        with undisturbed([model], walker.keras):
            _draw_held(walker, model, prefix)
        return
    running = _running(model)
    with undisturbed(running, walker.keras) if running else contextlib.nullcontext():
        if is_functional(model) or is_sequential(model):
            outputs = walker.start(model, prefix)
            _leave_to_steps(walker, model)
        else:
            outputs = _recorded(walker, model, input_shape, prefix)
    for tensor in outputs:
        tensor.leaves = tensor.is_model_output = True


def _running(model: Live) -> list[Live]:
    """The layers whose ``call`` is a user's code and is run to be recorded. In a model with a
    graph, that code can only reach objects that such a layer holds.
    """
    if graph_of(model) is None:
        return [model]
    return [layer for layer in all_layers(model) if block(layer) is None and not _has_graph(layer)]


def _has_graph(layer: Live) -> bool:
    return is_functional(layer) or is_sequential(layer)


def _draw_held(walker: Walker, model: Live, prefix: str) -> None:
    """Draw the models in a model that has no ``call``: its ``train_step`` applies them.

    Raises:
        InspectionError: none of them can be read.
    """
    held = [layer for layer in sublayers(model) if is_model(layer)]
    untold = set() if names_training(model) else {id(layer) for layer in layers_in_steps(model)}
    said = "there is none in it"
    is_read = False
    for inner in held:
        path = f"{prefix}{inner.name}/"
        try:
            if id(inner) in untold and (graph := graph_of(inner)) is not None:
                # No `training` is passed, so that it runs in inference mode.
                given = [Tensor(origin=Origin.INPUT) for _ in inputs_of(graph)]
                for tensor in walker.enter(inner, given, path, pinned=True):
                    tensor.leaves = tensor.is_model_output = True
            else:
                draw_model(walker, inner, prefix=path)
            is_read = True
        except InspectionError as error:
            said = str(error)
    if not is_read:
        raise InspectionError(
            f"the model {model.name} has no `call`, and no model in it can be read: {said}"
        )


def _leave_to_steps(walker: Walker, model: Live) -> None:
    """Mark layers that a Functional model's own step also applies: that use is not drawn."""
    for held in layers_in_steps(model):
        for live in all_layers(held):
            if id(live) in walker.drawn:
                for call in walker.drawn[id(live)][1].calls:
                    for tensor in call.outputs:
                        tensor.leaves = True


def _in_model(model: Live) -> Locate:
    name = str(model.name)

    def locate(_: Live, path: str) -> Location:
        return Location.of_layer(name, 0, path)

    return locate


def _recorded(walker: Walker, model: Live, input_shape: object, prefix: str) -> list[Tensor]:
    error: NotRecordedError | None = None
    for args, kwargs in with_dtype(arguments_of(model, input_shape)):
        try:
            return record(walker, model, args, kwargs, prefix, is_fitted=True)
        except NotRecordedError as raised:  # noqa: PERF203  at most twice
            error = error or raised
    raise InspectionError(f"the model {model.name} can't be read: {error}") from error
