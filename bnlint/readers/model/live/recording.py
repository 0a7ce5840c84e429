"""A model or layer whose computation is a user's ``call``: one symbolic call of it is recorded.

While the call runs, ``Layer.__call__`` is replaced. A layer of Keras is drawn and returns new
symbolic tensors, so that nothing is computed, built or recorded on it. A user's layer is
entered. Two sorts of symbolic tensors can be used as inputs:

- Keras 3's ``KerasTensor``, on any backend. Ops and operators on it are objects of Keras, which are
  drawn too. TensorFlow's own functions refuse it.
- Tensors of a TensorFlow graph, under Keras 2 and wherever ``tf.*`` functions stand between layers.
  What lies between two layers is read off that graph (:mod:`bnlint.readers.model.live.raw_ops`).

Only the calling thread is affected. Attributes that the user's code sets are restored by
:func:`bnlint.readers.model.undisturbed.undisturbed`.
"""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Final, Protocol

from bnlint.graph import Tensor
from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    block,
    flatten,
    graph_of,
    is_functional,
    is_keras_class,
    is_sequential,
    layers_of_sequential,
    map_structure,
    output_structure,
    outputs_of,
    shape_of,
    takes_training,
    training_default,
)
from bnlint.readers.model.live.around_call import autocast, build, cast
from bnlint.readers.model.live.call_inputs import Input
from bnlint.readers.model.live.mentions import layers_in_steps
from bnlint.readers.model.live.mode import Mode, is_inference, mode_of_fit
from bnlint.readers.model.live.raw_ops import GraphTensors
from bnlint.readers.model.live.tensors import Tensors
from bnlint.readers.model.live.weight_reads import weight_reads

if TYPE_CHECKING:
    from bnlint.readers.model.live.walk import Walker

_DEEPEST: Final = 60


class Symbols(Protocol):
    """One sort of symbolic tensors, and what each of them is in the layer graph."""

    def scope(self) -> contextlib.AbstractContextManager[object]:
        """Where such tensors live."""

    def is_apart(self) -> bool:
        """Whether the current code gives tensors whose further use is not known."""

    def new(self, drawn: Tensor, like: Live | None = None) -> Live:
        """A fresh tensor that stands for ``drawn``."""

    def drawn(self, value: Live) -> object:
        """The graph's tensor for a tensor; anything else as it is."""

    def answer(
        self, layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object], call: Original
    ) -> Live:
        """The result of a layer of Keras: tensors that have no counterpart in the graph yet."""


class Original(Protocol):
    def __call__(self, layer: Live, *args: object, **kwargs: object) -> Live: ...


class KerasTensors:
    """``KerasTensor`` of Keras 3."""

    def __init__(self, walker: Walker) -> None:
        self._keras = walker.keras
        self._tensors = Tensors()
        self._ops_running = 0

    def scope(self) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()

    def is_apart(self) -> bool:
        return self._ops_running > 0

    @contextlib.contextmanager
    def op_running(self) -> Iterator[None]:
        """Context in which an op runs that may call a user's functions: ``keras.ops.cond``."""
        self._ops_running += 1
        try:
            yield
        finally:
            self._ops_running -= 1

    def new(self, drawn: Tensor, like: Live | None = None) -> Live:
        shape = shape_of(like) if like is not None else drawn.shape
        dtype = getattr(like, "dtype", None) or "float32"
        made = self._keras.module.KerasTensor(shape, dtype=_dtype_name(dtype))
        self._tensors.put(made, drawn)
        return made

    def drawn(self, value: Live) -> object:
        if self._keras.is_tensor(value) or _is_array(value):
            return self._tensors.get(value)
        return value

    def answer(
        self, layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object], call: Original
    ) -> Live:
        del call
        return layer.compute_output_spec(*args, **kwargs)

    def put(self, tensor: Live, drawn: Tensor) -> None:
        self._tensors.put(tensor, drawn)


def _dtype_name(dtype: object) -> str:
    return str(getattr(dtype, "name", dtype))


def _is_array(value: object) -> bool:
    """A tensor, variable or array that is not symbolic: not part of the graph."""
    return hasattr(value, "shape") and hasattr(value, "dtype") and not isinstance(value, type)


class Recorder:
    """Records one symbolic call of a layer into the graph of ``walker``.

    Args:
        walker: draws what is called.
        symbols: what stands for tensors.
        mode: how the call is made.
    """

    def __init__(self, walker: Walker, symbols: Symbols, mode: Mode) -> None:
        self._walker = walker
        self._keras: Keras = walker.keras
        self._symbols = symbols
        self._mode = mode
        self._prefixes: list[str] = []
        self._inside = False
        self._read: dict[int, Live] = {}
        self._in_steps: frozenset[int] = frozenset()

    def record(
        self, layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object], prefix: str
    ) -> list[Tensor]:
        """Run ``layer.call`` on symbolic tensors.

        Args:
            layer: the layer or model whose computation is a user's code.
            args: what it is called with; the graph's tensors stand where tensors go, or inputs
                where their dtype is known.
            kwargs: likewise.
            prefix: what the paths of the layers in it begin with.

        Returns:
            The graph's tensors that it returns, flat.

        Raises:
            Exception: whatever the user's code raises where it can't take symbolic tensors.
        """

        def symbolic(value: Live) -> Live:
            if isinstance(value, Input):
                return self._symbols.new(value.drawn, value)
            return self._symbols.new(value) if isinstance(value, Tensor) else value

        self._in_steps = frozenset(id(each) for each in layers_in_steps(layer))
        reads = weight_reads(self._keras.layer_class, self._read)
        with self._symbols.scope(), self._patched(), reads:
            args, kwargs = map_structure(symbolic, args), map_structure(symbolic, dict(kwargs))
            results = self._enter(layer, args, kwargs, prefix, self._mode.argument)
            found = [self._symbols.drawn(value) for value in flatten(results)]
        for number in self._read.keys() & self._walker.drawn.keys():
            self._walker.drawn[number][1].escaped = True
        return [value for value in found if isinstance(value, Tensor)]

    @contextlib.contextmanager
    def _patched(self) -> Iterator[None]:
        layer_class = self._keras.layer_class
        thread = threading.get_ident()
        original: Original = layer_class.__call__
        restore: list[tuple[type[Live], str, object]] = [(layer_class, "__call__", original)]

        def called(layer: Live, *args: object, **kwargs: object) -> Live:
            if threading.get_ident() != thread or self._inside:
                return original(layer, *args, **kwargs)
            results = self._called(layer, args, kwargs, original)
            if self._symbols.is_apart() or id(layer) in self._in_steps:
                self._leave(results)
            return results

        add_loss = layer_class.add_loss

        def loss_added(layer: Live, *args: Live, **kwargs: Live) -> object:
            if threading.get_ident() != thread or self._inside:
                return add_loss(layer, *args, **kwargs)
            self._leave((args, kwargs))
            return None

        restore.append((layer_class, "add_loss", add_loss))
        operation: Live = next((b for b in layer_class.__mro__ if b.__name__ == "Operation"), None)
        layer_class.__call__ = called
        layer_class.add_loss = loss_added
        if operation is not None and isinstance(self._symbols, KerasTensors):
            restore.append((operation, "symbolic_call", operation.symbolic_call))
            operation.symbolic_call = self._op_recorder(operation.symbolic_call, thread)
        try:
            yield
        finally:
            for cls, name, kept in restore:
                setattr(cls, name, kept)

    def _leave(self, values: object) -> None:
        """Mark the tensors of a structure as used where they can't be followed."""
        for value in flatten(values):
            drawn = self._symbols.drawn(value)
            if isinstance(drawn, Tensor):
                drawn.leaves = True

    def _op_recorder(self, original: Original, thread: int) -> Callable[..., Live]:
        symbols = self._symbols
        assert isinstance(symbols, KerasTensors)

        def applied(op: Live, *args: object, **kwargs: object) -> Live:
            if threading.get_ident() != thread or self._inside or self._keras.is_layer(op):
                return original(op, *args, **kwargs)
            with symbols.op_running():
                results = original(op, *map_structure(self._followed, args), **kwargs)
            outputs = list(flatten(results))
            drawn = self._walker.apply(
                op,
                map_structure(symbols.drawn, args),
                map_structure(symbols.drawn, kwargs),
                self._prefixes[-1],
                outputs=len(outputs),
            )
            for tensor, result in zip(outputs, drawn, strict=True):
                symbols.put(tensor, result)
            return results

        return applied

    def _followed(self, value: Live) -> Live:
        """A user's function that an op calls: its results leave the graph."""
        if not isinstance(value, (FunctionType, MethodType)):
            return value

        def called(*args: object, **kwargs: object) -> Live:
            results = value(*args, **kwargs)
            self._leave(results)
            return results

        return called

    def _called(
        self,
        layer: Live,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        original: Original,
    ) -> Live:
        """A layer is applied: draw it, or look into it."""
        path = f"{self._prefixes[-1]}{layer.name}"
        given = _given(layer, args, kwargs)
        with self._mode.call(given, training_default(layer)) as training:
            if is_functional(layer) or is_sequential(layer):
                if graph_of(layer) is None:
                    return self._chain(layer, args, kwargs, f"{path}/", training)
                return self._nested(layer, args, kwargs, f"{path}/", training)
            if block(layer) is None and len(self._prefixes) < _DEEPEST:
                return self._enter(layer, args, kwargs, f"{path}/", training)
            return self._block(layer, args, kwargs, path, training, original)

    def _block(
        self,
        layer: Live,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        path: str,
        training: object,
        original: Original,
    ) -> Live:
        self._inside = True
        try:
            with_training = dict(kwargs)
            if takes_training(layer) and kwargs.get("training") is None:
                with_training["training"] = training
            answer = self._symbols.answer(layer, args, with_training, original)
        finally:
            self._inside = False
        specs = list(flatten(answer))
        drawn = iter(
            self._walker.call_block(
                layer,
                map_structure(self._symbols.drawn, args),
                map_structure(self._symbols.drawn, dict(kwargs)),
                path,
                outputs=len(specs),
                pinned=is_inference(training),
            )
        )
        if self._mode.is_of_fit and training is None and "training" not in kwargs:
            self._walker.layer(layer, path).is_untold = True
        fresh = {id(spec): self._symbols.new(next(drawn), spec) for spec in specs}
        return map_structure(lambda spec: fresh[id(spec)], answer)

    def _chain(
        self,
        model: Live,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        prefix: str,
        training: object,
    ) -> Live:
        """A Sequential that was never built: its layers one by one."""
        (value, *_) = args or tuple(kwargs.values())
        with self._within(prefix):
            for layer in layers_of_sequential(model):
                told = takes_training(layer) and training is not None
                value = layer(value, training=training) if told else layer(value)
        return value

    def _nested(
        self,
        model: Live,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        prefix: str,
        training: object,
    ) -> Live:
        """A model with a graph of its own: its calls are drawn along that."""
        given = [
            drawn
            for value in flatten((list(args), kwargs))
            if isinstance(drawn := self._symbols.drawn(value), Tensor)
        ]
        pinned = is_inference(training)
        results = self._walker.enter(model, given, prefix, pinned=pinned)
        graph = graph_of(model)
        tensors = outputs_of(graph)
        fresh = {
            id(tensor): self._symbols.new(result, tensor)
            for tensor, result in zip(tensors, results, strict=True)
        }
        return map_structure(lambda t: fresh.get(id(t), t), output_structure(graph))

    def _enter(
        self,
        layer: Live,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        prefix: str,
        training: object,
    ) -> Live:
        """Run the ``call`` of a user's layer."""
        arguments: Mapping[str, object] = kwargs
        if takes_training(layer) and _given(layer, args, arguments).get("training") is None:
            arguments = {**kwargs, "training": training}
        elif not takes_training(layer):
            arguments = {name: kwargs[name] for name in kwargs if name != "training"}
        args, arguments = cast(layer, self._keras, args, arguments)
        if not layer.built and not is_keras_class(_definer(layer, "build")):
            self._inside = True
            try:
                build(layer, self._keras, args, arguments)
            finally:
                self._inside = False
        self._walker.entered.setdefault(id(layer), (layer, prefix))
        with self._within(prefix), autocast(layer, self._keras):
            return layer.call(*args, **arguments)

    @contextlib.contextmanager
    def _within(self, prefix: str) -> Iterator[None]:
        self._prefixes.append(prefix)
        try:
            yield
        finally:
            self._prefixes.pop()


def _definer(layer: Live, method: str) -> type:
    return next(base for base in type(layer).__mro__ if method in vars(base))


def _given(
    layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Mapping[str, object]:
    """The arguments of a call by name, without defaults; ``training`` though ``call`` lacks it."""
    try:
        bound = inspect.signature(layer.call).bind_partial(*args)
    except (TypeError, ValueError):
        return kwargs
    return {**bound.arguments, **kwargs}


def record(
    walker: Walker,
    layer: Live,
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
    prefix: str,
    *,
    is_fitted: bool = False,
) -> list[Tensor]:
    """Record one call of ``layer`` in whatever way works; see :meth:`Recorder.record`.

    Args:
        walker: draws what is called.
        layer: see there, as for the next three.
        args: positional arguments.
        kwargs: named ones.
        prefix: what paths begin with.
        is_fitted: it is called as ``fit`` calls the model, not by another layer.

    Raises:
        NotRecordedError: no way worked.
    """
    error: Exception | None = None
    for symbols in _ways(walker):
        mark = walker.mark()
        if is_fitted:
            mode = mode_of_fit(layer, walker.keras)
        else:
            mode = Mode(walker.keras, training=kwargs.get("training") is not False)
        try:
            return Recorder(walker, symbols, mode).record(layer, args, kwargs, prefix)
        except Exception as raised:  # noqa: BLE001  a user's code may raise anything
            walker.reset(mark)
            error = raised  # the last way's: it takes more than those before it
    raise NotRecordedError(layer, error) from error


def _ways(walker: Walker) -> Iterator[Symbols]:
    if walker.keras.era >= 3:
        yield KerasTensors(walker)
    if walker.keras.backend == "tensorflow":
        yield GraphTensors(walker)
        yield GraphTensors(walker, inlines=False)


class NotRecordedError(Exception):
    """The ``call`` of a user's layer can't be run on symbolic tensors."""

    def __init__(self, layer: Live, error: Exception | None) -> None:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        super().__init__(f"{type(layer).__name__}.call does not take symbolic tensors ({said})")
