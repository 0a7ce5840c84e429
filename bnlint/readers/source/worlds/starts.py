"""Where a run starts: functions and classes that nobody calls, and what they are given."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from bnlint.graph import Layer, Tensor
from bnlint.readers.source.interpreter import calls
from bnlint.readers.source.interpreter.decisions import FORMATS
from bnlint.readers.source.interpreter.frames import Frame, Raised
from bnlint.readers.source.interpreter.interpreter import Interpreter, mentions_of
from bnlint.readers.source.interpreter.keras_calls import model_events, semantics
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Class,
    Composite,
    Function,
    Instance,
    Partial,
    PresumedFormat,
    PresumedTuple,
    Symbol,
    Unknown,
    Value,
    is_constant,
)
from bnlint.readers.source.parsing import program as ir
from bnlint.readers.source.worlds.builders import CONSTRUCTOR

_MOST_NESTED_FUNCTIONS: Final = 100
# Methods that say what an object is made of, not what it computes.
DESCRIBING: Final = frozenset(
    {
        "get_config",
        "from_config",
        "compute_output_shape",
        "compute_mask",
        "compute_output_spec",
        "get_build_config",
        "build_from_config",
    }
)
_REPLACEABLE: Final = (int, float, str, Symbol, Class, Function, Partial)
"""Defaults in whose place others may pass something else; one that is a container is kept."""
_APPLYING: Final = ("call", "__call__", "forward")


def run_function(interpreter: Interpreter, function: Function, *, is_open: bool) -> Value:
    """Call a function with what its parameters may be; what it returns."""
    arguments = _unknown_arguments(interpreter, function, is_open=is_open, skip=0)
    return calls.call_function(interpreter, function, arguments, None)


def _unknown_arguments(
    interpreter: Interpreter, function: Function, *, is_open: bool, skip: int
) -> Arguments:
    """What a root is started with: a flag is a choice, another default is itself until something
    is found that may turn on it, and what has no default is unknown.
    """
    node = function.node
    keywords: dict[str, Value] = {}
    presumed: dict[int | str, tuple[Value, Unknown]] = {}
    for param in node.params.params[skip:]:
        default = function.defaults.get(param.name)
        has_default = param.name in function.defaults
        if has_default and not is_open and param.name == "training":
            keywords[param.name] = Unknown((node, param.name), "training")
            continue
        passed = Unknown(
            ("parameter", node, param.name),
            param.name,
            from_parameter=True,
            default=bool(default) if isinstance(default, bool) else True,
        )
        if has_default and not is_open and not isinstance(default, bool):
            passed.replaces_default = True
            if isinstance(default, tuple):
                default = PresumedTuple(default)
            elif isinstance(default, str) and default in FORMATS:
                default = PresumedFormat(default)
                default.passed = passed
            elif interpreter.decisions.is_given(passed):
                keywords[param.name] = passed
                continue
            keywords[param.name] = default
            if default is None or isinstance(default, _REPLACEABLE):
                presumed[param.name] = (default, passed)
        else:
            keywords[param.name] = passed
    kept = frozenset(name for name in keywords if not isinstance(keywords[name], Unknown))
    return Arguments([], keywords, more_keywords=True, presumed=presumed, defaulted=kept)


def run_class(interpreter: Interpreter, cls: Class, frame: Frame, *, is_open: bool) -> None:
    """Make an object and run its methods: build and call first, as Keras does."""
    kind = semantics.class_kind(interpreter, cls, frame.module)
    if kind == "other":
        return
    initialiser, _ = calls.find_in_class(cls, "__init__")
    if isinstance(initialiser, Function):
        arguments = _unknown_arguments(interpreter, initialiser, is_open=is_open, skip=1)
    else:
        arguments = Arguments([], {}, open=is_open)
    interpreter.line = cls.node.line  # what no statement constructs stands where the class does
    instance = calls.instantiate(interpreter, cls, arguments, None, frame)
    if not isinstance(instance, Instance):
        return
    _run_methods(interpreter, instance, kind, is_open=is_open)
    if instance.layer is not None:
        interpreter.escape(instance.layer)  # a layer of Keras's by another name: others apply it


def _run_methods(
    interpreter: Interpreter, instance: Instance, kind: object, *, is_open: bool
) -> None:
    """Run what an object's users may call, and settle what its attributes hold at the end."""
    if kind is not None:
        calls.build(interpreter, instance)
    names = _methods_in_order(instance.cls)
    for name in names:
        method, owner = calls.find_in_class(instance.cls, name)
        # `call` is run even if the constructor warmed the model up with it: what it returns there
        # is dropped, what it returns to its callers is not.
        done = name in instance.run and name not in _APPLYING
        if not isinstance(method, Function) or owner is None or done:
            continue
        if not (
            _concerns(method, instance)
            or not interpreter.callers_of.isdisjoint(mentions_of(method.node))
            or _leads_to_one_that_concerns(method, instance, {*names} - {name})
        ):
            # Neither it nor what it calls builds a BatchNormalization or touches a layer here.
            instance.run.add(name)
            if model_events.is_worth_a_run(method, instance):
                model_events.part_from_before(interpreter)
                arguments = _unknown_arguments(interpreter, method, is_open=is_open, skip=1)
                with interpreter.quietly():
                    calls.call_function(interpreter, method, arguments.behind(instance), None)
            continue
        model_events.part_from_before(interpreter)
        _run_method(interpreter, instance, method, is_open=is_open)
    run_forgotten(interpreter)
    for value in instance.attributes.values():
        if isinstance(value, Tensor):
            value.leaves = True
        elif not isinstance(value, (Composite, Instance)) and (
            kind == "foreign"
            or not isinstance(value, (Layer, list, tuple, dict))
            # An object that is no layer holds layers for whoever has it.
            or (kind in ("plain", None) and isinstance(value, Layer) and not value.calls)
        ):
            interpreter.escape(value)
    instance.read = True


def run_local_classes(interpreter: Interpreter, frame: Frame) -> None:
    """Objects of classes that a function defines: their methods have no other reader."""
    for instance in list(interpreter.instances)[:_MOST_NESTED_FUNCTIONS]:
        if instance.cls.node in interpreter.local_classes and not instance.read:
            kind = semantics.class_kind(interpreter, instance.cls, frame.module)
            if kind not in ("other", None):
                _run_methods(interpreter, instance, kind, is_open=False)


def _concerns(method: Function, instance: Instance) -> bool:
    if isinstance(method.node, ir.Lambda) or method.name in _APPLYING:
        return True
    mentions = method.node.mentions
    if instance.unnamed or _may_construct(method, mentions):
        return True  # any attribute may be one whose name is not known
    return any(
        isinstance(value, (Layer, Tensor, list, tuple, dict)) and name in mentions
        for name, value in instance.attributes.items()
    )


def _leads_to_one_that_concerns(
    method: Function, instance: Instance, names: AbstractSet[str]
) -> bool:
    """Whether a method calls one of ``names`` that concerns, which is to get what it passes."""
    left = set(names)
    waiting: list[Value] = [method]
    while waiting:
        called = _mentions(waiting.pop()) & left
        left -= called
        for name in called:
            other, _ = calls.find_in_class(instance.cls, name)
            if isinstance(other, Function) and _concerns(other, instance):
                return True
            waiting.append(other)
    return False


def _may_construct(function: Function, mentions: frozenset[str]) -> bool:
    building = function.module.building
    return (building is not None and building.is_in(mentions)) or any(
        map(CONSTRUCTOR.search, mentions)
    )


def _methods_in_order(cls: Class) -> list[str]:
    names = [
        name
        for base in reversed(calls.resolution_order(cls))
        if isinstance(base, Class)
        for name, value in base.attributes.items()
        if isinstance(value, Function)
        and name not in DESCRIBING
        and (not name.startswith("__") or name == "__call__")
    ]
    first = [name for name in _APPLYING if name in names]
    rest = [name for name in dict.fromkeys(names) if name not in first]
    if len(rest) < 2:
        return [*first, *rest]
    # What others of its methods call is run by them, with what they pass.
    mentions = {name: _mentions(calls.find_in_class(cls, name)[0]) for name in rest}
    called = {name for name in rest for other in rest if other != name and name in mentions[other]}
    return [*first, *sorted(rest, key=called.__contains__)]


def _mentions(method: Value) -> frozenset[str]:
    if isinstance(method, Function) and isinstance(method.node, ir.FunctionDef):
        return method.node.mentions
    return frozenset()


def run_unbuilt(interpreter: Interpreter, frame: Frame) -> None:
    """Call the models that were made and that nothing called: Keras does when they are fitted."""
    for instance in list(interpreter.instances)[:_MOST_NESTED_FUNCTIONS]:
        method, owner = calls.find_in_class(instance.cls, "call")
        if "call" in instance.run or owner is None or not isinstance(method, Function):
            continue
        is_model = semantics.class_kind(interpreter, instance.cls, frame.module) == "model"
        if is_model or instance in interpreter.cells:
            calls.build(interpreter, instance)
            _run_method(interpreter, instance, method, is_open=False)


def _run_method(
    interpreter: Interpreter, instance: Instance, method: Function, *, is_open: bool
) -> None:
    instance.run.add(method.name)
    skip = 0 if method.kind == "staticmethod" else 1
    arguments = _unknown_arguments(interpreter, method, is_open=is_open, skip=skip)
    receiver: Value = instance.cls if method.kind == "classmethod" else instance
    if skip:
        arguments.positional.insert(0, receiver)
    inside = method.name in _APPLYING and semantics.is_keras_class(
        interpreter, instance.cls, method.module
    )
    interpreter.in_call += inside
    data_format = interpreter.image_data_format
    try:
        result = calls.call_function(interpreter, method, arguments, None)
    except Raised:
        return  # an abstract method; the others are still read
    finally:
        interpreter.in_call -= inside
        interpreter.image_data_format = data_format  # nobody is known to call the next one after it
    run_forgotten(interpreter)
    interpreter.escape(result)


def run_forgotten(interpreter: Interpreter) -> None:
    """Call the nested functions that nothing called: a returned closure, a callback."""
    for _ in range(3):
        waiting = [
            f
            for f in interpreter.functions
            if f.node not in interpreter.ran
            and (_matters(f) or not interpreter.callers_of.isdisjoint(mentions_of(f.node)))
        ]
        if not waiting:
            return
        for function in waiting[:_MOST_NESTED_FUNCTIONS]:
            if function.node in interpreter.ran:
                continue
            model_events.part_from_before(interpreter)
            try:
                value = run_function(interpreter, function, is_open=False)
            except Raised:
                continue
            interpreter.escape(value)


def _matters(function: Function) -> bool:
    """Whether a nested function may build layers, or touches any value of those around it."""
    if isinstance(function.node, ir.Lambda):
        return True
    mentions = function.node.mentions
    if _may_construct(function, mentions):
        return True
    frame = function.closure
    while frame is not None and not frame.is_module:
        names = frame.names
        if any(name in names and not _is_inert(names[name]) for name in mentions):
            return True
        frame = frame.outer
    return False


def _is_inert(value: Value) -> bool:
    """Whether nothing can become of a value, whoever has it."""
    return isinstance(value, (Unknown, Symbol)) or is_constant(value)
