"""The variables of models: which model they belong to, and what is assigned to them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Final

from bnlint.graph import Layer
from bnlint.graph.events import Copied, Loaded
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import model_events, semantics
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Composite,
    Instance,
    KerasMember,
    Method,
    Value,
    Variable,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

TRAINABLE: Final = frozenset({"trainable_variables", "trainable_weights"})
ASSIGNING: Final = frozenset({"assign", "assign_add", "assign_sub"})
ASSIGNING_FUNCTIONS: Final = frozenset({"assign", "assign_add", "assign_sub", "update"})
STATISTICS: Final = frozenset({"moving_mean", "moving_variance"})
_TURNS: Final = 2


def variables_of(value: Value) -> list[Value]:
    """What a loop over ``model.trainable_variables`` meets, or ``[]`` for anything else."""
    name = value.name if isinstance(value, (KerasMember, Method)) else ""
    if name not in model_events.ALL_WEIGHTS:
        return []
    owners = value.owners if isinstance(value, KerasMember) else (value.receiver,)
    if not all(isinstance(owner, (Composite, Instance)) for owner in owners):
        return []
    parts = tuple((owner, name, value.place) for owner in owners)
    return [
        Variable(("variable of", *map(id, owners), name, turn), parts) for turn in range(_TURNS)
    ]


def computed_from(values: Iterable[Value], node: Hashable) -> Variable:
    """What is computed from several values, some of which are variables."""
    parts = [part for value in values if isinstance(value, Variable) for part in value.parts]
    return Variable(("computed", node), tuple(dict.fromkeys(parts)))


def assigned(
    interpreter: Interpreter,
    target: Variable,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``target.assign(value)``; where the value comes from shows in it, or beside it in a loop."""
    if len(target.parts) != 1:
        return
    owner, name, place = target.parts[0]
    beside = [*arguments.values(), *frame.names.values()]
    others = [
        other
        for value in beside
        if isinstance(value, Variable)
        for other, *_ in value.parts
        if other is not owner
    ]
    location = place or semantics.location_of(interpreter, node, frame)
    model = model_events.model_of(owner)
    if not others:
        model_events.note(interpreter, Loaded(location, model))
        return
    sources = tuple(dict.fromkeys(map(model_events.model_of, others)))
    model_events.note(interpreter, Copied(location, model, sources, name in TRAINABLE))


def loaded(interpreter: Interpreter, target: Value, node: ir.Call | None, frame: Frame) -> None:
    """``model.load_weights(…)``, ``layer.set_weights(…)``."""
    location = semantics.location_of(interpreter, node, frame)
    subject = target if isinstance(target, Layer) else model_events.model_of(target)
    model_events.note(interpreter, Loaded(location, subject))
