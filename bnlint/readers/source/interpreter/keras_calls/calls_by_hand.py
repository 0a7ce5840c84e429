"""Calls of a model by hand, outside the ``call`` of another: to train it, or to look at it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bnlint.graph import UNKNOWN, Tensor
from bnlint.graph.events import Applied, Inferred
from bnlint.readers.source.interpreter import arrays
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import model_events, semantics
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Composite,
    Instance,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_JUDGING: Final = r"val|valid|validate|validation|eval|evaluate|evaluation|dev"
# `test_step`, but not `test_that_it_trains`.
_JUDGING_FUNCTION: Final = re.compile(
    rf"(?:^|_)(?:{_JUDGING})(?:_|$)|^test(?:_(?:step|epoch|batch|loop|one_epoch|on_batch))?$"
)
_JUDGING_DATA: Final = re.compile(rf"(?:^|_)(?:{_JUDGING}|test)(?:\d*_|\d*$|[A-Z])", re.IGNORECASE)
_MOST_TURNS: Final = 2
_MEASURES: Final = re.compile(
    r"loss|criterion|metric|accuracy|update_state|(?:^|_)(?:mse|mae|acc|auc|f1)(?:_|$)|error|score|entropy"
    r"|confusion",
    re.IGNORECASE,
)


def applied(
    interpreter: Interpreter,
    value: Composite | Instance,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``model(x)``, outside the ``call`` of any other layer."""
    training = arguments.get(1, "training")
    if isinstance(training, Unknown):
        training = interpreter.decisions.value_of(training)
    if arguments.open or not (training is None or isinstance(training, (bool, int))):
        training = UNKNOWN
    tapes = tuple(interpreter.tapes)
    location = semantics.location_of(interpreter, node, frame)
    if tapes:
        event = Applied(location, model_events.model_of(value), training, tapes)
        event.samples = arrays.rows_of(arguments.get(0, "inputs"))
        model_events.note(interpreter, event)
        return
    given = arguments.get(0, "inputs")
    if isinstance(given, Tensor) or node is None:
        return  # it becomes a part of another model
    if training is None or training is False:
        if value.model is not None and interpreter.graph.events:
            model_events.note(interpreter, Inferred(location, value.model, by_hand=True))
        return
    if interpreter.turns and interpreter.turns[-1].number > _MOST_TURNS:
        return  # turn after turn of the same
    if node is interpreter.dropped:
        return  # nothing uses its result: the call is made for the statistics
    model = model_events.model_of(value)
    judges = _shown_by(interpreter, node) if training is True else ""
    event = Applied(location, model, training, (), _key_of(given), judges)
    model_events.note(interpreter, event)


def applied_stateless(
    interpreter: Interpreter,
    value: Composite | Instance,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> None:
    """``model.stateless_call(trainable, others, x)`` in what JAX differentiates."""
    given = replace(arguments, positional=arguments.positional[2:3])
    applied(interpreter, value, given, node, frame)


def open_mode(
    interpreter: Interpreter, instance: Instance, arguments: Arguments, node: ir.Call | None
) -> Arguments:
    """What the ``call`` of a model is run with for a call by hand: its mode is the caller's, and
    none that it always has.
    """
    given = arguments.get(0, "inputs")
    if interpreter.in_call or isinstance(given, Tensor) or "training" not in arguments.keywords:
        return arguments
    if not model_events.is_of_model_class(interpreter, instance):
        return arguments
    mode = Unknown(("mode", node), "training")
    return replace(arguments, keywords={**arguments.keywords, "training": mode})


def _key_of(value: Value) -> Hashable:
    if isinstance(value, Unknown):
        return value.key
    if isinstance(value, (list, tuple)):
        return tuple(map(_key_of, value))
    return id(value)


def _shown_by(interpreter: Interpreter, node: ir.Call) -> str:
    """The name that shows that a call is made to judge a model; ``""`` where none does.

    It has to be measured there too: a picture of test data is no judgement.
    """
    bodies = [body for body, _ in interpreter.stack]
    around = bodies[-1] if bodies else None
    loops = [turn.loop for turn in interpreter.turns if isinstance(turn.loop, (ir.For, ir.While))]
    if isinstance(around, ir.FunctionDef):
        measures = _measures(around)
    else:
        measures = not loops or _measures(loops[-1])
    if not measures:
        return ""
    functions = [
        body.name
        for body in reversed(bodies)
        if isinstance(body, ir.FunctionDef) and _JUDGING_FUNCTION.search(body.name)
    ]
    if functions:
        return functions[0]
    data: list[ir.Expr] = [argument.value for argument in node.args[:1]]
    data += [loop.iter for loop in loops if isinstance(loop, ir.For)]
    names = (name for name in _names_in(data) if _JUDGING_DATA.search(name))
    return next(names, "")


@lru_cache(maxsize=1024)
def _measures(node: ir.FunctionDef | ir.For | ir.While) -> bool:
    mentions = node.mentions if isinstance(node, ir.FunctionDef) else ir.mentioned(node.body)
    return any(map(_MEASURES.search, mentions))


def _names_in(nodes: Iterable[ir.Expr]) -> Iterator[str]:
    return ir.mentioned(tuple(nodes))
