"""Functional and Sequential models: templates of calls that can be applied again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from bnlint import graph, keras_api
from bnlint.graph import UNKNOWN, Call, Layer, Origin, Tensor
from bnlint.keras_api import Kind
from bnlint.readers.source.interpreter import calls
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import (
    calls_by_hand,
    choosing,
    model_events,
    modes,
    semantics,
)
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Composite,
    Instance,
    Method,
    OpenList,
    PresumedTuple,
    SomeLayer,
    Symbol,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

PIPELINE: Final = "Pipeline"
"""A layer of Keras 3 that applies others in their order, as a Sequential does."""
_NUMBER: Final = re.compile(r"_\d+\Z")
# Methods that neither train a model nor hand it to anybody.
_QUIET_METHODS: Final = frozenset(
    {
        "summary",
        "count_params",
        "build",
        "load_weights",
        "set_weights",
        "get_config",
        "reset_states",
        "add_loss",
        "add_metric",
        "get_weights",
        "reset_metrics",
    }
)


def make_input(arguments: Arguments) -> Tensor:
    """``keras.Input(shape)``: the start of a graph."""
    wrapped = arguments.keywords.get("tensor", arguments.keywords.get("input_tensor"))
    if isinstance(wrapped, Tensor):
        return wrapped
    tensor = Tensor(origin=Origin.INPUT)
    shape = arguments.get(0, "shape")
    batch_shape = arguments.keywords.get("batch_shape", arguments.keywords.get("batch_input_shape"))
    _set_shape(tensor, batch_shape, shape)
    return tensor


def _set_shape(tensor: Tensor, whole: Value, shape: Value) -> None:
    """Give a tensor a shape that is stated with the batch axis, or without."""
    for sizes, batch in ((whole, ()), (shape, (None,))):
        if isinstance(sizes, (tuple, list)) and not isinstance(sizes, OpenList):
            tensor.shape = (*batch, *map(_axis, sizes))
            tensor.has_presumed_shape = isinstance(sizes, PresumedTuple)
            return


def _axis(value: Value) -> graph.Size:
    return value if value is None or isinstance(value, int) else UNKNOWN


def construct(
    interpreter: Interpreter, name: str, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """``Sequential([…])``, ``Model(inputs, outputs)``."""
    if name == "Sequential":
        return new_sequential(interpreter, arguments, node, frame)
    keywords = arguments.keywords
    inputs = arguments.get(0, "inputs", keywords.get("input"))
    outputs = arguments.get(1, "outputs", keywords.get("output"))
    if inputs is None or outputs is None:
        return interpreter.opaque(arguments, node)
    return functional(interpreter, inputs, outputs, arguments)


def functional(
    interpreter: Interpreter, inputs: Value, outputs: Value, arguments: Arguments
) -> Composite:
    """A model from tensors to tensors: the calls between them are its template."""
    name = arguments.keywords.get("name")
    model = Composite(
        "Functional",
        semantics.tensors_in(interpreter, inputs),
        semantics.tensors_in(interpreter, outputs),
        name=name if isinstance(name, str) else None,
        output_value=outputs,
    )
    if any(tensor.producer is None and tensor not in model.inputs for tensor in model.outputs):
        # An output that is not understood may come from any tensor that nothing else uses.
        for call in interpreter.calls:
            for tensor in call.outputs:
                tensor.leaves = tensor.leaves or not tensor.consumers
    needed = _calls_behind(model.outputs, model.inputs)
    model.calls = [call for call in interpreter.calls if call in needed]
    model.members = _layers_by_depth(model, interpreter.nested)
    ends = [*model.outputs, *(tensor for call in needed for tensor in call.inputs)]
    model.partial = any(
        tensor.producer is None and tensor.origin is Origin.UNKNOWN and tensor not in model.inputs
        for tensor in ends
    )
    interpreter.composites.append(model)
    return model


def _calls_behind(outputs: list[Tensor], inputs: list[Tensor]) -> set[Call]:
    stop = set(inputs)
    found: set[Call] = set()
    pending = list(outputs)
    while pending:
        tensor = pending.pop()
        call = tensor.producer
        if call is None or tensor in stop or call in found:
            continue
        found.add(call)
        pending.extend(call.inputs)
    return found


def _layers_by_depth(model: Composite, nested: Mapping[Call, Composite]) -> list[Value]:
    """The layers as ``model.layers`` lists them: by distance from the outputs, inputs first, and a
    model that was applied as one of them.
    """
    depth: dict[Call, int] = {}
    inside = set(model.calls)
    for call in reversed(model.calls):
        behind = [
            depth[consumer] + 1
            for tensor in call.outputs
            for consumer in tensor.consumers
            if consumer in inside and consumer in depth
        ]
        depth[call] = max(behind, default=0)
    ordered = sorted(model.calls, key=lambda call: -depth[call])
    inputs: list[Value] = [Symbol("keras.layers.InputLayer") for _ in model.inputs]
    layers: dict[Value, None] = {}
    for call in ordered:
        if call in nested:
            layers[nested[call]] = None
        elif not call.layer.is_op:
            layers[call.layer] = None
    return [*inputs, *layers]


def is_of_layers(value: Value) -> bool:
    """Whether ``value`` is a list of nothing but layers and models."""
    return isinstance(value, (list, tuple)) and all(map(semantics.is_layer_like, value))


def new_sequential(
    interpreter: Interpreter,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
    kind: str = "Sequential",
) -> Composite:
    """``Sequential(layers)``."""
    name = arguments.get(1, "name")
    start = Tensor(origin=Origin.INPUT)
    model = Composite(kind, [start], [start], name=name if isinstance(name, str) else None)
    interpreter.composites.append(model)
    layers = arguments.get(0, "layers")
    if layers is None:
        return model
    if isinstance(layers, (list, tuple)):
        for layer in list(layers):
            add(interpreter, model, layer, node, frame)
        model.open = isinstance(layers, OpenList)
    elif semantics.is_layer_like(layers):
        add(interpreter, model, layers, node, frame)
    else:
        interpreter.escape(layers)
        _continue_unknown(model)
    return model


def open_sequential(interpreter: Interpreter, receiver: Unknown) -> Composite:
    """The model that an unknown object is, once layers are added to it."""
    model = interpreter.open_receivers.get(receiver.key)
    if model is None:
        origin = Origin.PARAMETER if receiver.from_parameter else Origin.UNKNOWN
        start = Tensor(origin=origin)
        model = Composite("Sequential", [start], [start], open=True, exposed=True)
        interpreter.open_receivers[receiver.key] = model
        interpreter.composites.append(model)
    return model


def _continue_unknown(model: Composite) -> None:
    """Something unknown was added: what follows starts from a tensor of unknown origin."""
    model.open = True
    for tensor in model.outputs:
        tensor.leaves = True
    model.outputs = [Tensor(origin=Origin.UNKNOWN)]


def add(
    interpreter: Interpreter, model: Composite, value: Value, node: ir.Call | None, frame: Frame
) -> None:
    """``model.add(value)``: Keras applies the layer at once, and so does this."""
    is_input = isinstance(value, Layer) and value.kind == "InputLayer"
    if not (is_input or isinstance(value, Tensor)):
        model.members.append(value)  # `layers` of a Sequential does not list its input
    if isinstance(value, Tensor) and value.producer is None:
        # keras.Input(…) as the first entry.
        if not model.calls:
            model.inputs = [value]
            model.outputs = [value]
        return
    if isinstance(value, Symbol):
        resolved = semantics.resolve(value.path)
        if resolved is not None and resolved.kind is Kind.LAYER:
            location = semantics.location_of(interpreter, node, frame)
            value = semantics.class_as_layer(interpreter, resolved, location)
    before = len(interpreter.calls)
    if isinstance(value, (Layer, Composite, Instance)):
        arguments = Arguments([model.outputs[0]], {})
        if isinstance(value, Layer):
            _take_input_shape(model, value)
        result = calls.call(interpreter, value, arguments, node, frame)
        model.calls.extend(interpreter.calls[before:])
        tensors = semantics.tensors_in(interpreter, result)
        if tensors:
            model.outputs = tensors
            return
    else:
        interpreter.escape(value)
    _continue_unknown(model)


def _take_input_shape(model: Composite, layer: Layer) -> None:
    """`input_shape=` on the first layer states the shape that the model starts from."""
    if model.calls or model.inputs[0].shape is not UNKNOWN:
        return
    arguments = layer.arguments
    shape = arguments.get("input_shape", arguments.get("shape"))
    whole = arguments.get("batch_input_shape", arguments.get("batch_shape"))
    width = arguments.get("input_dim")
    if isinstance(width, int) and layer.kind == "Dense":
        shape = (width,)
    _set_shape(model.inputs[0], whole, shape)


def apply_model(
    interpreter: Interpreter,
    model: Composite,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Call a model: its layers are applied again, to the new tensors."""
    if not interpreter.in_call and model.kind != PIPELINE:
        calls_by_hand.applied(interpreter, model, arguments, node, frame)
    if interpreter.quiet:
        return interpreter.fresh(node)
    given = [t for value in arguments.positional for t in semantics.tensors_in(interpreter, value)]
    if not given:
        given = [
            tensor
            for key, value in arguments.keywords.items()
            if key not in ("training", "mask")
            for tensor in semantics.tensors_in(interpreter, value)
        ]
    model.nested = True
    if semantics.keeps_training(interpreter, node):
        training = bool(arguments.keywords["training"])
        holds = dict.fromkeys(call.layer for call in model.calls)
        location = semantics.location_of(interpreter, node, frame)
        name = model.name or model.kind
        interpreter.graph.note_nested(name, holds, tuple(given), location, training=training)
    if arguments.keywords.get("training") is False:
        return _apply_pinned(interpreter, model, given, node, frame)
    renamed = dict(zip(model.inputs, given, strict=False))
    for template in list(model.calls):
        interpreter.step()
        call = interpreter.graph.apply(
            template.layer,
            tuple(renamed.get(tensor, tensor) for tensor in template.inputs),
            template.location,
            arguments=template.arguments,
            outputs=len(template.outputs),
        )
        interpreter.calls.append(call)
        interpreter.nested[call] = model
        call.fixed_mode, call.default_mode = template.fixed_mode, template.default_mode
        call.mode_place = template.mode_place
        call.hears_mode = "training" in arguments.keywords or interpreter.mode_given > 0
        if interpreter.in_call and arguments.keywords.get("training") is True:
            modes.fix(interpreter, call, True, frame)
            call.mode_place = semantics.location_of(interpreter, node, frame)
        renamed.update(zip(template.outputs, call.outputs, strict=True))
    outputs: list[Value] = [renamed.get(tensor, tensor) for tensor in model.outputs]
    if interpreter.in_global or interpreter.observing:
        interpreter.escape(outputs)
    return outputs[0] if len(outputs) == 1 else outputs


def _apply_pinned(
    interpreter: Interpreter,
    model: Composite,
    given: list[Tensor],
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``model(x, training=False)``: what is inside runs in inference mode."""
    location = semantics.location_of(interpreter, node, frame)
    layer = interpreter.graph.new_layer(model.kind, {}, location, is_op=True)
    layer.holds = tuple(dict.fromkeys(call.layer for call in model.calls))
    call = interpreter.graph.apply(
        layer, tuple(given), location, outputs=max(len(model.outputs), 1)
    )
    interpreter.calls.append(call)
    interpreter.nested[call] = model
    model.exposed = True
    return call.outputs[0] if len(call.outputs) == 1 else list(call.outputs)


def application(
    interpreter: Interpreter, name: str, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Composite:
    """``keras.applications.ResNet50(…)``: a model that is one layer to us."""
    location = semantics.location_of(interpreter, node, frame)
    weights = arguments.get(1, "weights", "imagenet")
    settings = {"weights": weights if weights is None or isinstance(weights, str) else UNKNOWN}
    layer = interpreter.graph.new_layer(name, settings, location)
    given = arguments.keywords.get("input_tensor")
    start = given if isinstance(given, Tensor) else Tensor(origin=Origin.INPUT)
    call = interpreter.graph.apply(layer, (start,), location)
    interpreter.calls.append(call)
    model = Composite("Functional", [start], list(call.outputs), [], [call], open=True, name=name)
    interpreter.composites.append(model)
    return model


def set_trainable(model: Composite, value: Value) -> None:
    """``model.trainable = value``; after ``compile`` it does not change what was compiled."""
    if model.compiled:
        return
    for call in model.calls:
        _set_trainable(call.layer, value if isinstance(value, bool) else UNKNOWN)


def _set_trainable(layer: Layer, value: bool | graph.Unknown) -> None:
    layer.trainable = value
    for inside in layer.holds:
        _set_trainable(inside, value)


def model_attribute(interpreter: Interpreter, model: Composite, name: str, node: ir.Expr) -> Value:
    """``model.output``, ``model.layers``, … or a method."""
    if name in ("output", "outputs"):
        model.nested = True
        outputs: list[Value] = list(model.outputs)
        return outputs[0] if name == "output" and len(outputs) == 1 else outputs
    if name in ("input", "inputs"):
        inputs: list[Value] = list(model.inputs)
        return inputs[0] if name == "input" and len(inputs) == 1 else inputs
    if name in ("layers", "_layers"):
        _thaw_perhaps(model)
        if model.open or model.partial:
            layers = OpenList([*model.members, _some_layer(interpreter, model, node)])
            return choosing.with_networks(model, layers)
        return choosing.with_networks(model, list(model.members))
    if name == "name":
        return model.name if model.name is not None else interpreter.fresh(node)
    if name in ("trainable", "dtype", "input_shape", "output_shape", "count_params"):
        return interpreter.fresh(node)
    place = model_events.statement(interpreter) if name in model_events.ALL_WEIGHTS else None
    return Method(model, name, place)


def _calls_in(interpreter: Interpreter, model: Composite) -> list[Call]:
    """The calls that a model is made of, or may be."""
    return interpreter.calls if model.partial else model.calls


def _tap(calls: Iterable[Call]) -> None:
    """What these calls return may be used elsewhere."""
    for call in calls:
        for tensor in call.outputs:
            tensor.leaves = True


def _thaw_perhaps(model: Composite) -> None:
    """Code that reads the layers of a model may freeze networks among them that we don't list."""
    for call in model.calls:
        if call.layer.holds or keras_api.layer(call.layer.kind) is None:
            _set_trainable(call.layer, UNKNOWN)


def call_model_method(
    interpreter: Interpreter,
    model: Composite,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``model.add(…)``, ``model.compile(…)``, …"""
    if name == "add":
        add(interpreter, model, arguments.get(0, "layer"), node, frame)
        return None
    if name == "pop" and model.calls and not arguments.positional:
        removed = model.calls.pop()
        model.members.pop()
        removed.layer.escaped = True
        for tensor in removed.inputs:
            tensor.consumers.remove(removed)
        model.outputs = list(removed.inputs) or model.outputs
        return None
    if name == "get_layer":
        return _get_layer(interpreter, model, arguments, node)
    if name in ("__call__", "call"):
        return apply_model(interpreter, model, arguments, node, frame)
    if name in model_events.METHODS:
        model_events.method(interpreter, model, name, arguments, node, frame)
    if not interpreter.quiet:
        model.compiled = model.compiled or name == "compile"
        model.exposed = model.exposed or name not in _QUIET_METHODS
    return interpreter.opaque(arguments, node)


def _get_layer(
    interpreter: Interpreter, model: Composite, arguments: Arguments, node: ir.Call | None
) -> Value:
    wanted = arguments.get(0, "name")
    index = arguments.get(1, "index")
    calls = _calls_in(interpreter, model)
    if isinstance(wanted, str):
        for member in [*model.members, *(call.layer for call in calls)]:
            if isinstance(member, (Layer, Composite)) and member.name == wanted:
                return member
        calls = [call for call in calls if _may_be_called(call.layer, wanted)] or calls
    elif isinstance(index, int) and -len(model.members) <= index < len(model.members):
        return model.members[index]
    if len(model.calls) == 1 and keras_api.layer(model.calls[0].layer.kind) is None:
        # A layer of a pretrained network: what it returns comes out of that network.
        _open(interpreter, model, calls)
        return model
    return _some_layer(interpreter, model, node, calls)


def _some_layer(
    interpreter: Interpreter, model: Composite, node: object, calls: Iterable[Call] | None = None
) -> SomeLayer:
    found = _calls_in(interpreter, model) if calls is None else calls
    return SomeLayer(("layer of", node), "", model, tuple(found))


def _open(interpreter: Interpreter, model: Composite, calls: Iterable[Call]) -> None:
    """Code has access to one of the layers of a model and may do anything with it."""
    _tap(calls)
    _thaw_perhaps(model)
    model_events.opened(interpreter, model)


def use(interpreter: Interpreter, some: SomeLayer) -> None:
    """A layer of a model is used for more than to be identified by its name."""
    if isinstance(some.owner, Composite):
        _open(interpreter, some.owner, some.calls)
    else:
        interpreter.escape(some.owner)


def set_trainable_of_some(interpreter: Interpreter, some: SomeLayer) -> None:
    """``model.get_layer(name).trainable = …``: which layer that is is not known."""
    if not isinstance(some.owner, Composite):
        interpreter.escape(some.owner)
        return
    model_events.opened(interpreter, some.owner)
    for call in some.calls:
        _set_trainable(call.layer, UNKNOWN)


def call_some_layer(
    interpreter: Interpreter,
    some: SomeLayer,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``model.get_layer(name)(x)``."""
    del frame
    use(interpreter, some)
    return interpreter.opaque(arguments, node)


def _may_be_called(layer: Layer, wanted: str) -> bool:
    """Whether a layer may have that name: it has no name that is known, and the name that Keras
    would give it is not another.
    """
    if layer.name is not None:
        return False
    if keras_api.layer(layer.kind) is None or any(
        value is UNKNOWN for value in layer.arguments.values()
    ):
        return True
    if any(argument.keyword == "name" for argument in layer.written):
        return True
    classes = (layer.kind, layer.path.rpartition(".")[2])
    return _NUMBER.sub("", wanted) in map(keras_api.automatic_name, classes)


def settle(interpreter: Interpreter) -> None:
    """At the end of a run: the outputs of every model that is used as one leave the graph."""
    for model in interpreter.composites:
        if model.exposed or not model.nested:
            for tensor in model.outputs:
                tensor.leaves = True
                # More may be added to one that is open.
                is_whole = not (model.nested or model.open) and model.kind != PIPELINE
                tensor.is_model_output = is_whole
