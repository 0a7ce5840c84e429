"""Settings of ``trainable`` that ask which layers are BatchNormalization."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bnlint.graph import Layer
from bnlint.graph.events import PassedOver
from bnlint.keras_api.applications import holds_batch_normalization
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import model_events
from bnlint.readers.source.interpreter.values import Composite, OpenList, Value
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_NAMES: Final = re.compile(r"BatchNorm|batch_?norm|(?:^|_)BN$")
_TEXTS: Final = re.compile(r"batch_?norm|(?:^|_)bn(?:_|$)", re.IGNORECASE)
_SET: Final = "trainable"


class Guard(NamedTuple):
    """What an ``if`` about BatchNormalization sets: the values that it freezes or unfreezes.

    Attributes:
        frozen: in the body, and in the other side.
        thawed: in the body, and in the other side.
        is_continue: the body only goes on with the next turn.
    """

    frozen: tuple[tuple[ir.Expr, ...], tuple[ir.Expr, ...]]
    thawed: tuple[tuple[ir.Expr, ...], tuple[ir.Expr, ...]]
    is_continue: bool


class Selected(list[Value]):
    """Layers that were chosen by a test for BatchNormalization.

    Attributes:
        passed: the models among those that were not.
    """

    passed: list[Composite]


class ModelLayers(OpenList):
    """``model.layers`` including the layers of a pretrained network, which are not known one by
    one.

    Attributes:
        networks: the layers that stand for such networks.
    """

    networks: list[Layer]


class AllLayers(list[Value]):
    """Like :class:`ModelLayers`, where nothing else about the layers is unknown.

    Attributes:
        networks: the layers that stand for such networks.
    """

    networks: list[Layer]


class SomeSelected(OpenList):
    """Like :class:`Selected`, where more layers may have been chosen.

    Attributes:
        passed: the models among those that were not.
    """

    passed: list[Composite]


OF_MODELS: Final = (Selected, SomeSelected, ModelLayers, AllLayers)
CHOSEN: Final = (Selected, SomeSelected)


def selected(
    items: list[Value], passed: list[Composite], *, closed: bool
) -> Selected | SomeSelected:
    """The layers that a test for BatchNormalization has chosen."""
    made = Selected(items) if closed else SomeSelected(items)
    made.passed = passed
    return made


@lru_cache(maxsize=4096)
def guard_of(node: ir.If) -> Guard | None:
    """What a test for BatchNormalization guards; ``None`` for any other ``if``."""
    sides = (tuple(_settings(node.body)), tuple(_settings(node.orelse)))
    is_continue = len(node.body) == 1 and isinstance(node.body[0], ir.Continue)
    if not (any(sides) or is_continue) or not is_about_normalization(node.test):
        return None
    frozen, thawed = (
        (
            tuple(target for target, value in sides[0] if value is wanted),
            tuple(target for target, value in sides[1] if value is wanted),
        )
        for wanted in (False, True)
    )
    return Guard(frozen, thawed, is_continue)


@lru_cache(maxsize=4096)
def is_about_normalization(test: ir.Expr) -> bool:
    """Whether an expression asks for BatchNormalization, by its class or by a name."""
    for node in ir.walk((test,)):
        match node:
            case ir.Name(id=name) | ir.Attribute(attr=name) if _NAMES.search(name):
                return True
            case ir.Const(value=str() as text) if _TEXTS.search(text):
                return True
            case _:
                pass
    return False


@lru_cache(maxsize=4096)
def sets_trainable(node: ir.For) -> bool:
    """Whether a loop sets ``trainable`` of its items, and applies none of them."""
    names = ir.names_of(node.target)
    applied = any(
        isinstance(each, ir.Call) and isinstance(each.func, ir.Name) and each.func.id in names
        for each in ir.walk(node.body)
    )
    return not applied and _SET in ir.mentioned(node.body)


def _settings(block: Sequence[ir.Stmt]) -> Iterator[tuple[ir.Expr, object]]:
    """``value.trainable = constant`` in a block, each with the value and the constant."""
    for statement in block:
        match statement:
            case ir.Assign(targets=(ir.Attribute(value=target, attr="trainable"),), value=value):
                yield target, value.value if isinstance(value, ir.Const) else None
            case _:
                pass


def note_guard(
    interpreter: Interpreter, node: ir.If, guard: Guard, answer: bool, frame: Frame
) -> None:
    """Note the nested models that a test for BatchNormalization takes for something else."""
    frozen, thawed = guard.frozen[int(answer)], guard.thawed[int(not answer)]
    if guard.is_continue:
        loop = interpreter.turns[-1].loop if interpreter.turns else None
        rest = _behind(loop, node) if isinstance(loop, ir.For) else ()
        wanted = not answer
        frozen = tuple(target for target, value in rest if value is wanted)
    for target in (*frozen, *thawed):
        pass_over(interpreter, interpreter.evaluate(target, frame))


@lru_cache(maxsize=1024)
def _behind(loop: ir.For, node: ir.If) -> tuple[tuple[ir.Expr, object], ...]:
    body = list(loop.body)
    return tuple(_settings(body[body.index(node) + 1 :])) if node in body else ()


def pass_over(interpreter: Interpreter, value: Value) -> None:
    """A model is treated as a layer that normalizes nothing."""
    if isinstance(value, Composite):
        location = model_events.statement(interpreter)
        model = model_events.model_of(value)
        model_events.note(interpreter, PassedOver(location, model))


def with_networks(model: Composite, layers: list[Value]) -> list[Value]:
    """``model.layers``, which tells where a pretrained network is, or is among, them."""
    networks = [
        call.layer
        for call in model.calls
        if _is_network(call.layer) and (model.open or call.layer in model.members)
    ]
    if not networks:
        return layers
    made = ModelLayers(layers) if isinstance(layers, OpenList) else AllLayers(layers)
    made.networks = networks
    return made


def _is_network(layer: Layer) -> bool:
    return "weights" in layer.arguments and holds_batch_normalization(layer.kind)


def stand_ins(interpreter: Interpreter, networks: list[Layer]) -> Iterator[Layer]:
    """For each pretrained network, one layer that stands for all its normalizations, and one for
    all its others.
    """
    for network in networks:
        for stands_for, kind in ((network, "BatchNormalization"), (None, "Conv2D")):
            layer = Layer(kind, {}, network.location)
            interpreter.stand_ins[layer] = stands_for
            yield layer
