"""What a program does with its models: a part of the layer graph, in the order of the program.

It holds only what the training rules need. A program that does not compile, fit or differentiate
has no events.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Layer, Unknown, Value


class OwnCall(NamedTuple):
    """The ``call`` of a class of models that the project defines.

    Attributes:
        location: its first line.
        takes_training: it has a parameter ``training``, so Keras passes the mode to it.
        trains_by_default: the default of that parameter is neither ``None`` nor ``False``.
        sets_training: it, or the ``call`` of a layer in the model, passes a mode that does not come
            from its caller, or has a mode as a default.
    """

    location: Location
    takes_training: bool
    trains_by_default: bool
    sets_training: bool


@dataclass(slots=True, eq=False)
class Model:
    """A model that at least one event concerns.

    Attributes:
        kind: ``"Functional"``, ``"Sequential"``, or the name of the project's class.
        layers: all its layers, those of nested models included.
        call: the ``call`` of a project class that computes its outputs itself; ``None`` otherwise.
        own_step: its class has a ``train_step`` of its own, which ``fit`` runs.
    """

    kind: str
    layers: tuple[Layer, ...] = ()
    call: OwnCall | None = None
    own_step: bool = False


class Turn(NamedTuple):
    """One turn of a loop that runs.

    Attributes:
        loop: the same object in each turn.
        number: counted from 0.
        turns: the number of turns of the loop; ``None`` where it is not known.
    """

    loop: object
    number: int
    turns: int | None


@dataclass(slots=True, eq=False)
class Event:
    """Something that a program does, mostly with a model.

    Attributes:
        location: where it is written.
        turns: the turns of the loops around it, the outermost first.
    """

    location: Location
    turns: tuple[Turn, ...] = field(default=(), init=False)


@dataclass(slots=True, eq=False)
class Imported(Event):
    """An import of something that is private to TensorFlow.

    Attributes:
        path: the imported path, such as ``"tensorflow.python.keras.backend"``.
    """

    path: str


@dataclass(slots=True, eq=False)
class Compiled(Event):
    """``model.compile(…)``."""

    model: Model


@dataclass(slots=True, eq=False)
class Fitted(Event):
    """``model.fit(…)``, ``model.train_on_batch(…)``.

    Attributes:
        batch_size: samples per step; ``None`` where Keras chooses.
        updates: the number of steps.
        validates: it also evaluates the model.
    """

    model: Model
    batch_size: int | Unknown | None = UNKNOWN
    updates: int | Unknown = UNKNOWN
    validates: bool = False


@dataclass(slots=True, eq=False)
class Inferred(Event):
    """``model.predict(…)``, ``model.evaluate(…)``, ``model(x)`` outside of any training.

    Attributes:
        by_hand: the model is called as a function.
    """

    model: Model
    by_hand: bool = False


@dataclass(slots=True, eq=False)
class Loaded(Event):
    """Weights come from elsewhere: ``load_weights``, ``set_weights``, or an assigned variable.

    Attributes:
        target: the layer; a model stands for all its layers.
    """

    target: Layer | Model


@dataclass(slots=True, eq=False)
class Copied(Event):
    """Variables of a model are assigned one by one from the variables of other models.

    Attributes:
        target: the model whose variables are assigned.
        sources: the models whose variables go into it.
        only_trainable: the variables are ``trainable_variables``, without the moving statistics.
    """

    target: Model
    sources: tuple[Model, ...]
    only_trainable: bool


@dataclass(slots=True, eq=False)
class TrainableSet(Event):
    """``target.trainable = value``.

    Attributes:
        target: the layer; a model stands for all its layers.
        is_chosen: it is set on BatchNormalization in particular, selected by a test or by name.
        only_norms: the target is a pretrained network; all its BatchNormalization layers are meant.
    """

    target: Layer | Model
    value: bool | Unknown
    is_chosen: bool = False
    only_norms: bool = False


@dataclass(slots=True, eq=False)
class PassedOver(Event):
    """Code selects or excludes BatchNormalization among the layers of a model, and a nested model
    counts as another kind of layer.
    """

    model: Model


@dataclass(slots=True, eq=False)
class Opened(Event):
    """Code accesses single layers of a model, and the reader does not know all of its layers."""

    model: Model


@dataclass(slots=True, eq=False)
class Lost(Event):
    """The model escaped to code that the reader cannot see; anything may have happened to it.

    Attributes:
        is_parting: the code that follows runs at another time: what ran before it is not known.
    """

    model: Model
    is_parting: bool = False


@dataclass(slots=True, eq=False)
class Applied(Event):
    """A model is called by hand.

    Attributes:
        training: what is passed as ``training``; ``None`` where nothing is.
        tapes: the ``tf.GradientTape`` objects that record.
        given: equal for equal inputs.
        samples: how many samples it is given; ``None`` where that is not known.
        judges: shows that the call is made to evaluate the model: the name of a function or of
            data.
    """

    model: Model
    training: Value
    tapes: tuple[Layer, ...]
    given: Hashable = None
    judges: str = ""
    samples: int | None = None


@dataclass(slots=True, eq=False)
class Differentiated(Event):
    """``tape.gradient(loss, model.trainable_variables)``.

    Attributes:
        tape: the tape that recorded.
        models: the gradient is taken with respect to their weights.
    """

    tape: Layer
    models: tuple[Model, ...]


@dataclass(slots=True, eq=False)
class Stepped(Event):
    """``optimizer.apply_gradients(…)`` changes weights; which ones is not known."""


@dataclass(slots=True, eq=False)
class ModeSet(Event):
    """``keras.backend.set_learning_phase(…)``: calls without ``training`` use this mode."""


MOST_EVENTS: Final = 2_000
"""More events than a sensible program has; a graph that would have more gets none."""
