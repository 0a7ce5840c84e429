"""The layer graph: both readers construct it, and a rule sees nothing else.

One graph is one program (or one built model) from one point of view, without conditions. Where
the program branches on something unknown, the source reader draws one graph for each side
("worlds") and compares the verdicts afterwards.

Logic has three values: what a reader could not find out is :data:`UNKNOWN`, never a guess.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

from bnlint.findings import Location

if TYPE_CHECKING:
    import numpy as np

    from bnlint.graph.events import Event
    from bnlint.graph.running import Running


class Unknown(enum.Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "?"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; compare with `is`")


UNKNOWN: Final = Unknown.UNKNOWN

Value: TypeAlias = object
"""A Python constant, a tuple of values, a :class:`Layer` or :class:`Tensor` that was passed as an
argument, or :data:`UNKNOWN`."""


Size: TypeAlias = int | Unknown | None
"""The size of one axis; ``None`` where Keras does not know it either, as for the batch."""

Shape: TypeAlias = tuple[Size, ...] | Unknown
"""UNKNOWN where not even the number of axes is known."""


class Origin(enum.Enum):
    """Where a tensor without a producer comes from."""

    INPUT = "input"  # keras.Input, or the open end of a Sequential
    PARAMETER = "parameter"  # a parameter of the function or `call` where the reading started
    UNKNOWN = "unknown"  # code the reader could not see through


class Weight(Protocol):
    """One array of numbers that a layer of a model holds; it is read only on demand."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, without reading it."""
        ...

    def read(self) -> np.ndarray[Any, Any]:
        """The numbers, in an array of that shape. The caller owns the array.

        Raises:
            OSError: the file that holds them can't be read.
        """
        ...


class Written(NamedTuple):
    """One argument of a constructor call as the source has it.

    Attributes:
        keyword: the keyword, of any Keras version; ``None`` for a positional argument.
        name: the dotted name that is passed, ``"self.bn_epsilon"``; ``""`` for other expressions.
        is_constant: a literal is passed.
    """

    keyword: str | None
    name: str = ""
    is_constant: bool = False


class Layer:
    """One constructed layer object, or one op applied as a function.

    Attributes:
        kind: the canonical class name (``"Conv2D"``, whatever the import path or era), a key of
            :mod:`bnlint.keras_api`; an unknown layer keeps the name it was written with.
        arguments: bound by the class's signature with its defaults filled in. ``activation`` is
            the canonical function name (``"relu"``), or ``None``, or UNKNOWN.
        written: the arguments as the constructor call has them, those by position first; empty
            where there is no source.
        written_at: the call that holds them, where that is not the one at ``location``, as for a
            user-defined class that derives from Keras's.
        path: the dotted path of the class as the source reaches it, ``"keras.layers.Dense"``;
            ``""`` where it is unknown.
        imported: the import statement of its class, where it names a module that Keras has since
            removed.
        location: where it was constructed; in a built model, the layer's path.
        name: its ``name=`` where known.
        calls: its applications in this graph, in order. Empty: never applied. Several: shared.
        wraps: the inner layer of a wrapper such as ``TimeDistributed``.
        wrapped_by: the wrapper, on the inner layer.
        is_op: an op (``keras.ops.relu(x)``, ``x + y``) rather than a layer object.
        is_class: the class itself stands where a layer object is expected: ``model.add(Dense)``.
        set_format: the backend's data format that the program had set when it was constructed;
            ``None`` where it had set none, UNKNOWN where that is not known.
        trainable: ``False`` pins BatchNormalization to inference.
        escaped: it also flowed into code that the reader cannot see, so some calls are not listed.
        base: the Keras class from which a user-defined class with its own ``call`` derives;
            ``""`` otherwise.
        is_untold: in a built model: ``fit`` applies it, and nothing passes the mode to it.
        observed: its weights, config or shape were read, so it has a use without a call.
        weights: its weights in a model, by name (``"kernel"``, ``"bias"``, ``"gamma"``,
            ``"beta"``, ``"moving_mean"``, ``"moving_variance"``, …); ``None`` in source, and where
            a model's weights are not known.
        holds: for a whole model that stands in the graph as one layer: the layers in it.
        running: the function that ran when it was constructed.
        presumes: the unproven presumptions that its arguments rest on.
    """

    def __init__(
        self,
        kind: str,
        arguments: Mapping[str, Value],
        location: Location,
        *,
        name: str | None = None,
        wraps: Layer | None = None,
        is_op: bool = False,
        holds: tuple[Layer, ...] = (),
    ) -> None:
        self.kind = kind
        self.arguments = arguments
        self.written: tuple[Written, ...] = ()
        self.written_at: Location | None = None
        self.path = ""
        self.imported: Location | None = None
        self.location = location
        self.name = name
        self.calls: list[Call] = []
        self.wraps = wraps
        self.wrapped_by: Layer | None = None
        self.is_op = is_op
        self.is_class = False
        self.base = ""
        self.is_untold = False
        self.set_format: object = None
        self.trainable: bool | Unknown = True
        self.escaped = False
        self.observed = False
        self.weights: Mapping[str, Weight] | None = None
        self.holds = holds
        self.running: Running | None = None
        self.presumes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.kind} at {self.location.filename}:{self.location.line}>"


class Call:
    """One application of a layer or op to tensors.

    Attributes:
        layer: what is applied.
        inputs: the tensors it is applied to, flattened, in order.
        outputs: the tensors it returns.
        arguments: the other arguments of the call, such as ``training``.
        location: where the call is written.
        wrong_operands: layers that stand where a tensor is expected:
            ``BatchNormalization()(Dense(4))``.
        fixed_mode: the ``training`` that the `call` of a user-defined layer passes each time.
        default_mode: the ``training`` that such a `call` passes where it receives none.
        mode_place: where ``fixed_mode`` or ``default_mode`` is passed.
        hears_mode: it receives ``training``, or its caller in the `call` of a model does.
        running: the function that ran when it was made.
        keeps_training: ``training`` is a constant in this very call, and the `call` of a
            user-defined layer does not make it: on a symbolic tensor a Functional model keeps it.
    """

    def __init__(
        self,
        layer: Layer,
        inputs: tuple[Tensor, ...],
        outputs: tuple[Tensor, ...],
        arguments: Mapping[str, Value],
        location: Location,
        *,
        keeps_training: bool = False,
    ) -> None:
        self.layer = layer
        self.inputs = inputs
        self.outputs = outputs
        self.arguments = arguments
        self.location = location
        self.wrong_operands: tuple[Layer, ...] = ()
        self.keeps_training = keeps_training
        self.fixed_mode: bool | None = None
        self.default_mode: bool | None = None
        self.mode_place = location
        self.hears_mode = False
        self.running: Running | None = None


class Tensor:
    """What a call returns, or what the graph starts from.

    Attributes:
        producer: the call that returns it; ``None`` at the start of the graph.
        origin: where it comes from when it has no producer.
        consumers: the calls that take it as an input; one that takes it twice is listed twice.
        leaves: it leaves the graph: a model output, returned to an unknown caller, or stored where
            the reader cannot see. ``consumers`` may then be incomplete.
        observed: its value or shape was read; it is in use even if nothing consumes it.
        is_model_output: a model returns it.
        shape: its shape with the batch axis, if it has no producer or a model holds it.
        has_presumed_shape: the shape is the default of a parameter; callers may pass another.
    """

    def __init__(
        self,
        *,
        origin: Origin = Origin.UNKNOWN,
        shape: Shape = UNKNOWN,
    ) -> None:
        self.producer: Call | None = None
        self.origin = origin
        self.consumers: list[Call] = []
        self.leaves = False
        self.observed = False
        self.is_model_output = False
        self.has_presumed_shape = False
        self.shape = shape

    def __repr__(self) -> str:
        source = self.origin.value if self.producer is None else repr(self.producer.layer)
        return f"<Tensor from {source}>"


class LayerGraph:
    """Everything that was built from one point of view.

    Attributes:
        layers: every layer and op, in the order of construction.
        image_data_format: the format of a layer without ``data_format``, where the program does
            not set it.
        format_is_doubtful: the default data format must not be presumed.
        can_be_built: Keras would build its models, as far as their sizes are known; ``False`` where
            a layer would refuse its input, UNKNOWN where that depends on an unknown size.
        nested: models that are called with a constant ``training``, one layer each, with that call;
            the calls inside the models are drawn one by one as well.
        backend: what the program sets `KERAS_BACKEND` to; ``""`` where it sets nothing.
        drops_updates: the program runs a TensorFlow 1 optimizer step by step, and nothing in it
            collects the updates of the moving statistics.
        complete: ``False`` when the reading was cut: then nothing may be concluded from what is
            missing.
        events: what the program does with its models, in its order; empty where that is not
            known, as in a built model.
        memo: results that the queries have already found.
        running: the function of the program that runs now, while the graph is drawn.
    """

    def __init__(self, *, image_data_format: str | Unknown = UNKNOWN) -> None:
        self.layers: list[Layer] = []
        self.image_data_format = image_data_format
        self.format_is_doubtful = False
        self.can_be_built: bool | Unknown = True
        self.nested: list[Layer] = []
        self.drops_updates = False
        self.backend = ""
        self.complete = True
        self.events: list[Event] = []
        self.memo: dict[object, object] = {}
        self.running: Running | None = None

    def new_layer(
        self,
        kind: str,
        arguments: Mapping[str, Value],
        location: Location,
        *,
        name: str | None = None,
        wraps: Layer | None = None,
        is_op: bool = False,
    ) -> Layer:
        """Add a layer that was constructed at ``location``."""
        layer = Layer(kind, arguments, location, name=name, wraps=wraps, is_op=is_op)
        if wraps is not None:
            wraps.wrapped_by = layer
        layer.running = self.running
        self.layers.append(layer)
        return layer

    def note_nested(
        self,
        name: str,
        holds: Iterable[Layer],
        inputs: tuple[Tensor, ...],
        location: Location,
        *,
        training: bool,
    ) -> None:
        """Note that a whole model is called with a constant ``training``.

        Args:
            name: the name of the model or of its class.
            holds: the layers in it.
            inputs: its inputs in that call.
            location: where it is called.
            training: the constant.
        """
        layer = Layer("Functional", {}, location, name=name, holds=tuple(holds))
        call = Call(layer, inputs, (), {"training": training}, location, keeps_training=True)
        layer.calls.append(call)
        self.nested.append(layer)

    def apply(
        self,
        layer: Layer,
        inputs: tuple[Tensor, ...],
        location: Location,
        *,
        arguments: Mapping[str, Value] | None = None,
        outputs: int = 1,
    ) -> Call:
        """Apply ``layer`` to ``inputs``; record the new call on the layer and on its inputs."""
        call = Call(
            layer, inputs, tuple(Tensor() for _ in range(outputs)), arguments or {}, location
        )
        call.running = self.running
        for tensor in call.outputs:
            tensor.producer = call
        for tensor in inputs:
            tensor.consumers.append(call)
        layer.calls.append(call)
        return call
