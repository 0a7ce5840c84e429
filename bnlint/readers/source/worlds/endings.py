"""How a run ends: what leaves the graph, and what its arguments turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bnlint import keras_api
from bnlint.graph import UNKNOWN, Call, Layer, Tensor
from bnlint.readers.source.interpreter import bounds, calls
from bnlint.readers.source.interpreter.decisions import DATA_FORMAT
from bnlint.readers.source.interpreter.interpreter import Interpreter
from bnlint.readers.source.interpreter.keras_calls.format_functions import canonical_format
from bnlint.readers.source.interpreter.presumed import opened
from bnlint.readers.source.interpreter.values import Class, Function, Instance, Unknown, Value
from bnlint.readers.source.worlds.starts import DESCRIBING

_FLAGS: Final = frozenset(
    {"use_bias", "center", "scale", "trainable", "training", "return_sequences"}
)


def leave_module(interpreter: Interpreter, names: Mapping[str, Value], loaded: set[str]) -> None:
    """What module-level names hold at the end may be imported: models, and what nothing used."""
    for name, value in list(names.items()):
        if name in loaded:
            interpreter.escape(value)
        elif isinstance(value, (Layer, Tensor, list, tuple, dict)):
            _leave_unused(interpreter, value)
        elif isinstance(value, Instance) and value.composite is not None:
            value.composite.exposed = True


def leave_cut(interpreter: Interpreter) -> None:
    """Code after the place where a run was cut may use what the globals hold."""
    for names in interpreter.globals.values():
        for value in names.values():
            if isinstance(value, (Tensor, Layer, list, tuple, dict)):
                interpreter.escape(value)


def _leave_unused(interpreter: Interpreter, value: Value) -> None:
    for item in bounds.each_once(value):
        if isinstance(item, Layer) and not item.calls:
            interpreter.escape(item)
        elif isinstance(item, Tensor) and not item.consumers:
            item.leaves = True


def release_tensors(value: Value) -> None:
    """Tensors that an object keeps may be used by whoever has the object."""
    for item in bounds.each_once(value):
        if isinstance(item, Tensor):
            item.leaves = True


def leave_instances(interpreter: Interpreter) -> None:
    """Layers of an object may be applied in those of its methods that did not run."""
    for instance in interpreter.instances:
        methods = {
            name
            for base in calls.resolution_order(instance.cls)
            if isinstance(base, Class)
            for name, value in base.attributes.items()
            if isinstance(value, Function) and not name.startswith("__") and name not in DESCRIBING
        }
        unread = bool(methods - instance.run) or instance.open
        for name, value in instance.attributes.items():
            if unread or instance.cls.module.reads_attribute(name):
                # Read somewhere that this world did not come through.
                _leave_unused(interpreter, value)
            else:
                release_tensors(value)
        for value in instance.unnamed:
            _leave_unused(interpreter, value)


def leave_idle_parts(interpreter: Interpreter) -> None:
    """Where there is no model, and nothing that hangs together has a use, as in the test of a
    helper, it is all that there is: what it ends with counts as its result.
    """
    if interpreter.composites:
        return
    calls = (call for layer in interpreter.graph.layers for call in layer.calls)
    seen: set[Call] = set()
    for end in [call for call in calls if any(map(_ends_idle, call.outputs))]:
        if end in seen:
            continue
        part, has_use = [end], False
        seen.add(end)
        for call in part:  # grows meanwhile
            for tensor in (*call.inputs, *call.outputs):
                has_use |= tensor.leaves or tensor.observed or tensor.is_model_output
                for near in (tensor.producer, *tensor.consumers):
                    if near is not None and near not in seen:
                        seen.add(near)
                        part.append(near)
        if not has_use:
            for tensor in (tensor for call in part for tensor in call.outputs):
                tensor.leaves |= not tensor.consumers


def _ends_idle(tensor: Tensor) -> bool:
    return not (tensor.consumers or tensor.leaves or tensor.observed or tensor.is_model_output)


_SETTLED: Final = frozenset({type(None), bool, int, float, str})


def resolve_arguments(interpreter: Interpreter) -> None:
    """Turn what this world's choices settle into constants, and the rest into UNKNOWN."""
    for layer in interpreter.graph.layers:
        arguments = layer.arguments
        if not _SETTLED.issuperset(map(type, arguments.values())):
            layer.arguments = {
                name: value if type(value) in _SETTLED else _resolved(interpreter, name, value)
                for name, value in arguments.items()
            }
        if isinstance(layer.trainable, Unknown):
            layer.trainable = UNKNOWN
        if isinstance(layer.set_format, Unknown):
            layer.set_format = _canonical(interpreter.decisions.value_of(layer.set_format))


def _resolved(interpreter: Interpreter, name: str, value: Value) -> Value:
    value = opened(value)
    if isinstance(value, Unknown):
        known = interpreter.decisions.value_of(value)
        if not isinstance(known, Unknown):
            if name == "activation" and isinstance(known, str):
                return keras_api.activation_name(known) or known
            return known
        if name in _FLAGS:
            truth = interpreter.decisions.truth_of(known)
            if truth is not None:
                return truth
        if value.key == "image_data_format":
            return None
        return UNKNOWN
    if isinstance(value, (list, tuple)) and bounds.is_small(value):
        return tuple(
            item if type(item) in _SETTLED else _resolved(interpreter, "", item) for item in value
        )
    return value if isinstance(value, (Layer, Tensor)) else UNKNOWN


def _canonical(format_name: Value) -> Value:
    known = canonical_format(format_name) if isinstance(format_name, str) else None
    return UNKNOWN if known is None else known


def format_of(interpreter: Interpreter) -> Value:
    """The backend's data format in the world that was run, where a choice determined it."""
    answer = interpreter.decisions.known(DATA_FORMAT)
    if answer is None:
        return UNKNOWN
    return "channels_first" if answer else "channels_last"
