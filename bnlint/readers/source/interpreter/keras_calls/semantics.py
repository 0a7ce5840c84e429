"""What a Keras call does: layers are constructed and applied, ops are applied.

Everything that is known of Keras comes from :mod:`bnlint.keras_api`; here it meets the values.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Layer, Origin, Tensor
from bnlint.keras_api import Kind, LayerSpec, OpSpec, Resolved, Role
from bnlint.readers.source.interpreter import (
    arrays,
    bounds,
    builtin_functions,
    calls,
    imports,
    written,
)
from bnlint.readers.source.interpreter.decisions import BACKEND, DATA_FORMAT
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import (
    model_events,
    model_weights,
    models,
    modes,
)
from bnlint.readers.source.interpreter.keras_calls.format_functions import (
    FORMAT_FUNCTIONS,
    SETTERS,
    canonical_format,
)
from bnlint.readers.source.interpreter.presumed import (
    holders_in,
    rests_on_default,
    settled_format,
)
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Bound,
    Class,
    Composite,
    Function,
    Instance,
    OpenDict,
    Partial,
    PresumedFormat,
    Symbol,
    Unknown,
    Value,
    is_constant,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter
    from bnlint.readers.source.modules import Module

_MODEL_NAMES: Final = ("Model", "Functional", "Sequential")
# What layers of Keras are given, whether or not all of them take it: SeparableConv2D has been
# called with `kernel_initializer` for years.
_KERAS_KEYWORDS: Final = frozenset(
    {
        "kernel_initializer",
        "bias_initializer",
        "kernel_regularizer",
        "bias_regularizer",
        "kernel_constraint",
        "bias_constraint",
        "activity_regularizer",
        "use_bias",
        "data_format",
        "activation",
        "padding",
        "strides",
        "dilation_rate",
        "groups",
        "name",
        "dtype",
    }
)
# Keywords of a call that carry tensors; the others are settings of the call.
_TENSOR_KEYWORDS: Final = frozenset({"inputs", "x", "input", "query", "key", "value", "sequences"})


_GRADIENTS: Final = frozenset({"jax.value_and_grad", "jax.grad"})
# What fits the models that a function of the program builds.
_TUNERS: Final = frozenset(
    {"RandomSearch", "Hyperband", "BayesianOptimization", "GridSearch", "Sklearn", "Tuner"}
)
# What calls a model or a cell once for each step.
_STEP_BY_STEP: Final = frozenset({"TimeDistributed", "RNN", "StackedRNNCells"})


@lru_cache(maxsize=8192)
def resolve(path: str) -> Resolved | None:
    """What a dotted path means to Keras; remembered, since the same paths come up all the time."""
    return keras_api.resolve(path)


# Locations


def location_of(interpreter: Interpreter, node: ir.Call | None, frame: Frame) -> Location:
    """The place of a call; of the running statement where there is no call."""
    if node is None:
        return frame.module.line_location(interpreter.line)
    return frame.module.location(node.span)


# Symbols


def call_symbol(
    interpreter: Interpreter,
    symbol: Symbol,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Call something imported from outside the project."""
    if symbol.path.startswith(arrays.LIBRARIES):
        array = arrays.made(symbol.path, arguments, node)
        if array is not None:
            return array
    resolved = resolve(symbol.path)
    if resolved is None:
        if symbol.name in FORMAT_FUNCTIONS:  # of a module that can't be read
            return data_format_function(interpreter, symbol.name, arguments)
        return _call_foreign(interpreter, symbol, arguments, node, frame)
    if resolved.kind is Kind.LAYER:
        if resolved.name == models.PIPELINE and models.is_of_layers(arguments.get(0, "layers")):
            return models.new_sequential(interpreter, arguments, node, frame, models.PIPELINE)
        layer = construct(interpreter, resolved, arguments, node, frame)
        layer.path = symbol.path
        layer.imported = symbol.imported
        return layer
    match resolved.kind:
        case Kind.OP | Kind.ACTIVATION:
            return apply_op(interpreter, resolved, arguments, node, frame)
        case Kind.MODEL:
            return models.construct(interpreter, resolved.name, arguments, node, frame)
        case Kind.INPUT:
            return models.make_input(arguments)
        case Kind.APPLICATION:
            return models.application(interpreter, resolved.name, arguments, node, frame)
        case Kind.BACKEND_FORMAT | Kind.SET_FORMAT:
            return data_format_function(interpreter, resolved.name, arguments)
        case Kind.MODULE if resolved.name == BACKEND:
            return Unknown(BACKEND, "backend()")
        case Kind.DATA:
            if resolved.name == "set_learning_phase":
                model_events.mode_set(interpreter, node, frame)
            if resolved.name == "Checkpoint":  # which may be restored
                for value in arguments.values():
                    if isinstance(value, (Composite, Instance)):
                        model_weights.loaded(interpreter, value, node, frame)
            for value in arguments.values():
                _observe(interpreter, value)
            return _data(interpreter, symbol, arguments, node, frame)
        case _:
            return _foreign_object(interpreter, symbol.name, arguments, node, frame)


def _data(
    interpreter: Interpreter,
    symbol: Symbol,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    computed = builtin_functions.call_external(interpreter, symbol.path, arguments, node, frame)
    if computed is not imports.MISSING:
        return computed
    return interpreter.fresh(node)


def _call_foreign(
    interpreter: Interpreter,
    symbol: Symbol,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Call something that Keras's tables do not know."""
    computed = builtin_functions.call_external(interpreter, symbol.path, arguments, node, frame)
    if computed is not imports.MISSING:
        return computed
    if symbol.path in _GRADIENTS:
        model_events.transformed(interpreter, arguments.get(0, "fun"), node, frame)
    _owner, _, last = symbol.path.rpartition(".")
    if (
        last == "__init__"
        and arguments.positional
        and isinstance(arguments.positional[0], Instance)
    ):
        rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
        initialise(interpreter, arguments.positional[0], rest, node, frame)
        return None
    if last == "__setattr__" and len(arguments.positional) == 3:
        builtin_functions.set_by_name(interpreter, *arguments.positional)
        return None
    project_value = _in_project(interpreter, symbol.path, frame.module)
    if project_value is not None:
        return calls.call(interpreter, project_value, arguments, node, frame)
    keras = keras_api.is_keras_path(symbol.path)
    top = symbol.path.partition(".")[0]
    if last[:1].isupper():
        known = imports.public_symbol(last)
        # `from mylayers import Conv2D`, a wrapper module that we do not see: Keras's own unless an
        # argument shows another signature.
        if (
            known is not None
            and top not in keras_api.NOT_KERAS
            and fits_keras(known, arguments)
            and not imports.uses_another_framework(frame.module)
        ):
            return call_symbol(interpreter, known, arguments, node, frame)
        return _foreign_object(interpreter, last, arguments, node, frame)
    if keras and any(_holds_tensor(value) for value in arguments.values()):
        # A function of Keras or TensorFlow that the tables leave out: its result is a tensor, but
        # nothing is known of what it does. It may write a summary or add a loss.
        tensors = [t for value in arguments.values() for t in tensors_in(interpreter, value)]
        result = _apply(interpreter, symbol.path, {}, tensors, node, frame)
        result.leaves = True
        return result
    return interpreter.opaque(arguments, node)


def fits_keras(symbol: Symbol, arguments: Arguments) -> bool:
    """Whether the arguments are such as Keras's class of that name takes."""
    resolved = resolve(symbol.path)
    if resolved is None:
        return False
    if not isinstance(resolved.spec, LayerSpec) or arguments.open:
        return True
    names = tuple(arguments.keywords)
    if _binding_plan(resolved.name, None, len(arguments.positional), names) is not None:
        return True
    bound = keras_api.bind(resolved.name, arguments.positional, arguments.keywords)
    return not bound.excess and _KERAS_KEYWORDS.issuperset(bound.unknown)


def _in_project(interpreter: Interpreter, path: str, importer: Module) -> Value:
    """A path into the linted project that looks like Keras's, as Keras's own sources have."""
    head, _, name = path.rpartition(".")
    if not keras_api.is_keras_path(path) or not head:
        return None
    if not interpreter.project.is_package(path.partition(".")[0], importer):
        return None
    module = interpreter.project.find(head, importer)
    if module is None:
        return None
    value = imports.global_value(interpreter, module, name)
    return None if value is imports.MISSING or isinstance(value, (Symbol, Unknown)) else value


def _foreign_object(
    interpreter: Interpreter, name: str, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Layer:
    """An object of a foreign class. If it is applied to tensors, its name is known at least."""
    for value in arguments.values():
        interpreter.escape(value)
    keywords = {key: value for key, value in arguments.keywords.items() if is_constant(value)}
    made = interpreter.graph.new_layer(name, keywords, location_of(interpreter, node, frame))
    if name in _TUNERS:
        interpreter.tuners[made] = arguments.get(0, "hypermodel")
    return made


def image_data_format(interpreter: Interpreter, reader: str) -> Value:
    """What ``image_data_format()`` or ``image_dim_ordering()`` returns."""
    known = interpreter.image_data_format
    if known is None:
        return Unknown("image_data_format", "image_data_format()")
    if isinstance(known, Unknown):
        return known
    if reader == "image_dim_ordering":
        return "th" if known == "channels_first" else "tf"
    return known


def data_format_function(interpreter: Interpreter, name: str, arguments: Arguments) -> Value:
    """``image_data_format()``, or ``set_image_data_format(…)`` for what is constructed later."""
    if name not in SETTERS:
        return image_data_format(interpreter, name)
    wanted = next(iter(arguments.values()), None)
    if isinstance(wanted, PresumedFormat):
        wanted = settled_format(interpreter, wanted, None)
    if isinstance(wanted, str):
        interpreter.image_data_format = canonical_format(wanted)
    elif isinstance(wanted, Unknown):
        interpreter.image_data_format = wanted
    return None


def format_question(interpreter: Interpreter, constant: str) -> bool | Unknown:
    """``image_data_format() == constant``."""
    asked = canonical_format(constant)
    if asked is None:
        return False
    known = interpreter.decisions.known(DATA_FORMAT)
    negated = asked == "channels_last"
    if known is not None:
        interpreter.decisions.consulted += 1
        return known != negated
    return Unknown(
        ("format is", negated), DATA_FORMAT.label, condition=DATA_FORMAT, negated=negated
    )


# Layers


def construct(
    interpreter: Interpreter,
    resolved: Resolved,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Layer:
    """Construct a Keras layer."""
    spec = resolved.spec
    if not isinstance(spec, LayerSpec):
        return _foreign_object(interpreter, resolved.name, arguments, node, frame)
    values = _bind(resolved, arguments)
    if arguments.open:
        given = {*arguments.keywords, *list(values)[: len(arguments.positional)]}
        values = {name: value if name in given else UNKNOWN for name, value in values.items()}
    if "activation" in values:
        values["activation"] = activation_of(interpreter, values["activation"])
    if isinstance(data_format := values.get("data_format"), PresumedFormat):
        values["data_format"] = settled_format(interpreter, data_format, node)
    inner = _inner_layer(interpreter, spec, arguments)
    name = arguments.keywords.get("name")
    layer = interpreter.graph.new_layer(
        _merged_kind(spec.kind, values),
        values,
        location_of(interpreter, node, frame),
        name=name if isinstance(name, str) else None,
        wraps=inner,
    )
    if spec.kind in _STEP_BY_STEP:
        cells = arguments.get(0, "cell")
        for cell in cells if isinstance(cells, (list, tuple)) else (cells,):
            if isinstance(cell, Instance):
                interpreter.cells.append(cell)
        layer.holds = tuple(model_events.layers_in(_stepped(arguments)))
    if spec.has_data_format:
        layer.set_format = interpreter.image_data_format
    if node is not None:
        layer.written = written.arguments(node)
    if spec.role is Role.LINEAR:
        interpreter.note_facts(layer)
        if node is not None and _takes_default(node, frame):
            layer.presumes = ("default",)
    if interpreter.presumes and node is not None and holders_in(node.func, frame):
        layer.presumes = ("default",)  # `norm()`: somebody may pass another class
    trainable = arguments.keywords.get("trainable", True)
    layer.trainable = trainable if isinstance(trainable, bool) else UNKNOWN
    if interpreter.in_global or interpreter.observing:
        layer.escaped = True
    for value in (*arguments.positional, *arguments.keywords.values()):
        if value.__class__ not in _PLAIN_ARGUMENTS:
            _take_argument(interpreter, value, inner)
    return layer


def _takes_default(node: ir.Call, frame: Frame) -> bool:
    """Whether the default of a parameter says that a linear layer has no activation."""
    return frame.function is not None and any(
        argument.keyword == "activation" and rests_on_default(argument.value, frame)
        for argument in node.args
    )


_PLAIN_ARGUMENTS: Final = frozenset({str, int, float, bool, type(None)})


def _take_argument(interpreter: Interpreter, value: Value, inner: Layer | None) -> None:
    """What a layer does to the layers and tensors that its constructor is given."""
    if value is not inner and isinstance(value, (Layer, Composite, Instance)):
        interpreter.escape(value)
    elif isinstance(value, Tensor):
        value.leaves = True
    elif isinstance(value, (list, tuple)):
        # `Add([a, b])`: a mistake, but not that of what made `a` and `b`.
        for item in bounds.leaves(value):
            _take_argument(interpreter, item, inner)


def _bind(resolved: Resolved, arguments: Arguments) -> dict[str, Value]:
    """The arguments by their canonical names, with defaults.

    The same call is bound in every world and turn, so which argument goes where is remembered;
    only Keras 1 calls, whose values take part in that, are bound anew.
    """
    positional, keywords = arguments.positional, arguments.keywords
    plan = _binding_plan(resolved.name, resolved.era, len(positional), tuple(keywords))
    if plan is None:
        return dict(keras_api.bind(resolved.name, positional, keywords, era=resolved.era).arguments)
    defaults, places = plan
    values = dict(defaults)
    for parameter, place in places:
        values[parameter] = positional[place] if isinstance(place, int) else keywords[place]
    return values


@lru_cache(maxsize=2048)
def _binding_plan(
    name: str, era: str | None, count: int, keywords: tuple[str, ...]
) -> tuple[dict[str, Value], list[tuple[str, int | str]]] | None:
    """Where each argument of such a call goes; ``None`` where its value has a say in that."""
    marks: dict[int, int | str] = {}
    given: list[Value] = []
    named: dict[str, Value] = {}
    for place in (*range(count), *keywords):
        mark = object()
        marks[id(mark)] = place
        given.append(mark)
        if isinstance(place, str):
            named[place] = mark
    bound = keras_api.bind(name, given[:count], named, era=era)
    if bound.era == "1" or bound.renamed or bound.unknown or bound.excess:
        return None
    places = [(p, marks[id(v)]) for p, v in bound.arguments.items() if id(v) in marks]
    if len(places) != len(given):
        return None
    return {p: v for p, v in bound.arguments.items() if id(v) not in marks}, places


def _stepped(arguments: Arguments) -> Value:
    """What is called once for each step, where it is no single layer."""
    given = arguments.get(0, "layer", arguments.keywords.get("cell"))
    return None if isinstance(given, Layer) else given


def _inner_layer(interpreter: Interpreter, spec: LayerSpec, arguments: Arguments) -> Layer | None:
    if spec.role is not Role.WRAPPER:
        return None
    inner = arguments.get(0, "layer")
    if isinstance(inner, Instance) and inner.layer is not None:
        inner = inner.layer
    if isinstance(inner, Layer):
        return inner
    interpreter.escape(inner)
    return None


def activation_of(interpreter: Interpreter, value: Value) -> Value:
    """The canonical name of an activation argument, ``None`` for none, or something unknown."""
    if isinstance(value, str):
        return keras_api.activation_name(value) or value
    if isinstance(value, Symbol):
        return keras_api.activation_name(value.path) or UNKNOWN
    if isinstance(value, Layer):
        spec = keras_api.layer(value.kind)
        value.escaped = True
        if spec is None or spec.activation is None:
            return UNKNOWN
        return (
            activation_of(interpreter, value.arguments.get("activation"))
            if spec.activation == "?"
            else spec.activation
        )
    if value is None or isinstance(value, Unknown):
        return value
    return UNKNOWN


def apply_layer(
    interpreter: Interpreter, layer: Layer, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Tensor:
    """Apply a layer object to what it is called with."""
    if interpreter.quiet:
        return Tensor()
    if "function" in layer.arguments and layer.kind in ("Lambda", _FOLLOWED):
        result = _computed_by(interpreter, layer, arguments, node, frame)
        layer.kind = "Lambda" if result is None else _FOLLOWED
        if result is not None:
            arguments = Arguments([result], {})
    tensors: list[Tensor] = []
    wrong: list[Layer] = []
    for position, value in enumerate(arguments.positional):
        if position == 0 or not isinstance(value, Unknown):
            _operands(interpreter, value, tensors, wrong)
    for key, value in arguments.keywords.items():
        if key in _TENSOR_KEYWORDS or _holds_tensor(value):
            _operands(interpreter, value, tensors, wrong)
    settings = {
        key: _setting(interpreter, value)
        for key, value in arguments.keywords.items()
        if key not in _TENSOR_KEYWORDS
    }
    if len(arguments.positional) > 1 and (
        layer.kind in ("BatchNormalization", "Dropout") or layer.base == "BatchNormalization"
    ):
        settings.setdefault("training", _setting(interpreter, arguments.positional[1]))
    made = interpreter.graph.apply(
        layer, tuple(tensors), location_of(interpreter, node, frame), arguments=settings
    )
    made.wrong_operands = tuple(wrong)
    if "training" in arguments.keywords:
        made.keeps_training = keeps_training(interpreter, node)
    made.hears_mode = "training" in settings or interpreter.mode_given > 0
    if interpreter.in_call and "training" in settings:
        modes.fix(interpreter, made, settings["training"], frame)
    interpreter.calls.append(made)
    if interpreter.in_global or interpreter.observing:
        made.outputs[0].leaves = True
    return made.outputs[0]


_FOLLOWED: Final = "Identity"
"""What is left of a Lambda to do once its function was followed."""


def _computed_by(
    interpreter: Interpreter, layer: Layer, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Tensor | None:
    """What the function of a Lambda makes of its input; ``None`` where it can't be followed."""
    function = layer.arguments.get("function")
    more = layer.arguments.get("arguments")
    if not isinstance(function, (Function, Bound, Partial, Symbol)) or arguments.open:
        return None
    if more is not None and (not isinstance(more, dict) or isinstance(more, OpenDict)):
        return None
    given = arguments.get(0, "inputs")
    if isinstance(given, Unknown):
        given = interpreter.tensor_of(given)
    known = Arguments([given], dict(more or {}))
    result = calls.call(interpreter, function, known, node, frame)
    return result if isinstance(result, Tensor) else None


def keeps_training(interpreter: Interpreter, node: ir.Call | None) -> bool:
    """Whether a call is given a constant ``training`` which Keras keeps if it is symbolic.

    What runs in the `call` of a project's own layer is run again each time, as it is written.
    """
    return (
        node is not None
        and not interpreter.in_call
        and any(
            argument.keyword == "training"
            and isinstance(argument.value, ir.Const)
            and isinstance(argument.value.value, bool)
            for argument in node.args
        )
    )


def apply_opaque(
    interpreter: Interpreter,
    instance: Instance,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Tensor:
    """Apply a layer of the project whose computation is not understood: known by its class."""
    location = location_of(interpreter, node, frame)
    layer = interpreter.graph.new_layer(instance.cls.name, {}, location)
    layer.escaped = True
    return apply_layer(interpreter, layer, arguments, node, frame)


def _setting(interpreter: Interpreter, value: Value) -> Value:
    if isinstance(value, Unknown):
        value = interpreter.decisions.value_of(value)
    return value if is_constant(value) else UNKNOWN


def _operands(
    interpreter: Interpreter, value: Value, tensors: list[Tensor], wrong: list[Layer]
) -> None:
    if isinstance(value, Layer):
        wrong.append(value)
        value.observed = True
    elif isinstance(value, Symbol):
        resolved = resolve(value.path)
        if resolved is not None and resolved.kind is Kind.LAYER:
            wrong.append(class_as_layer(interpreter, resolved, Location("")))
    elif isinstance(value, (list, tuple)):
        for item in bounds.leaves(value):
            _operands(interpreter, item, tensors, wrong)
    else:
        tensors.extend(tensors_in(interpreter, value))


def class_as_layer(interpreter: Interpreter, resolved: Resolved, location: Location) -> Layer:
    """The class itself where a layer object is expected."""
    spec = resolved.spec
    kind = spec.kind if isinstance(spec, LayerSpec) else resolved.name
    layer = interpreter.graph.new_layer(kind, {}, location)
    layer.is_class = True
    return layer


def tensors_in(interpreter: Interpreter, value: Value) -> list[Tensor]:
    """The tensors that a value is or holds; something unknown is one tensor."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Unknown):
        return [interpreter.tensor_of(value)]
    if isinstance(value, (list, tuple, dict)):
        return [t for item in bounds.leaves(value) for t in tensors_in(interpreter, item)]
    if is_constant(value):
        return []
    interpreter.escape(value)
    return [Tensor(origin=Origin.UNKNOWN)]


def _holds_tensor(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, Tensor) for item in bounds.leaves(value))
    return isinstance(value, Tensor)


def _observe(interpreter: Interpreter, value: Value) -> None:
    if isinstance(value, Tensor):
        value.observed = True
    elif isinstance(value, (list, tuple)):
        for item in bounds.leaves(value):
            _observe(interpreter, item)
    elif not isinstance(value, (Composite, Instance)):
        interpreter.escape(value)


# Ops


def apply_op(
    interpreter: Interpreter,
    resolved: Resolved,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Apply a function such as ``keras.ops.relu`` or ``tf.layers.conv2d`` to tensors."""
    spec = resolved.spec
    if not isinstance(spec, OpSpec):
        return interpreter.fresh(node)
    tensors, settings, operands = _bind_op(interpreter, spec, arguments)
    if not tensors:
        if all(is_constant(value) for value in arguments.values()):
            return interpreter.fresh(node)
        return interpreter.opaque(arguments, node)
    if spec.activation is not None:
        settings.setdefault("activation", spec.activation)
    if spec.builds:
        settings = dict(keras_api.bind(spec.kind, [], settings).arguments)
        if "activation" in settings:
            settings["activation"] = activation_of(interpreter, settings["activation"])
    settings.update(spec.fixed)
    kind = keras_api.with_a_number(_merged_kind(spec.kind, settings), operands)
    result = _apply(interpreter, kind, settings, tensors, node, frame, is_op=not spec.builds)
    if not spec.builds and "name" in arguments.keywords:
        result.observed = True  # TensorFlow 1 fetches it by that name
    return result


def _merged_kind(kind: str, settings: dict[str, Value]) -> str:
    """Keras 1's one merge for all modes, as the layer that it is."""
    if kind != "Merge":
        return kind
    settings["axis"] = settings.get("concat_axis", -1)
    return keras_api.merge_kind(settings.get("mode"))


def _bind_op(
    interpreter: Interpreter, spec: OpSpec, arguments: Arguments
) -> tuple[list[Tensor], dict[str, Value], list[Value]]:
    """The tensors of a call in order, its settings, and what its tensor parameters were given."""
    tensors: list[Tensor] = []
    settings: dict[str, Value] = {}
    values: dict[str, Value] = {}
    names = [name for name, _ in spec.params]
    values.update(zip(names, arguments.positional, strict=False))
    if spec.variadic:
        for value in arguments.positional[len(names) :]:
            tensors.extend(tensors_in(interpreter, value))
    values.update(arguments.keywords)
    for name, default in spec.params:
        if name not in values and default is not keras_api.REQUIRED:
            values[name] = UNKNOWN if arguments.open else default
    for name, value in values.items():
        if name in spec.tensors or _holds_tensor(value):
            tensors.extend(tensors_in(interpreter, value))
        else:
            settings[name] = value
    return tensors, settings, [values.get(name) for name in spec.tensors]


def _apply(
    interpreter: Interpreter,
    kind: str,
    settings: dict[str, Value],
    tensors: list[Tensor],
    node: ir.Call | None,
    frame: Frame,
    *,
    is_op: bool = True,
) -> Tensor:
    if interpreter.quiet:
        return Tensor()
    location = location_of(interpreter, node, frame)
    name = settings.get("name")
    layer = interpreter.graph.new_layer(
        kind, settings, location, name=name if isinstance(name, str) else None, is_op=is_op
    )
    layer.set_format = interpreter.image_data_format
    if node is not None and not is_op:
        layer.written = written.arguments(node)
    call_settings = (
        {"training": _setting(interpreter, settings["training"])} if "training" in settings else {}
    )
    made = interpreter.graph.apply(layer, tuple(tensors), location, arguments=call_settings)
    interpreter.calls.append(made)
    if interpreter.in_global or interpreter.observing:
        layer.escaped = True
        made.outputs[0].leaves = True
    return made.outputs[0]


def operator(
    interpreter: Interpreter, op: str, left: Value, right: Value, node: object, frame: Frame
) -> Value:
    """``left op right`` where at least one of them is a tensor."""
    del node
    kind = keras_api.OPERATORS.get(op)
    tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
    if kind is None:
        tensor.leaves = True
        interpreter.escape(other)
        return _apply(interpreter, f"operator {op}", {}, [tensor], None, frame)
    kind = keras_api.with_a_number(kind, (left, right))
    operands = [t for value in (left, right) for t in tensors_in(interpreter, value)]
    return _apply(interpreter, kind, {}, operands, None, frame)


def take_item(interpreter: Interpreter, tensor: Tensor, index: int) -> Tensor:
    """One of several results of a call, or a slice of a tensor along its first axis."""
    frame = interpreter.current_frame()
    return _apply(interpreter, "GetItem", {"index": index}, [tensor], None, frame)


def slice_tensor(
    interpreter: Interpreter, tensor: Tensor, index: Value, node: ir.Expr, frame: Frame
) -> Tensor:
    """``tensor[index]``: keeps its axes where all indices are slices."""
    del node
    parts = index if isinstance(index, tuple) else (index,)
    whole = all(isinstance(part, slice) or part is Ellipsis for part in parts)
    return _apply(
        interpreter, "Slice" if whole else "GetItem", {"index": UNKNOWN}, [tensor], None, frame
    )


# Classes that derive from Keras


def class_kind(interpreter: Interpreter, cls: Class, module: Module) -> Resolved | str | None:
    """What a project class is to Keras.

    Returns:
        The concrete layer it derives from; ``"model"``, ``"sequential"``, ``"layer"`` or
        ``"wrapper"`` for the base classes; ``"foreign"`` for a base that is not understood;
        ``None`` for a plain class.
    """
    found: Resolved | str | None = None
    for base in calls.foreign_bases(cls):
        if isinstance(base, Symbol):
            resolved = resolve(base.path)
            if resolved is None and base.name[:1].isupper():
                top = base.path.partition(".")[0]
                if top in keras_api.NOT_KERAS:
                    return "other"
                resolved = keras_api.public_name(base.name) or (
                    Resolved(Kind.BASE, base.name) if base.name == "Layer" else None
                )
            if resolved is None:
                found = found or (
                    "plain" if base.path in ("abc.ABC", "typing.Generic", "object") else "foreign"
                )
                continue
            if resolved.kind is Kind.LAYER:
                return resolved
            if resolved.kind is Kind.MODEL:
                return "sequential" if resolved.name == "Sequential" else "model"
            if resolved.kind is Kind.BASE:
                return "wrapper" if resolved.name == "Wrapper" else "layer"
            found = found or "foreign"
        else:
            found = found or "foreign"
    del interpreter, module
    return None if found == "plain" else found


def is_keras_class(interpreter: Interpreter, cls: Class, module: Module) -> bool:
    kind = class_kind(interpreter, cls, module)
    return isinstance(kind, Resolved) or kind in (
        "model",
        "sequential",
        "layer",
        "wrapper",
        "foreign",
    )


def initialise(
    interpreter: Interpreter,
    instance: Instance,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """The constructor of the Keras class that a project class derives from."""
    kind = class_kind(interpreter, instance.cls, frame.module)
    inputs = arguments.get(0, "inputs")
    outputs = arguments.get(1, "outputs")
    if isinstance(kind, Resolved):
        _, call_owner = calls.find_in_class(instance.cls, "call")
        if call_owner is not None:
            # It computes something of its own; what it inherits is reached by super().call.
            kind = Resolved(kind.kind, kind.name, kind.spec, kind.era)
        if instance.site is None or node is None or not _is_batch_normalization(kind):
            instance.layer = construct(interpreter, kind, arguments, node, frame)
        else:
            instance.layer = _construct_for_class(
                interpreter, kind, arguments, node, frame, instance.site
            )
        if call_owner is not None:
            instance.layer.base, instance.layer.kind = instance.layer.kind, instance.cls.name
            instance.layer.escaped = True
    elif kind == "sequential":
        instance.composite = models.new_sequential(interpreter, arguments, node, frame)
    elif kind == "model" and outputs is not None and inputs is not None:
        instance.composite = models.functional(interpreter, inputs, outputs, arguments)
        instance.composite.instance = instance
    elif kind == "wrapper":
        instance.attributes["layer"] = arguments.get(0, "layer")
    else:
        for value in arguments.values():
            interpreter.escape(value)


def _is_batch_normalization(resolved: Resolved) -> bool:
    return isinstance(resolved.spec, LayerSpec) and resolved.spec.kind == "BatchNormalization"


def _construct_for_class(
    interpreter: Interpreter,
    resolved: Resolved,
    arguments: Arguments,
    node: ir.Call,
    frame: Frame,
    site: tuple[ir.Call, Frame],
) -> Layer:
    """The layer that an object of a project class is: it stands where the object is made, and its
    arguments where its class hands them to Keras.
    """
    layer = construct(interpreter, resolved, arguments, *site)
    given = written.arguments(node)
    if given or not any(argument.star == "**" for argument in node.args):
        layer.written = given
        layer.written_at = location_of(interpreter, node, frame)
    return layer


def call_super(
    interpreter: Interpreter,
    instance: Value,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``super().name(…)`` where the method is Keras's."""
    if not isinstance(instance, Instance):
        return interpreter.fresh(node)
    if name == "__init__":
        initialise(interpreter, instance, arguments, node, frame)
        return None
    if name in model_events.METHODS and model_events.is_of_model_class(interpreter, instance):
        model_events.method(interpreter, instance, name, arguments, node, frame)
    if name in ("call", "__call__"):
        if instance.layer is not None:
            return apply_layer(interpreter, instance.layer, arguments, node, frame)
        if instance.composite is not None:
            return models.apply_model(interpreter, instance.composite, arguments, node, frame)
    if name == "__setattr__" and len(arguments.positional) == 2:
        builtin_functions.set_by_name(interpreter, instance, *arguments.positional)
        return None
    if name == "build":
        return None
    if name == "add" and instance.composite is not None:
        models.add(interpreter, instance.composite, arguments.get(0, "layer"), node, frame)
        return None
    return interpreter.opaque(arguments, node)


def is_layer_like(value: Value) -> bool:
    """Whether ``value`` is something that ``model.add`` takes."""
    if isinstance(value, Symbol):
        resolved = resolve(value.path)
        return resolved is not None and resolved.kind is Kind.LAYER
    return isinstance(value, (Layer, Composite, Instance))
