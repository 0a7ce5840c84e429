"""Notes what the program does with its models: the events of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Layer
from bnlint.graph import Unknown as Unsaid
from bnlint.graph.events import (
    MOST_EVENTS,
    Applied,
    Compiled,
    Differentiated,
    Event,
    Fitted,
    Inferred,
    Loaded,
    Lost,
    Model,
    ModeSet,
    Opened,
    OwnCall,
    Stepped,
    TrainableSet,
)
from bnlint.readers.source.interpreter import arrays, bounds, calls, imports
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.inert import last_name
from bnlint.readers.source.interpreter.keras_calls import calls_by_hand, semantics, steps
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Bound,
    Class,
    Composite,
    Function,
    Instance,
    KerasMember,
    Method,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter
    from bnlint.readers.source.modules import Module

STATELESS: Final = "stateless_call"
FITTING: Final = frozenset({"fit", "fit_generator", "train_on_batch"})
INFERRING: Final = frozenset(
    {"predict", "evaluate", "predict_on_batch", "test_on_batch"}
    | {"predict_generator", "evaluate_generator"}
)
LOADING: Final = frozenset({"load_weights", "set_weights", "load_own_variables", "set_state_tree"})
METHODS: Final = FITTING | INFERRING | LOADING | {"compile", STATELESS}
WEIGHTS: Final = frozenset({"trainable_variables", "trainable_weights", "variables", "weights"})
ALL_WEIGHTS: Final = WEIGHTS | {"non_trainable_variables", "non_trainable_weights"}
MEMBERS: Final = METHODS | ALL_WEIGHTS
UPDATES: Final = frozenset({"apply_gradients", "apply", "stateless_apply", "minimize"})
TAPE: Final = "GradientTape"
TRAINING: Final = FITTING | WEIGHTS | {TAPE}
"""Names that a program reads which trains a model."""
_EVENTFUL: Final = (METHODS | ALL_WEIGHTS) - {"compile"}
_GIVES_DATA_TO_JUDGE: Final = frozenset({"validation_data", "validation_split"})
_APPLIES_GRADIENTS: Final = re.compile(r"\bstateless_apply\b|\bapply_updates\b|\bapply_gradients\b")
_MOST_DEPTH: Final = 8
_HOLDERS: Final = (Layer, Composite, Instance, list, tuple, dict)
_STEPS: Final = frozenset({"train_step", "test_step", "predict_step"})
# A function that gives batches; not `predict`, whose batches nobody sees.
_MAKES_BATCHES: Final = re.compile(
    r"flow|dataset|loader|generator|sequence|batch|iter", re.IGNORECASE
)
# What can be done with a dataset that leaves its batches as they are.
_KEEPS_BATCHES: Final = frozenset(
    {"prefetch", "cache", "repeat", "shuffle", "map", "take", "skip", "with_options"}
)


def is_of_model_class(interpreter: Interpreter, instance: Instance) -> bool:
    """Whether the object's class derives from ``keras.Model`` itself."""
    module = instance.cls.module
    return semantics.class_kind(interpreter, instance.cls, module) == "model"


def model_of(value: Composite | Instance) -> Model:
    """The model that stands for a value in the events; the same one each time."""
    if value.model is None:
        value.model = Model(value.kind if isinstance(value, Composite) else value.cls.name)
    return value.model


def _is_model(interpreter: Interpreter, value: Composite | Instance) -> bool:
    if isinstance(value, Composite):
        return not value.open or bool(value.calls)
    return value.composite is None and is_of_model_class(interpreter, value)


def note(interpreter: Interpreter, event: Event) -> None:
    """Add an event, unless the program only tries whether something fails."""
    events = interpreter.graph.events
    if interpreter.observing or interpreter.in_global or interpreter.too_many_events:
        return
    event.turns = tuple(interpreter.turns)
    events.append(event)
    if len(events) > MOST_EVENTS:
        events.clear()
        interpreter.too_many_events = True


def turns_of(iterable: Value, items: list[Value]) -> int:
    """How many turns a loop over something known takes."""
    return len(iterable) if isinstance(iterable, range) else len(items)


# What runs for its events alone


def run_steps(interpreter: Interpreter, instance: Instance) -> None:
    """Run the ``train_step`` and ``test_step`` of a class of the project, as ``fit`` does."""
    for name in ("train_step", "test_step"):
        step, owner = calls.find_in_class(instance.cls, name)
        if not isinstance(step, Function) or owner is None or isinstance(step.node, ir.Lambda):
            continue
        if TAPE in step.node.mentions or (name == "test_step" and _names_the_mode(step.node)):
            batch = Unknown(("batch of", step.node), "data")
            with interpreter.quietly():
                calls.call_function(interpreter, step, calls.only(instance, batch), None)


@lru_cache(maxsize=2048)
def _names_the_mode(method: ir.FunctionDef) -> bool:
    """Whether a call in it is given ``training=True``."""
    return any(
        isinstance(node, ir.Arg)
        and node.keyword == "training"
        and isinstance(node.value, ir.Const)
        and node.value.value is True
        for node in ir.walk(method.body)
    )


def is_worth_a_run(method: Function, instance: Instance) -> bool:
    """Whether a method that builds nothing trains a model, the object itself or one it has."""
    if method.kind != "function" or isinstance(method.node, ir.Lambda):
        return False
    mentions = method.node.mentions
    if TAPE not in mentions and _EVENTFUL.isdisjoint(mentions) and not _names_the_mode(method.node):
        return False
    held = instance.attributes.items()
    if any(name in mentions and isinstance(value, (Composite, Instance)) for name, value in held):
        return True
    # `self(x)`, of layers that `call` applies.
    return TAPE in mentions and any(isinstance(value, _HOLDERS) for _, value in held)


def part_from_before(interpreter: Interpreter) -> None:
    """What runs next may be called at any time: nothing is known of what happened before."""
    events = interpreter.graph.events
    if events and not isinstance(events[-1], Lost):
        for composite in interpreter.composites:
            lost(interpreter, composite, is_parting=True)
        for instance in interpreter.instances:
            lost(interpreter, instance, is_parting=True)


# What happens


def method(
    interpreter: Interpreter,
    value: Composite | Instance,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``model.compile(…)``, ``model.fit(…)``."""
    location = semantics.location_of(interpreter, node, frame)
    if name == "compile":
        note(interpreter, Compiled(location, model_of(value)))
        return
    if name in INFERRING:
        if interpreter.graph.events:
            note(interpreter, Inferred(location, model_of(value)))
        return
    if name == STATELESS:
        if interpreter.tapes:
            calls_by_hand.applied_stateless(interpreter, value, arguments, node, frame)
        return
    if name in LOADING:
        note(interpreter, Loaded(location, model_of(value)))
        return
    size = _batch_size(interpreter, name, arguments, frame)
    validates = not _GIVES_DATA_TO_JUDGE.isdisjoint(arguments.keywords)
    updates = steps.updates_of(name, arguments, size)
    note(interpreter, Fitted(location, model_of(value), size, updates, validates))
    instance = value if isinstance(value, Instance) else value.instance
    if instance is not None:
        run_steps(interpreter, instance)


def searched(interpreter: Interpreter, tuner: Layer, node: ir.Call | None, frame: Frame) -> None:
    """``tuner.search(…)``, which builds a model and fits it."""
    build = interpreter.tuners[tuner]
    if isinstance(build, Instance):
        found, owner = calls.find_in_class(build.cls, "build")
        build = Bound(found, build) if isinstance(found, Function) and owner else None
    if not isinstance(build, (Function, Bound)):
        return
    made = calls.call(interpreter, build, calls.only(Unknown(("hp", node), "hp")), node, frame)
    if isinstance(made, (Composite, Instance)):
        method(interpreter, made, "fit", calls.only(), node, frame)


def trainable_set(interpreter: Interpreter, target: Value, value: Value) -> None:
    """``target.trainable = value``."""
    if isinstance(target, Instance) and not is_of_model_class(interpreter, target):
        return
    known = interpreter.decisions.value_of(value) if isinstance(value, Unknown) else value
    said: bool | Unsaid = known if isinstance(known, bool) else UNKNOWN
    location = statement(interpreter)
    if isinstance(target, Layer) and target in interpreter.stand_ins:
        network = interpreter.stand_ins[target]
        if network is not None:
            said = UNKNOWN if interpreter.unsure else said
            chosen = interpreter.choosing > 0
            note(interpreter, TrainableSet(location, network, said, chosen, only_norms=True))
        return
    subject = target if isinstance(target, Layer) else model_of(target)
    chosen = interpreter.choosing > 0 or (isinstance(target, Layer) and not interpreter.turns)
    note(interpreter, TrainableSet(location, subject, said, chosen))


def opened(interpreter: Interpreter, value: Composite) -> None:
    """``base.layers`` of a model whose layers the reader does not know."""
    if value.model is not None:
        note(interpreter, Opened(statement(interpreter), value.model))


def lost(
    interpreter: Interpreter, value: Composite | Instance, *, is_parting: bool = False
) -> None:
    """A model goes to code that cannot be seen, or what is known of one is out of date."""
    if value.model is not None or (not is_parting and _is_model(interpreter, value)):
        note(interpreter, Lost(statement(interpreter), model_of(value), is_parting))


def differentiated(
    interpreter: Interpreter,
    tape: Layer,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``tape.gradient(target, sources)``."""
    owners = owners_of(arguments.get(1, "sources"))
    if owners:
        location = semantics.location_of(interpreter, node, frame)
        models = tuple(map(model_of, owners))
        note(interpreter, Differentiated(location, tape, models))


def minimized(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> None:
    """``optimizer.minimize(lambda: loss(model(x)), variables)``: as under a tape."""
    loss, owners = arguments.get(0, "loss"), arguments.get(1, "var_list")
    given = arguments.keywords.get("tape")
    if isinstance(given, Layer) and given.kind == TAPE:
        differentiated(interpreter, given, calls.only(None, owners), node, frame)
    if not isinstance(loss, (Function, Bound)):
        return
    with recording(interpreter, node, frame) as tape:
        calls.call(interpreter, loss, calls.only(), None, frame)
        if isinstance(owners, Function):
            owners = calls.call(interpreter, owners, calls.only(), None, frame)
    differentiated(interpreter, tape, calls.only(None, owners), node, frame)


def transformed(
    interpreter: Interpreter,
    function: Value,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``jax.value_and_grad(function)``: what it calls is trained, if anything applies gradients."""
    if not isinstance(function, (Function, Bound)):
        return
    body = function.function if isinstance(function, Bound) else function
    names = body.node.params.names[isinstance(function, Bound) :]
    given = [Unknown(("argument", body.node, name), name) for name in names]
    before = len(interpreter.graph.events)
    with recording(interpreter, node, frame) as tape:
        calls.call(interpreter, function, calls.only(*given), None, frame)
    models = tuple(
        dict.fromkeys(
            event.model
            for event in interpreter.graph.events[before:]
            if isinstance(event, Applied) and tape in event.tapes
        )
    )
    if models and _APPLIES_GRADIENTS.search(frame.module.text):
        location = semantics.location_of(interpreter, node, frame)
        note(interpreter, Differentiated(location, tape, models))
        note(interpreter, Stepped(location))


@contextmanager
def recording(interpreter: Interpreter, node: ir.Call | None, frame: Frame) -> Iterator[Layer]:
    """Run something for its events as if a tape recorded it."""
    tape = Layer(TAPE, {}, semantics.location_of(interpreter, node, frame))
    interpreter.tapes.append(tape)
    try:
        with interpreter.quietly():
            yield tape
    finally:
        interpreter.tapes.remove(tape)


def mode_set(interpreter: Interpreter, node: ir.Call | None, frame: Frame) -> None:
    """``keras.backend.set_learning_phase(1)``."""
    note(interpreter, ModeSet(semantics.location_of(interpreter, node, frame)))


def stepped(
    interpreter: Interpreter,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``optimizer.apply_gradients(…)``, whatever the optimizer is."""
    if name == "minimize":
        minimized(interpreter, arguments, node, frame)
    if interpreter.graph.events:
        note(interpreter, Stepped(semantics.location_of(interpreter, node, frame)))


def owners_of(value: Value) -> tuple[Composite | Instance, ...]:
    """The models that ``value`` is the weights of; none where that is not certain."""
    if isinstance(value, KerasMember) and value.name in WEIGHTS:
        return value.owners
    if isinstance(value, Method) and value.name in WEIGHTS:
        return (value.receiver,) if isinstance(value.receiver, Composite) else ()
    if isinstance(value, (list, tuple)) and bounds.is_small(value):
        each = [owners_of(item) for item in value]
        return tuple(owner for owners in each for owner in owners) if all(each) else ()
    return ()


def statement(interpreter: Interpreter) -> Location:
    """The first line of the running statement."""
    module = interpreter.current_frame().module
    return _line(module, interpreter.line)


def _line(module: Module, line: int) -> Location:
    lines = module.outline.lines
    text = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    code = text.lstrip()
    indent = len(text) - len(code)
    return module.location((line, indent, line, indent + len(code.encode())))


# How many samples a step takes


def _batch_size(
    interpreter: Interpreter, name: str, arguments: Arguments, frame: Frame
) -> int | Unsaid | None:
    if arguments.open:
        return UNKNOWN
    rows = arrays.rows_of(arguments.get(0, "x"))
    if name == "train_on_batch" or rows == 1:
        return UNKNOWN if rows is None else rows
    if name == "fit":
        size = arguments.get(2, "batch_size")
        if isinstance(size, Unknown):
            size = interpreter.decisions.value_of(size)
        if size is not None:
            return size if isinstance(size, int) else UNKNOWN
    data = arguments.get(0, "x" if name == "fit" else "generator")
    match data:
        case Unknown(key=(ir.Call() as made, None)):
            return _batch_size_of(interpreter, made, frame)
        case _:
            return UNKNOWN


def _batch_size_of(interpreter: Interpreter, made: ir.Expr, frame: Frame) -> int | Unsaid:
    """The size of the batches of ``dataset.shuffle(100).batch(1).prefetch(1)``."""
    while isinstance(made, ir.Call):
        for argument in made.args:
            if argument.keyword == "batch_size" and _MAKES_BATCHES.search(last_name(made.func)):
                return _count(interpreter, argument.value, frame)
        match made:
            case ir.Call(func=ir.Attribute(attr="batch"), args=(first, *_)) if not first.star:
                return _count(interpreter, first.value, frame)
            case ir.Call(func=ir.Attribute(value=receiver, attr=name)) if name in _KEEPS_BATCHES:
                made = receiver
            case _:
                return UNKNOWN
    return UNKNOWN


def _count(interpreter: Interpreter, node: ir.Expr, frame: Frame) -> int | Unsaid:
    """A literal, or a constant of the module by a name that says so: the call may stand in another
    function, whose names are not seen from here.
    """
    value: Value = node.value if isinstance(node, ir.Const) else None
    if isinstance(node, ir.Name) and node.id.isupper():  # noqa: SIM102  mypy follows this form
        if frame.is_module or node.id not in frame.names:
            value = imports.global_value(interpreter, frame.module, node.id)
    return value if isinstance(value, int) and not isinstance(value, bool) else UNKNOWN


# What the models are, recorded at the end of a run


def finish(interpreter: Interpreter) -> None:
    """Record for each model that has events which layers it holds and how it is called."""
    if all(isinstance(event, Lost) for event in interpreter.graph.events):
        interpreter.graph.events.clear()  # nothing is done with what is lost
        return
    values: list[Composite | Instance] = [*interpreter.composites, *interpreter.instances]
    for value in values:
        model = value.model
        if model is None:
            continue
        model.layers = tuple(dict.fromkeys(layers_in(value)))
        if isinstance(value, Instance) and value.composite is None:
            model.call = _own_call(value)
            _, owner = calls.find_in_class(value.cls, "train_step")
            model.own_step = owner is not None


def layers_in(value: Value) -> Iterator[Layer]:
    """The layers that a model or another object holds, those of nested models included."""
    return _layers_in(value, set(), 0)


def _layers_in(value: Value, seen: set[int], depth: int) -> Iterator[Layer]:
    if depth > _MOST_DEPTH or id(value) in seen:
        return
    if isinstance(value, Layer):
        yield value
        if value.wraps is not None:
            yield value.wraps
        yield from value.holds
        return
    inner: list[Value] = []
    if isinstance(value, Composite):
        inner = [*(call.layer for call in value.calls), *value.members]
    elif isinstance(value, Instance):
        inner = [value.layer, value.composite, *value.attributes.values()]
    else:
        inner = _items(value)
    if inner:
        seen.add(id(value))
        for item in inner:
            yield from _layers_in(item, seen, depth + 1)


def _instances_in(value: Value, seen: set[int], depth: int) -> Iterator[Instance]:
    if depth > _MOST_DEPTH or id(value) in seen:
        return
    inner: list[Value] = []
    if isinstance(value, Instance):
        yield value
        inner = list(value.attributes.values())
    elif isinstance(value, Composite):
        inner = value.members
    else:
        inner = _items(value)
    if inner:
        seen.add(id(value))
        for item in inner:
            yield from _instances_in(item, seen, depth + 1)


def _items(value: Value) -> list[Value]:
    """What a list, tuple or dict holds."""
    if isinstance(value, (list, tuple)):
        return list(value)
    return list(value.values()) if isinstance(value, dict) else []


def _own_call(instance: Instance) -> OwnCall | None:
    function, owner = calls.find_in_class(instance.cls, "call")
    if not isinstance(function, Function) or owner is None:
        return None
    if isinstance(function.node, ir.Lambda):
        return None
    return OwnCall(
        _line(function.module, function.node.line),
        "training" in function.node.params.names,
        _trains_by_default(function),
        any(
            _sets_training(each.cls, each is not instance)
            for each in _instances_in(instance, set(), 0)
        ),
    )


def _trains_by_default(function: Function) -> bool:
    default = function.defaults.get("training")
    return not (default is None or default is False)


def _sets_training(cls: Class, nested: bool) -> bool:
    """Whether a class passes on a mode of its own: ``self.bn(x, training=True)``."""
    for base in calls.resolution_order(cls):
        if not isinstance(base, Class):
            continue
        for name, function in base.attributes.items():
            if not isinstance(function, Function) or name in _STEPS:
                continue
            if nested and name == "call" and _trains_by_default(function):
                return True
            if not isinstance(function.node, ir.Lambda) and _passes_on(function.node):
                return True
    return False


def _passes_on(node: ir.FunctionDef) -> bool:
    if "learning_phase" in node.mentions:
        return True
    for each in ir.walk(node.body):
        if not isinstance(each, ir.Call):
            continue
        for position, argument in enumerate(each.args):
            match argument:
                case ir.Arg(keyword="training", value=ir.Name(id="training")):
                    pass
                case ir.Arg(keyword="training", value=ir.Const(value=None | False)):
                    pass
                case ir.Arg(keyword="training"):
                    return True
                case ir.Arg(keyword=None, value=ir.Const(value=True)) if position == 1:
                    return True
                case _:
                    pass
    return False
