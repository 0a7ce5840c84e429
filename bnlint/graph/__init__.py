"""The layer graph: what both readers draw and all that a rule sees.

One graph is one program (or one built model) from one point of view, without conditions. Where
the program branches on something unknown, the source reader draws one graph for each side
("worlds") and compares the verdicts afterwards.

Three-valued throughout: what a reader could not find out is :data:`UNKNOWN`, never a guess.
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
"""Along one axis; ``None`` where Keras does not know it either, as of the batch."""

Shape: TypeAlias = tuple[Size, ...] | Unknown
"""UNKNOWN where not even the number of axes is known."""


class Origin(enum.Enum):
    """Where a tensor without a producer comes from."""

    INPUT = "input"  # keras.Input, or the open end of a Sequential
    PARAMETER = "parameter"  # a parameter of the function or `call` the reading started at
    UNKNOWN = "unknown"  # code the reader could not see through


class Weight(Protocol):
    """One array of numbers that a layer of a model holds; read only when somebody asks."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, without reading it."""
        ...

    def read(self) -> np.ndarray[Any, Any]:
        """The numbers, in an array of that shape that is the caller's own.

        Raises:
            OSError: the file that holds them can't be read.
        """
        ...


class Written(NamedTuple):
    """One argument of a constructor call as the source has it.

    Attributes:
        keyword: the keyword, of whatever era; ``None`` for one by position.
        name: the dotted name that is passed, ``"self.bn_epsilon"``; ``""`` for another expression.
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
        written_at: the call that has them where that is not the one at ``location``, as of a class
            of somebody's own that derives from Keras's.
        path: the dotted path of the class as the source reaches it, ``"keras.layers.Dense"``;
            ``""`` where it is unknown.
        imported: the import statement that brings its class, where Keras has removed the module
            that it names since.
        location: where it was constructed; a built model gives the layer's path.
        name: its ``name=`` where known.
        calls: its applications in this graph, in order. None: never applied. Several: shared.
        wraps: the inner layer of a wrapper such as ``TimeDistributed``.
        wrapped_by: the wrapper, on the inner layer.
        is_op: an op (``keras.ops.relu(x)``, ``x + y``) rather than a layer object.
        is_class: the class itself stood where a layer is expected: ``model.add(Dense)``.
        set_format: what the program had set the backend's data format to when it was constructed;
            ``None`` where it had not, UNKNOWN where that is not known.
        trainable: ``False`` pins BatchNormalization to inference.
        escaped: it also flowed into code that the reader cannot see, so its calls are not all.
        base: the class of Keras that somebody's own class with a ``call`` of its own derives from;
            ``""`` otherwise.
        is_untold: of a built model, ``fit`` applies it and nobody tells it the mode.
        observed: its weights, config or shape were looked at, so that it has a use without a call.
        weights: what a model holds for it, by name (``"kernel"``, ``"bias"``, ``"gamma"``,
            ``"beta"``, ``"moving_mean"``, ``"moving_variance"``, …); ``None`` in source, and where
            a model's weights are not known.
        holds: of a whole model that stands in the graph as one layer, the layers that are in it.
        running: the function that ran when it was constructed.
        presumes: what its arguments rest on that nothing in sight proves.
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
        fixed_mode: the ``training`` that the `call` of a layer of somebody's own passes each time.
        default_mode: the ``training`` that such a `call` passes where it is given none.
        mode_place: where one of the two is passed.
        hears_mode: it is given ``training``, or what applies it in the `call` of a model is.
        running: the function that ran when it was made.
        keeps_training: ``training`` is a constant of this very call, and no `call` of a layer of
            somebody's own makes it: on a symbolic tensor a Functional model keeps it.
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
        consumers: the calls it is an input of; a call that takes it twice stands twice.
        leaves: it leaves the graph: a model output, returned to an unknown caller, stored where
            the reader cannot see. Its consumers are then not all.
        observed: its value or shape was looked at; it is in use even if nothing consumes it.
        is_model_output: it is what a model returns.
        shape: its shape with the batch axis, of what has no producer and of what a model holds.
        has_presumed_shape: it is the default of a parameter, and others may pass another.
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
        format_is_doubtful: that it is the default one is not to be presumed.
        can_be_built: Keras would build its models, as far as their sizes tell; ``False`` where a
            layer would refuse what it is given, UNKNOWN where that turns on an unknown size.
        nested: models that are called with a constant ``training``, one layer each, with that call;
            what the models hold is drawn call by call besides.
        backend: what the program sets `KERAS_BACKEND` to; ``""`` where it sets nothing.
        drops_updates: the program runs a TensorFlow 1 optimizer step by step, and nothing in it
            collects the updates of the moving statistics.
        complete: ``False`` when the reading was cut, so that nothing may be concluded from what is
            missing.
        events: what is done with its models, in the order of the program; nothing where that is not
            known, as in a built model.
        memo: what the queries have found out already.
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
            name: of the model, or its class.
            holds: the layers in it.
            inputs: what it is called with.
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
        """Apply ``layer`` to ``inputs``; the new call is known to its layer and its inputs."""
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
