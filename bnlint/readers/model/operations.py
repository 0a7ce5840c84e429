"""Applying layers and functions to tensors of the graph, as the source reader does.

A function that was applied to a symbolic tensor is a separate object in a model: an
``Operation`` of Keras 3 (``keras.src.ops.nn.Relu``), a ``TFOpLambda`` of Keras 2 (``"nn.relu"``).
:func:`function_of` gives the path of the function; :func:`apply_function` makes the layer and the
call that ``keras.ops.relu(x)`` in source makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Call, Layer, LayerGraph, Tensor, Value
from bnlint.keras_api import OpSpec, Role
from bnlint.readers.model.describe import Description, plain, snake_case

Operand: TypeAlias = object
"""A :class:`~bnlint.graph.Tensor`, a constant, or a list, tuple or dict of operands."""

OPERATOR: Final = "operator "
"""Begins the path of a Python operator: ``"operator +"``, ``"operator []"``."""

_K2_OPERATORS: Final = {
    "add": "+",
    "div": "/",
    "eq": "==",
    "floordiv": "//",
    "ge": ">=",
    "getitem": "[]",
    "gt": ">",
    "le": "<=",
    "lt": "<",
    "matmul": "@",
    "mod": "%",
    "mul": "*",
    "ne": "!=",
    "neg": "neg",
    "pow": "**",
    "sub": "-",
    "truediv": "/",
}
_SLICES: Final = frozenset({"__slice__", "__ellipsis__"})
_ROLES_OF_OPS: Final = frozenset({Role.MERGE, Role.RESHAPE, Role.ACTIVATION})
_DEEPEST: Final = 8


def function_of(description: Description) -> str | None:
    """The path of the function that an op of a model applies; ``None`` for a layer.

    Returns:
        ``"keras.ops.relu"``, ``"tensorflow.nn.relu"``, ``"operator +"``. A path that
        :mod:`bnlint.keras_api` does not know is an op through which nothing is followed.
    """
    class_name, module = description.class_name, description.module or ""
    if class_name in ("TFOpLambda", "SlicingOpLambda"):
        symbol = description.config.get("function")
        return _keras_2_function(symbol) if isinstance(symbol, str) else "tensorflow.?"
    if class_name == "TensorFlowOpLayer":
        return "tensorflow.?"
    if not module:
        return _without_a_module(description)
    parts = [part for part in module.split(".") if part != "src"]
    if keras_api.is_keras_path(module) and parts[1:2] == ["ops"]:
        section = "image." if parts[-1] == "image" else ""
        return f"keras.ops.{section}{snake_case(class_name)}"
    return None


def _without_a_module(description: Description) -> str | None:
    """The function of an op in the ``.h5`` files of Keras 3, which name no modules.

    It differs from a layer of the same name: it has no ``trainable``, and ``dtype`` only as an
    argument of the function.
    """
    config = description.config
    if description.registered_name or "trainable" in config:
        return None
    spec = keras_api.layer_named(description.class_name)
    if spec is not None and spec.role not in _ROLES_OF_OPS:
        return None
    path = f"keras.ops.{snake_case(description.class_name)}"
    resolved = keras_api.resolve(path)
    if resolved is None or not isinstance(resolved.spec, OpSpec):
        return None
    has_dtype = any(name == "dtype" for name, _ in resolved.spec.params)
    return path if has_dtype or "dtype" not in config else None


def _keras_2_function(symbol: str) -> str:
    """A canonical symbol of TensorFlow, as ``TFOpLambda.symbol`` has it."""
    owner, _, name = symbol.rpartition(".")
    if owner.endswith("__operators__"):
        operator = _K2_OPERATORS.get(name) or _K2_OPERATORS.get(name.removeprefix("r"))
        return f"{OPERATOR}{operator or name}"
    return symbol if symbol.startswith("keras.") else f"tensorflow.{symbol}"


# The layer that `add_loss` and `add_metric` of a Functional Keras 2 model add after a tensor.
_ADDS_A_LOSS: Final = "AddLoss"
_ADDS_A_METRIC: Final = "AddMetric"


def apply_layer(
    graph: LayerGraph,
    layer: Layer,
    args: Sequence[Operand],
    kwargs: Mapping[str, Operand],
    location: Location,
    *,
    outputs: int = 1,
) -> Call:
    """Apply a layer object to the operands of one node.

    Args:
        graph: the graph that ``layer`` is in.
        layer: what is applied.
        args: positional operands, tensors nested as the node has them.
        kwargs: named ones; non-tensors such as ``training`` become :attr:`Call.arguments`.
        location: of the call; for a model without sources, the location of the layer.
        outputs: how many tensors the call returns.
    """
    tensors = tensors_in(args, kwargs)
    settings = {name: plain(value) for name, value in kwargs.items() if not tensors_in(value)}
    if len(args) > 1 and layer.kind in ("BatchNormalization", "Dropout"):
        settings.setdefault("training", plain(args[1]))
    call = graph.apply(layer, tuple(tensors), location, arguments=settings, outputs=outputs)
    for tensor in call.outputs:
        tensor.leaves |= layer.kind == _ADDS_A_LOSS
        tensor.observed |= layer.kind == _ADDS_A_METRIC
    return call


def apply_function(
    graph: LayerGraph,
    path: str,
    args: Sequence[Operand],
    kwargs: Mapping[str, Operand],
    location: Location,
    *,
    name: str | None = None,
    outputs: int = 1,
) -> Call:
    """Apply a function to the operands of one node: adds an op layer and its one call.

    Args:
        graph: gets the new op.
        path: what :func:`function_of` returned.
        args: positional operands, tensors nested as the node has them.
        kwargs: named ones, and the op's own config (``axis``, ``keepdims``, …) without its name.
        location: where the op is.
        name: the op's name in the model.
        outputs: how many tensors it returns.
    """
    kind, settings = _bound(path, args, kwargs)
    tensors = tensors_in(args, kwargs)
    layer = graph.new_layer(kind, settings, location, name=name, is_op=True)
    training = {"training": settings["training"]} if "training" in settings else {}
    return graph.apply(layer, tuple(tensors), location, arguments=training, outputs=outputs)


def _bound(
    path: str, args: Sequence[Operand], kwargs: Mapping[str, Operand]
) -> tuple[str, dict[str, Value]]:
    """The kind of a function and its non-tensor arguments."""
    operator = path.removeprefix(OPERATOR) if path.startswith(OPERATOR) else None
    if operator is not None:
        return _operator(operator, [*args, *kwargs.values()])
    resolved = keras_api.resolve(path)
    spec = resolved.spec if resolved is not None else None
    if not isinstance(spec, OpSpec):
        return path, {}
    given = {key: value for key, value in kwargs.items() if value is not None or key != "name"}
    values = keras_api.bind_op(spec, args, given).arguments
    operands = [values.get(name) for name in spec.tensors]
    settings = {
        key: plain(value)
        for key, value in values.items()
        if key not in spec.tensors and not tensors_in(value)
    }
    if spec.activation is not None:
        settings.setdefault("activation", spec.activation)
    if spec.name == "get_item":
        return _item(values.get("key"))
    return keras_api.with_a_number(spec.kind, operands), settings


def _operator(operator: str, operands: Sequence[Operand]) -> tuple[str, dict[str, Value]]:
    if operator == "[]":
        return _item(operands[1] if len(operands) > 1 else None)
    kind = keras_api.OPERATORS.get(operator)
    if kind is None:
        return f"{OPERATOR}{operator}", {}
    return keras_api.with_a_number(kind, operands[:2]), {}


def _item(key: Operand) -> tuple[str, dict[str, Value]]:
    """``tensor[key]``: keeps its axes where all indices are slices."""
    parts = key if isinstance(key, (list, tuple)) else (key,)
    whole = bool(parts) and all(_is_slice(part) for part in parts)
    return ("Slice" if whole else "GetItem"), {"index": UNKNOWN}


def _is_slice(part: Operand) -> bool:
    if isinstance(part, Mapping):
        return part.get("class_name") in _SLICES or "start" in part
    return isinstance(part, slice) or part is Ellipsis


def tensors_in(*operands: Operand) -> list[Tensor]:
    """The tensors in operands, in order."""
    found: list[Tensor] = []
    for operand in operands:
        _collect(operand, found, 0)
    return found


def _collect(value: Operand, found: list[Tensor], depth: int) -> None:
    if isinstance(value, Tensor):
        found.append(value)
    elif depth > _DEEPEST:
        return
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, found, depth + 1)
    elif isinstance(value, (dict, Mapping)):  # a dict is recognized by its type alone
        for item in value.values():
            _collect(item, found, depth + 1)
