"""What a call does: functions are inlined, classes instantiated, Keras is asked for the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from bnlint.graph import Layer, Tensor
from bnlint.graph.running import Running
from bnlint.readers.source.interpreter import arrays, attributes, bounds, builtin_functions, imports
from bnlint.readers.source.interpreter import presumed as presumed_defaults
from bnlint.readers.source.interpreter.frames import Cut, Frame, Raised
from bnlint.readers.source.interpreter.inert import last_name
from bnlint.readers.source.interpreter.keras_calls import (
    calls_by_hand,
    model_events,
    models,
    semantics,
)
from bnlint.readers.source.interpreter.keras_calls.format_functions import FORMAT_FUNCTIONS
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Bound,
    Builtin,
    Class,
    Composite,
    Function,
    Instance,
    KerasMember,
    Method,
    OpenDict,
    OpenList,
    Partial,
    SomeLayer,
    Super,
    Symbol,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_MOST_ON_STACK: Final = 3
_MOST_BASES: Final = 60


def only(*values: Value) -> Arguments:
    """Arguments of these positional values alone."""
    return Arguments(list(values), {})


_OF_THE_PROGRAM: Final = frozenset({Function, Bound, Class, Partial, Instance})


def evaluate_call(interpreter: Interpreter, node: ir.Call, frame: Frame) -> Value:
    """The value of a call expression."""
    interpreter.steps_left -= 2
    func = node.func
    callee = interpreter.expressions[func.__class__](interpreter, func, frame)
    kind = callee.__class__
    if kind is Builtin and callee.name == "super":
        return _super(interpreter, node, frame)
    arguments = evaluate_arguments(interpreter, node, frame)
    if kind is Symbol:
        return semantics.call_symbol(interpreter, callee, arguments, node, frame)
    if node.args and interpreter.presumes:
        arguments.presumed = presumed_defaults.handed_on(
            node, frame, arguments, interpreter.evaluate
        )
    if node.args and frame.function is not None and kind in _OF_THE_PROGRAM:
        arguments.defaulted = presumed_defaults.rest_on_default(node, frame)
    if kind is Function:
        if callee.name in FORMAT_FUNCTIONS:
            return semantics.data_format_function(interpreter, callee.name, arguments)
        return call_function(interpreter, callee, arguments, node)
    if kind is Unknown or (kind is Method and callee.receiver is None):
        label = callee.label.rpartition(".")[2] if kind is Unknown else ""
        name = label if label in FORMAT_FUNCTIONS else last_name(node.func)
        if name in FORMAT_FUNCTIONS:
            return semantics.data_format_function(interpreter, name, arguments)
        if isinstance(node.func, ir.Attribute) and name in model_events.UPDATES:
            model_events.stepped(interpreter, name, arguments, node, frame)
        if isinstance(node.func, ir.Attribute):
            array = arrays.drawn(name, arguments, node)
            if array is not None:
                return array
        keras = _keras_behind_unknown(node, arguments, frame)
        if keras is not None:
            callee = keras
        elif (
            isinstance(callee, Unknown)
            and (receiver := _model_added_to(callee, arguments)) is not None
        ):
            model = models.open_sequential(interpreter, receiver)
            models.add(interpreter, model, arguments.positional[0], node, frame)
            return None
    return call(interpreter, callee, arguments, node, frame)


def _model_added_to(callee: Unknown, arguments: Arguments) -> Unknown | None:
    """The unknown of ``unknown.add(layer)``: a Sequential model that somebody else began."""
    match callee.key:
        case (receiver, ("attr", "add")):
            if len(arguments.positional) != 1:
                return None
            if not semantics.is_layer_like(arguments.positional[0]):
                return None
            return Unknown(receiver, from_parameter=callee.from_parameter)
        case _:
            return None


def evaluate_arguments(interpreter: Interpreter, node: ir.Call, frame: Frame) -> Arguments:
    """Evaluate the arguments of a call, with stars spread out."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    arguments = Arguments(positional, keywords)
    run = interpreter.expressions
    for argument in node.args:
        expression = argument.value
        if expression.__class__ is ir.Const:
            value = expression.value
        else:
            value = run[expression.__class__](interpreter, expression, frame)
        if not argument.star:
            if argument.keyword is None:
                positional.append(value)
            else:
                keywords[argument.keyword] = value
        elif argument.star == "*":
            items, known = interpreter.iterate(value, argument)
            left_out = bounds.grow(positional, items) if known or isinstance(value, list) else ()
            interpreter.escape(left_out)
            arguments.open = arguments.open or not known or bool(left_out)
        else:
            if isinstance(value, dict):
                for key, item in value.items():
                    if isinstance(key, str):
                        keywords[key] = item
                    else:
                        arguments.open = True
            if not isinstance(value, dict) or isinstance(value, OpenDict):
                arguments.open = True
    return arguments


def _super(interpreter: Interpreter, node: ir.Call, frame: Frame) -> Value:
    if len(node.args) == 2:
        cls = interpreter.evaluate(node.args[0].value, frame)
        receiver = interpreter.evaluate(node.args[1].value, frame)
        if isinstance(cls, Class) and isinstance(receiver, (Instance, Class)):
            return Super(receiver, cls)
    scope: Frame | None = frame
    while scope is not None:
        function = scope.function
        if function is not None and function.owner is not None:
            params = function.node.params.params
            receiver = scope.names.get(params[0].name) if params else None
            if isinstance(receiver, (Instance, Class)):
                return Super(receiver, function.owner)
        scope = scope.outer
    return interpreter.fresh(node)


def _keras_behind_unknown(node: ir.Call, arguments: Arguments, frame: Frame) -> Symbol | None:
    """Keras's layer, where an unknown base is used with a public Keras layer's name.

    `layers = get_submodules_from_kwargs(kwargs)[1]; layers.Conv2D(…)`. Not on `self`, not in a
    file of another framework, not where an argument shows another signature.
    """
    func = node.func
    if isinstance(func, ir.Attribute):
        name = func.attr
        if isinstance(func.value, ir.Name) and func.value.id in ("self", "cls"):
            return None
    elif isinstance(func, ir.Name):
        name = func.id
    else:
        return None
    if not name[:1].isupper():
        return None
    symbol = imports.public_symbol(name)
    if symbol is None or imports.uses_another_framework(frame.module):
        return None
    return symbol if semantics.fits_keras(symbol, arguments) else None


def call(
    interpreter: Interpreter,
    callee: Value,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """The value of ``callee(*arguments)``."""
    run = _how_to_call().get(callee.__class__)
    if run is not None:
        return run(interpreter, callee, arguments, node, frame)
    return interpreter.opaque(arguments, node)


def _call_plain(
    interpreter: Interpreter,
    callee: Function,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    del frame
    return call_function(interpreter, callee, arguments, node)


def _call_bound(
    interpreter: Interpreter,
    callee: Bound,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    del frame
    if isinstance(callee.receiver, Instance):
        callee.receiver.run.add(callee.function.name)
    return call_function(interpreter, callee.function, arguments.behind(callee.receiver), node)


def _call_partial(
    interpreter: Interpreter,
    callee: Partial,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    merged = Arguments(
        [*callee.args, *arguments.positional],
        {**callee.keywords, **arguments.keywords},
        arguments.open,
    )
    return call(interpreter, callee.function, merged, node, frame)


def _call_member(
    interpreter: Interpreter,
    callee: KerasMember,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """A method that an object has from Keras, whose body is not read."""
    if callee.name in model_events.METHODS:
        model_events.method(interpreter, callee.owners[0], callee.name, arguments, node, frame)
    return interpreter.opaque(arguments, node)


def call_function(
    interpreter: Interpreter, function: Function, arguments: Arguments, node: ir.Call | None
) -> Value:
    """Inline a function at its call."""
    body = function.node
    running = (body, function.closure)  # nested calls of one lambda may be of many closures
    if (
        interpreter.depth >= interpreter.most_depth
        or interpreter.stack.count(running) >= _MOST_ON_STACK
    ):
        interpreter.graph.complete = False
        interpreter.escape(function)
        return interpreter.opaque(arguments, node or body)
    interpreter.step(3)
    frame = Frame(function.module, {}, function.closure, function, function.owner)
    bind_parameters(interpreter, function, arguments, frame)
    interpreter.ran[body] = interpreter.ran.get(body, 0) + 1
    interpreter.depth += 1
    interpreter.stack.append(running)
    caller, interpreter.frame = interpreter.frame, frame
    graph = interpreter.graph
    around, graph.running = graph.running, _run_of(function, graph.running)
    try:
        if isinstance(body, ir.Lambda):
            return interpreter.evaluate(body.body, frame)
        interpreter.run_block(body.body, frame)
    except (Raised, Cut):
        # Code after this place would have used them.
        for value in frame.names.values():
            if isinstance(value, (Tensor, Layer, list, tuple, dict)):
                interpreter.escape(value)
        raise
    finally:
        interpreter.depth -= 1
        interpreter.stack.pop()
        interpreter.frame = caller
        graph.running = around
    return frame.yielded if body.is_generator else frame.result


def _run_of(function: Function, caller: Running | None) -> Running:
    owner = "" if function.owner is None else function.owner.name
    filename = function.module.filename
    return Running(function.name, owner, filename, function.closure is not None, caller)


def bind_parameters(
    interpreter: Interpreter, function: Function, arguments: Arguments, frame: Frame
) -> None:
    """Give the parameters their values as Python does; what is missing is unknown."""
    params = function.node.params
    names = frame.names
    keywords = dict(arguments.keywords)
    positional = params.positional
    interpreter.presumes = interpreter.presumes or bool(arguments.presumed)
    for key, presumed in arguments.presumed.items():
        if isinstance(key, str):
            frame.presumed[key] = presumed
        elif key < len(positional):
            frame.presumed[positional[key]] = presumed
    for mark in (*arguments.defaulted, *arguments.presumed):
        name = positional[mark] if isinstance(mark, int) and mark < len(positional) else mark
        frame.defaulted.update((name,) if isinstance(name, str) else ())
    names.update(zip(positional, arguments.positional, strict=False))
    extra = arguments.positional[len(positional) :]
    for name in params.names:
        if name in keywords:
            names[name] = keywords.pop(name)
        elif name not in names:
            # `training=None` is what Keras fills in.
            if name in function.defaults and not arguments.open and name != "training":
                names[name] = function.defaults[name]
                frame.defaulted.add(name)
            else:
                names[name] = Unknown((function.node, name), name)
    if params.vararg is not None:
        names[params.vararg] = OpenList(extra) if arguments.open else tuple(extra)
    else:
        for value in extra:
            interpreter.escape(value)
    if params.kwarg is not None:
        opened = arguments.open or arguments.more_keywords
        names[params.kwarg] = OpenDict(keywords) if opened else keywords
    else:
        for value in keywords.values():
            interpreter.escape(value)


# Classes


def resolution_order(cls: Class) -> list[Value]:
    """The class and its bases in the order in which attributes are looked up."""
    if cls.order is not None:
        return cls.order
    order: list[Value] = []
    pending: list[Value] = [cls]
    while pending and len(order) < _MOST_BASES:
        current = pending.pop(0)
        if current in order:
            continue
        order.append(current)
        if isinstance(current, Class):
            pending = [*current.bases, *pending]
    cls.order = order
    return order


def find_in_class(cls: Class, name: str) -> tuple[Value, Class | None]:
    """An attribute of a class or of its project bases, and the class that has it."""
    if name in cls.attributes:
        return cls.attributes[name], cls
    for base in resolution_order(cls)[1:]:
        if isinstance(base, Class) and name in base.attributes:
            return base.attributes[name], base
    return None, None


def foreign_bases(cls: Class) -> list[Value]:
    """The bases that are not of the project, nearest first."""
    return [
        base
        for base in resolution_order(cls)
        if not isinstance(base, Class) and not (isinstance(base, Builtin) and base.name == "object")
    ]


def has_foreign_base(cls: Class) -> bool:
    return bool(foreign_bases(cls))


def instantiate(
    interpreter: Interpreter, cls: Class, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """An object of a project class, its ``__init__`` run."""
    instance = Instance(cls, site=None if node is None else (node, frame))
    interpreter.instances.append(instance)
    initialiser, owner = find_in_class(cls, "__init__")
    if isinstance(initialiser, Function) and owner is not None:
        instance.run.add("__init__")
        call_function(interpreter, initialiser, arguments.behind(instance), node)
    elif has_foreign_base(cls):
        semantics.initialise(interpreter, instance, arguments, node, frame)
    elif _is_dataclass(cls):
        fields = [name for name, value in cls.attributes.items() if not isinstance(value, Function)]
        for name, value in zip(fields, arguments.positional, strict=False):
            instance.attributes[name] = value
        instance.attributes.update(arguments.keywords)
    else:
        for value in arguments.values():
            interpreter.escape(value)
    return instance


def _is_dataclass(cls: Class) -> bool:
    for decorator in cls.node.decorators:
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        name = target.attr if isinstance(target, ir.Attribute) else getattr(target, "id", "")
        if name == "dataclass":
            return True
    return False


def call_instance(
    interpreter: Interpreter,
    instance: Instance,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Calling an object: Keras builds it and runs ``call``; a plain class has ``__call__``."""
    is_keras = semantics.is_keras_class(interpreter, instance.cls, frame.module)
    for name in ("call", "__call__", "forward") if is_keras else ("__call__", "call", "forward"):
        method, owner = find_in_class(instance.cls, name)
        if isinstance(method, Function) and owner is not None:
            if (
                is_keras
                and not interpreter.in_call
                and (interpreter.tapes or model_events.is_of_model_class(interpreter, instance))
            ):
                calls_by_hand.applied(interpreter, instance, arguments, node, frame)
            if is_keras and interpreter.quiet:
                return interpreter.fresh(node)
            if name == "call":
                build(interpreter, instance)
            given = _for_call(
                method, calls_by_hand.open_mode(interpreter, instance, arguments, node)
            )
            heard = bool(interpreter.in_call) and (
                "training" in arguments.keywords or len(arguments.positional) > 1
            )
            interpreter.in_call += is_keras
            interpreter.mode_given += heard
            try:
                result = call(interpreter, Bound(method, instance), given, node, frame)
            finally:
                interpreter.in_call -= is_keras
                interpreter.mode_given -= heard
            if is_keras and isinstance(result, Unknown) and not result.from_parameter:
                # What it computes can't be followed, but it is a layer of that class.
                return semantics.apply_opaque(interpreter, instance, arguments, node, frame)
            return result
    if instance.layer is not None:
        return semantics.apply_layer(interpreter, instance.layer, arguments, node, frame)
    if instance.composite is not None:
        return models.apply_model(interpreter, instance.composite, arguments, node, frame)
    for value in arguments.values():
        interpreter.escape(value)
    interpreter.escape(instance)
    return interpreter.fresh(node)


def _for_call(method: Function, arguments: Arguments) -> Arguments:
    """``training`` and ``mask`` are Keras's to pass on or to drop."""
    params = method.node.params
    if params.kwarg is not None:
        return arguments
    names = {param.name for param in params.params}
    keywords = {
        key: value
        for key, value in arguments.keywords.items()
        if key in names or key not in ("training", "mask")
    }
    return Arguments(arguments.positional, keywords, arguments.open)


def build(interpreter: Interpreter, instance: Instance) -> None:
    """Run ``build`` once, as Keras does before the first call."""
    if instance.built:
        return
    instance.built = True
    method, owner = find_in_class(instance.cls, "build")
    if isinstance(method, Function) and owner is not None and method.kind == "function":
        instance.run.add("build")
        shape = Unknown(("input shape", method.node), "input_shape")
        # Keras's returns nothing; one that returns a model belongs to an unknown base.
        built = call_function(interpreter, method, only(instance, shape), None)
        interpreter.escape(built)


def attribute_of(
    interpreter: Interpreter, receiver: Value, name: Value, node: ir.Call | None
) -> Value:
    """``getattr(receiver, name)``."""
    if isinstance(name, str):
        return attributes.get_attribute(interpreter, receiver, name, node or ir.Expr())
    interpreter.escape(receiver)
    return interpreter.fresh(node)


@cache
def _how_to_call() -> dict[type, Callable[..., Value]]:
    """What calls each kind of value; made at the first call, when all modules are there."""
    return {
        Symbol: semantics.call_symbol,
        Layer: semantics.apply_layer,
        Function: _call_plain,
        Bound: _call_bound,
        Class: instantiate,
        Instance: call_instance,
        Composite: models.apply_model,
        Partial: _call_partial,
        KerasMember: _call_member,
        SomeLayer: models.call_some_layer,
        Builtin: builtin_functions.call_builtin,
        Method: builtin_functions.call_method,
    }
