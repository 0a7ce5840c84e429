"""What a program does with its models: a part of the layer graph, in the order of the program.

Only what the rules about training ask for. A program that compiles, fits and differentiates nothing
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
        takes_training: it has a parameter of that name, so that Keras gives it the mode.
        trains_by_default: the default of that parameter is no ``None`` and not ``False``.
        sets_training: it, or the ``call`` of a layer in the model, passes on a mode that is not its
            caller's, or has one for a default.
    """

    location: Location
    takes_training: bool
    trains_by_default: bool
    sets_training: bool


@dataclass(slots=True, eq=False)
class Model:
    """A model that something happens to.

    Attributes:
        kind: ``"Functional"``, ``"Sequential"``, or the name of the project's class.
        layers: all that it holds, those of nested models included.
        call: of a class of the project that computes its outputs itself; ``None`` otherwise.
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
        turns: how many there are; ``None`` where that is not known.
    """

    loop: object
    number: int
    turns: int | None


@dataclass(slots=True, eq=False)
class Event:
    """Something that a program does, mostly with a model.

    Attributes:
        location: where it is written.
        turns: of the loops around it, the outermost first.
    """

    location: Location
    turns: tuple[Turn, ...] = field(default=(), init=False)


@dataclass(slots=True, eq=False)
class Imported(Event):
    """An import of what nobody outside of TensorFlow is meant to import.

    Attributes:
        path: ``"tensorflow.python.keras.backend"``.
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
        batch_size: samples of a step; ``None`` where Keras chooses.
        updates: how many steps it takes.
        validates: it evaluates the model besides.
    """

    model: Model
    batch_size: int | Unknown | None = UNKNOWN
    updates: int | Unknown = UNKNOWN
    validates: bool = False


@dataclass(slots=True, eq=False)
class Inferred(Event):
    """``model.predict(…)``, ``model.evaluate(…)``, ``model(x)`` outside of any training.

    Attributes:
        by_hand: it is called as a function.
    """

    model: Model
    by_hand: bool = False


@dataclass(slots=True, eq=False)
class Loaded(Event):
    """Weights come from elsewhere: ``load_weights``, ``set_weights``, a variable that is assigned.

    Attributes:
        target: the layer; a model stands for all its layers.
    """

    target: Layer | Model


@dataclass(slots=True, eq=False)
class Copied(Event):
    """Variables of a model are assigned one by one from those of others.

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
        is_chosen: it is set of BatchNormalization as such, which was asked for or is named.
        only_norms: the target is a pretrained network, and all its BatchNormalization is meant.
    """

    target: Layer | Model
    value: bool | Unknown
    is_chosen: bool = False
    only_norms: bool = False


@dataclass(slots=True, eq=False)
class PassedOver(Event):
    """BatchNormalization is chosen among the layers of a model, or left out, and a nested model
    counts as something else.
    """

    model: Model


@dataclass(slots=True, eq=False)
class Opened(Event):
    """Single layers of a model were asked for, of which the reader does not know all."""

    model: Model


@dataclass(slots=True, eq=False)
class Lost(Event):
    """The model went to code that the reader cannot see; anything may have been done to it.

    Attributes:
        is_parting: what follows is run at another time, so that it is not known what comes before.
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
        judges: what shows that it is done to judge the model: the function or data that is
            called so.
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
        tape: what recorded.
        models: those whose weights are derived by.
    """

    tape: Layer
    models: tuple[Model, ...]


@dataclass(slots=True, eq=False)
class Stepped(Event):
    """``optimizer.apply_gradients(…)``: weights are changed, it is not known which."""


@dataclass(slots=True, eq=False)
class ModeSet(Event):
    """``keras.backend.set_learning_phase(…)``: calls without ``training`` follow it."""


MOST_EVENTS: Final = 2_000
"""More than a program of any sense has; a graph that would have more has none."""
