"""What `value.name` is, and what setting it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bnlint import keras_api
from bnlint.graph import UNKNOWN, Layer, Tensor
from bnlint.readers.source.interpreter import arrays, calls, imports
from bnlint.readers.source.interpreter.keras_calls import model_events, models
from bnlint.readers.source.interpreter.values import (
    Bound,
    Class,
    Composite,
    Function,
    Instance,
    KerasMember,
    Method,
    ModuleValue,
    OpenList,
    Partial,
    SomeLayer,
    Super,
    Symbol,
    Unknown,
    Value,
    Variable,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

# Attributes of a layer whose reading is no use of the layer itself.
_PLAIN_LAYER_ATTRIBUTES: Final = frozenset(
    {
        "name",
        "output",
        "input",
        "trainable",
        "dtype",
        "compute_dtype",
        "output_shape",
        "input_shape",
    }
)
# Attributes that may be read of a layer of which only the model is known.
_TELLS_ONE_APART: Final = (_PLAIN_LAYER_ATTRIBUTES - {"output", "input"}) | {
    "__class__",
    "_name",
    "built",
    "count_params",
    "get_config",
}
_PLAIN_TENSOR_ATTRIBUTES: Final = frozenset(
    {"shape", "dtype", "_keras_shape", "_shape", "ndim", "rank"}
)


def get_attribute(interpreter: Interpreter, value: Value, name: str, node: ir.Expr) -> Value:
    """The value of ``value.name``."""
    if value.__class__ is Symbol:
        return value.member(name)
    if value.__class__ is Instance:
        return instance_attribute(interpreter, value, name, node)
    if value.__class__ is Variable or value.__class__ is arrays.Array:
        return Method(value, name)
    if isinstance(value, Unknown):
        if isinstance(value, SomeLayer) and name not in _TELLS_ONE_APART:
            models.use(interpreter, value)
        label = f"{value.label}.{name}" if value.label else name
        return interpreter.derived(value, ("attr", name), label)
    if isinstance(value, Tensor):
        if name in _PLAIN_TENSOR_ATTRIBUTES:
            value.observed = True
            return interpreter.fresh(node)
        if name in ("op", "graph", "name", "_keras_history", "node"):
            value.leaves = True
            return interpreter.fresh(node)
        return Method(value, name)
    if isinstance(value, Layer):
        return _layer_attribute(interpreter, value, name, node)
    if isinstance(value, Composite):
        return models.model_attribute(interpreter, value, name, node)
    if isinstance(value, ModuleValue):
        found = imports.global_value(interpreter, value.module, name)
        if found is not imports.MISSING:
            return found
        submodule = interpreter.project.relative(value.module, 1, name)
        if submodule is not None:
            return ModuleValue(submodule)
        return Unknown(("global", value.module.path, name), name)
    if isinstance(value, Class):
        return _class_attribute(interpreter, value, name, node)
    if isinstance(value, Super):
        return _super_attribute(value, name)
    if isinstance(value, (Function, Bound)) and name == "__name__":
        return value.name if isinstance(value, Function) else value.function.name
    if isinstance(value, Method) and (value.name, name) == ("__class__", "__name__"):
        owner = value.receiver
        return owner.kind if isinstance(owner, (Layer, Composite)) else Method(value, name)
    if isinstance(value, Partial) and name == "keywords":
        return value.keywords
    return Method(value, name)


def _layer_attribute(interpreter: Interpreter, layer: Layer, name: str, node: ir.Expr) -> Value:
    if name == "__class__":
        return Method(layer, name)
    if name == "output" and layer.calls:
        return layer.calls[-1].outputs[0]
    if name == "input" and layer.calls and layer.calls[-1].inputs:
        return layer.calls[-1].inputs[0]
    if name == "name" and layer.name is not None:
        return layer.name
    if name in ("output", "input") or name not in _PLAIN_LAYER_ATTRIBUTES:
        # `bn.weights`, `bn.build(...)`: code reads the layer or uses it as an object.
        layer.observed = True
        if keras_api.layer(layer.kind) is None:
            return Method(layer, name)
        constant = layer.arguments.get(name, UNKNOWN)
        if constant is not UNKNOWN and not isinstance(constant, Unknown):
            return constant
        return Method(layer, name)
    return interpreter.fresh(node)


def instance_attribute(
    interpreter: Interpreter, instance: Instance, name: str, node: ir.Expr
) -> Value:
    """An attribute of an object: its own, its class's, or Keras's."""
    if name in instance.attributes:
        return instance.attributes[name]
    found, owner = calls.find_in_class(instance.cls, name)
    if owner is not None:
        return _bind(interpreter, found, instance, node)
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        interpreter.escape(instance)
        return interpreter.fresh(node)
    if instance.composite is not None:
        return models.model_attribute(interpreter, instance.composite, name, node)
    if name in ("layers", "_layers"):
        # Code that iterates over the layers of a model may apply them.
        return OpenList([SomeLayer(("layer of", node), "", instance)])
    if name in ("submodules", "_flatten_layers"):
        interpreter.escape(instance)
    if name in ("__call__", "call", "build", "__setattr__"):
        return Method(instance, name)
    if instance.open:
        interpreter.escape(instance.unnamed)
        return interpreter.fresh(node)
    key, label = ("self", instance.cls.node, name), f"self.{name}"
    if name in model_events.MEMBERS and model_events.is_of_model_class(interpreter, instance):
        place = model_events.statement(interpreter) if name in model_events.ALL_WEIGHTS else None
        return KerasMember(key, label, (instance,), name, place)
    return Unknown(key, label)


def _bind(interpreter: Interpreter, found: Value, instance: Instance, node: ir.Expr) -> Value:
    if isinstance(found, Function):
        if found.kind == "property":
            call = node if isinstance(node, ir.Call) else None
            return calls.call_function(interpreter, found, calls.only(instance), call)
        if found.kind == "staticmethod":
            return found
        if found.kind == "classmethod":
            return Bound(found, instance.cls)
        return Bound(found, instance)
    return found


def _class_attribute(interpreter: Interpreter, cls: Class, name: str, node: ir.Expr) -> Value:
    found, owner = calls.find_in_class(cls, name)
    if owner is not None:
        if isinstance(found, Function) and found.kind == "classmethod":
            return Bound(found, cls)
        return found
    if name == "__name__":
        return cls.name
    if calls.has_foreign_base(cls):
        return Method(cls, name)
    return interpreter.fresh(node)


def _super_attribute(value: Super, name: str) -> Value:
    receiver = value.instance
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if isinstance(cls, Class):
        order = calls.resolution_order(cls)
        behind = order[order.index(value.after) + 1 :] if value.after in order else order[1:]
        for base in behind:
            if isinstance(base, Class) and name in base.attributes:
                found = base.attributes[name]
                if isinstance(found, Function) and found.kind != "staticmethod":
                    return Bound(found, receiver)
                return found
    return Method(value, name)


def set_attribute(interpreter: Interpreter, target: Value, name: str, value: Value) -> None:
    """``target.name = value``."""
    if name == "trainable" and isinstance(target, (Instance, Layer, Composite)):
        model_events.trainable_set(interpreter, target, value)
    if isinstance(target, Instance):
        found, owner = calls.find_in_class(target.cls, name)
        if (
            owner is not None
            and isinstance(found, Function)
            and found.kind in ("property", "setter")
        ):
            interpreter.escape(value)
            target.attributes[f"{name} (set)"] = value
            return
        target.attributes[name] = value
        if name == "trainable" and target.layer is not None:
            target.layer.trainable = value if isinstance(value, bool) else UNKNOWN
    elif isinstance(target, Layer):
        if name == "trainable":
            target.trainable = value if isinstance(value, bool) else UNKNOWN
        elif name in target.arguments or name.startswith("_"):
            target.observed = True
            if name in target.arguments:
                target.arguments = {**target.arguments, name: UNKNOWN}
            interpreter.escape(value)
        else:
            interpreter.escape(value)
    elif isinstance(target, Composite):
        if name == "trainable":
            models.set_trainable(target, value)
        else:
            interpreter.escape(value)
    elif isinstance(target, Class):
        target.attributes[name] = value
    elif isinstance(target, SomeLayer) and name == "trainable":
        models.set_trainable_of_some(interpreter, target)
    else:
        interpreter.escape([target, value] if isinstance(target, SomeLayer) else value)
