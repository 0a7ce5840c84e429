"""Tensors of a TensorFlow graph, and the raw ops between layers, as ops of the layer graph.

A user's ``call`` may compute with ``tf.*`` between layers. Traced in a graph, each such function
leaves raw ops. Here they get the names of their public functions, so that one table
(:mod:`bnlint.keras_api`) defines how they pass a shift. An op without a name here is
unknown.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from bnlint.graph import Origin, Tensor
from bnlint.readers.model.keras_objects import Live, shape_of

if TYPE_CHECKING:
    from bnlint.readers.model.live.recording import Original
    from bnlint.readers.model.live.walk import Walker

_BINARY: Final = {
    "Add": "math.add",
    "AddV2": "math.add",
    "Sub": "math.subtract",
    "Mul": "math.multiply",
    "RealDiv": "math.divide",
    "Div": "math.divide",
    "DivNoNan": "math.divide_no_nan",
    "Maximum": "math.maximum",
    "Minimum": "math.minimum",
    "Pow": "math.pow",
    "SquaredDifference": "math.squared_difference",
    "MatMul": "linalg.matmul",
    "BatchMatMulV2": "linalg.matmul",
    "BiasAdd": "nn.bias_add",
}
_UNARY: Final = {
    "Abs": "math.abs",
    "Cast": "cast",
    "Elu": "nn.elu",
    "Erf": "math.erf",
    "Exp": "math.exp",
    "Identity": "identity",
    "LeakyRelu": "nn.leaky_relu",
    "Log": "math.log",
    "LogSoftmax": "nn.log_softmax",
    "Neg": "math.negative",
    "Relu": "nn.relu",
    "Relu6": "nn.relu6",
    "Rsqrt": "math.rsqrt",
    "Selu": "nn.selu",
    "Sigmoid": "math.sigmoid",
    "Softmax": "nn.softmax",
    "Softplus": "math.softplus",
    "Softsign": "nn.softsign",
    "Sqrt": "math.sqrt",
    "Square": "math.square",
    "StopGradient": "stop_gradient",
    "Tanh": "math.tanh",
}
_REDUCTIONS: Final = {
    "Max": "math.reduce_max",
    "Mean": "math.reduce_mean",
    "Min": "math.reduce_min",
    "Prod": "math.reduce_prod",
    "Sum": "math.reduce_sum",
}
_POOLS: Final = {"AvgPool": "nn.avg_pool2d", "MaxPool": "nn.max_pool2d"}


class GraphTensors:
    """Tensors of a separate TensorFlow graph, in which the call is traced.

    Args:
        walker: draws their counterparts.
        inlines: the code of a ``tf.function`` is traced into the graph like all other code. Where
            that needs AutoGraph, it is traced separately, as TensorFlow does.
    """

    def __init__(self, walker: Walker, *, inlines: bool = True) -> None:
        self._walker = walker
        self._inlines = inlines
        self._tf: Live = sys.modules["tensorflow"]
        self._graph: Live = self._tf.__internal__.FuncGraph("bnlint")
        self._known: dict[int, tuple[Live, Tensor]] = {}

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        with self._graph.as_default(), self._functions_run():
            yield

    @contextlib.contextmanager
    def _functions_run(self) -> Iterator[None]:
        """Context in which each ``tf.function`` runs its Python code, even if traced before."""
        kind: Live = type(self._tf.function(lambda: None))
        original, thread = kind.__call__, threading.get_ident()

        def called(function: Live, *args: object, **kwargs: object) -> Live:
            if threading.get_ident() != thread:
                return original(function, *args, **kwargs)
            if self._inlines:
                return function.python_function(*args, **kwargs)
            return original(self._tf.function(function.python_function), *args, **kwargs)

        kind.__call__ = called
        try:
            yield
        finally:
            kind.__call__ = original

    def is_apart(self) -> bool:
        """Whether the current code is traced into another graph: a branch of ``tf.cond``, the body
        of a loop. Its results are then the results of one unknown raw op.
        """
        return self._tf.compat.v1.get_default_graph() is not self._graph

    def new(self, drawn: Tensor, like: Live | None = None) -> Live:
        """A fresh tensor of the graph that stands for ``drawn``."""
        if self._is_symbolic(like):
            made = self._tf.identity(like) if id(like) in self._known else like
        else:
            shape = shape_of(like) if like is not None else drawn.shape
            dtype = getattr(like, "dtype", None) or "float32"
            made = self._tf.compat.v1.placeholder(dtype, shape)
        self._put(made, drawn)
        return made

    def answer(
        self, layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object], call: Original
    ) -> Live:
        return call(layer, *args, **kwargs)

    def drawn(self, value: Live) -> object:
        """The graph's tensor for a TensorFlow tensor; also draws the raw ops that compute it."""
        if not self._is_symbolic(value):
            outside = hasattr(value, "shape") and hasattr(value, "dtype")
            return Tensor(origin=Origin.UNKNOWN) if outside else value
        pending = [value]
        while pending:
            tensor = pending[-1]
            if id(tensor) in self._known:
                pending.pop()
                continue
            left = [t for t in self._operands(tensor) if id(t) not in self._known]
            if left:
                pending += left
            else:
                pending.pop()
                self._draw(tensor.op)
        return self._known[id(value)][1]

    def _is_symbolic(self, value: object) -> bool:
        return (
            isinstance(value, self._tf.Tensor)
            and hasattr(value, "graph")
            and not hasattr(value, "numpy")
        )

    def _operands(self, tensor: Live) -> list[Live]:
        return [t for t in tensor.op.inputs if self._static(t) is None]

    def _static(self, tensor: Live) -> Live | None:
        """The value of a constant."""
        if id(tensor) in self._known:
            return None
        return self._tf.get_static_value(tensor)

    def _put(self, tensor: Live, drawn: Tensor) -> None:
        shape = shape_of(tensor)
        if shape is not None:
            drawn.shape = shape
        self._known[id(tensor)] = (tensor, drawn)

    def _draw(self, op: Live) -> None:
        """Draw a raw op whose operands are drawn."""
        if not any(id(t) in self._known for t in op.inputs):
            for tensor in op.outputs:  # a variable, a captured value
                self._put(tensor, Tensor(origin=Origin.UNKNOWN))
            return
        name, args, kwargs = self._function(op)
        location = self._walker.locate(op, op.name)
        results = self._walker.call_function(
            name, args, kwargs, op.name, location, outputs=len(op.outputs)
        )
        for tensor, drawn in zip(op.outputs, results, strict=True):
            self._put(tensor, drawn)

    def _function(self, op: Live) -> tuple[str, list[object], dict[str, object]]:
        """The public function that leaves such an op, and its arguments."""
        given = [self._argument(tensor) for tensor in op.inputs]
        if op.type in _BINARY:
            return f"tensorflow.{_BINARY[op.type]}", given, {}
        if op.type in _UNARY:
            return f"tensorflow.{_UNARY[op.type]}", given[:1], {}
        if op.type in _REDUCTIONS:
            keeps = bool(op.get_attr("keep_dims"))
            return f"tensorflow.{_REDUCTIONS[op.type]}", given[:2], {"keepdims": keeps}
        if op.type in _POOLS:
            formats = {b"NHWC": "channels_last", b"NCHW": "channels_first"}
            chosen = formats.get(op.get_attr("data_format"))
            return f"tensorflow.{_POOLS[op.type]}", given[:1], {"data_format": chosen}
        match op.type:
            case "ConcatV2":
                return "tensorflow.concat", [given[:-1], given[-1]], {}
            case "Pack":
                return "tensorflow.stack", [given], {"axis": op.get_attr("axis")}
            case "Reshape":
                shape = shape_of(op.outputs[0])
                axes = shape and tuple(-1 if axis is None else axis for axis in shape)
                return "tensorflow.reshape", given[:1], {"shape": axes}
            case "Transpose":
                return "tensorflow.transpose", given, {}
            case "Pad" | "PadV2" | "MirrorPad":
                return "tensorflow.pad", given[:1], {}
            case "Slice":
                return "tensorflow.slice", given[:1], {}
            case "StridedSlice" if not (
                op.get_attr("shrink_axis_mask") or op.get_attr("new_axis_mask")
            ):
                return "tensorflow.strided_slice", given[:1], {}
        return f"tensorflow.raw_ops.{op.type}", given, {}

    def _argument(self, tensor: Live) -> object:
        known = self._known.get(id(tensor))
        if known is not None:
            return known[1]
        value = self._static(tensor)
        if value is not None and getattr(value, "size", 0) <= 16:
            listed = value.tolist()
            return tuple(listed) if isinstance(listed, list) else listed
        return Tensor(origin=Origin.UNKNOWN)
