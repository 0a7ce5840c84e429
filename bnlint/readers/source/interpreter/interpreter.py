"""Runs lowered statements on abstract values: one instance is one world of one root.

What a call means is in :mod:`calls`, what Keras makes of it in :mod:`keras_semantics`, Python's
own functions and methods in :mod:`builtin_functions`. Nothing of the linted program is executed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from bnlint.graph import Call, Layer, LayerGraph, Origin, Tensor
from bnlint.graph.events import Turn
from bnlint.readers.source.interpreter import (
    arrays,
    attributes,
    bounds,
    builtin_functions,
    calls,
    comparisons,
    decorators,
    imports,
    inert,
    versions,
)
from bnlint.readers.source.interpreter import presumed as presumed_defaults
from bnlint.readers.source.interpreter.decisions import FORMATS, Decisions, truth
from bnlint.readers.source.interpreter.frames import Cut, Frame, Raised
from bnlint.readers.source.interpreter.keras_calls import (
    choosing,
    model_events,
    model_weights,
    models,
    semantics,
)
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Bound,
    Class,
    Composite,
    Condition,
    Function,
    Instance,
    KerasMember,
    Method,
    OpenDict,
    OpenList,
    Partial,
    PresumedFormat,
    SomeLayer,
    Symbol,
    Unknown,
    Value,
    Variable,
    is_constant,
    is_key,
    unknown_key,
)
from bnlint.readers.source.interpreter.versions import Versions
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.modules import Module, Project

MOST_STEPS_IN_A_WORLD: Final = 200_000
MOST_DEPTH: Final = 40
MOST_TURNS: Final = 200
TURNS_OF_UNKNOWN_LOOPS: Final = 2
TURNS_WITHOUT_NEWS: Final = 2
_MAY_BE_VERSIONS: Final = frozenset({Unknown, OpenList, list, tuple, bool, str, Method})
_SCALARS: Final = frozenset({int, float, str, bool, type(None)})

Facts: TypeAlias = tuple[tuple[str, bool], ...]
"""The flags that a function was called with, by parameter."""

_Evaluate: TypeAlias = Callable[["Interpreter", Value, Frame], Value]

_COMPARED: Final = 20
_NAMELESS: Final = "<lambda>"

NORMAL, RETURN, BREAK, CONTINUE = range(4)


def _are_alike(items: Sequence[Value]) -> bool:
    """Whether turns with these items do the same one after the other: `for layer in layers` may
    apply something else each time.
    """
    return len(set(map(_sort_of, items))) == 1


def _sort_of(item: Value) -> object:
    """Equal for numbers, and for objects of one class; each layer is one of its kind."""
    if is_constant(item):
        return "constant"
    if isinstance(item, Instance):
        return item.cls
    if isinstance(item, (tuple, list)):
        return (len(item), *map(_kind_of, item[:_COMPARED]))
    return _kind_of(item)


def _kind_of(item: Value) -> object:
    return item if isinstance(item, (Layer, Symbol, Composite)) else type(item)


class Interpreter:
    """One run of one root.

    Attributes:
        project: where imports are followed.
        decisions: the answers that make this world.
        graph: what the run builds.
        calls: every application of a layer, in order.
        composites: every functional or Sequential model.
        instances: every object of a project class.
        functions: the nested functions that were defined; those never called are called last.
        local_classes: the classes that functions define.
        ran: nodes of the functions that ran, with how often.
        callers_of: code that mentions one of these names is run, whatever it builds.
        steps_left: what remains of the budget.
        expressions: how each kind of expression is evaluated; :meth:`evaluate` without its call.
        ignore_raise: run on after ``raise``; used where every world of a root raises.
        whole_loops: take every turn of a loop, also where nothing new is built in it.
        tapes: the ``tf.GradientTape`` objects that record.
        turns: the turns of the loops that run, the outermost first.
        cells: objects that are called once for each step of a sequence.
        stand_ins: layers that stand for many of a pretrained network, and the network of those that
            stand for its normalizations.
        passed: the models that the running comprehension leaves out.
        nested: the model that a call belongs to which another model applies as one layer.
        tuners: what builds the models that each tuner of hyperparameters fits.
        quiet: only the events of the running code are wanted; see :meth:`quietly`.
        presumes: somebody may replace the default of a parameter.
        dropped: the last expression whose value nothing takes.
        too_many_events: no more events are recorded.
        sizes_hold_until: how many of the calls have inputs of the sizes that they seem to have;
            after a loop that was not run turn by turn they may have others.
        versions: those that the guards of this world let through.
        expected: returns the versions that the code is for.
        guards: the tests that narrowed ``versions``, each with its line.
    """

    expressions: ClassVar[dict[type[ir.Expr], _Evaluate]]

    def __init__(
        self,
        project: Project,
        forced: Mapping[Hashable, bool],
        *,
        steps: int = MOST_STEPS_IN_A_WORLD,
        ignore_raise: bool = False,
        whole_loops: bool = False,
    ) -> None:
        self.project = project
        self.decisions = Decisions(forced)
        self.graph = LayerGraph()
        self.graph.complete = not ignore_raise  # where every world raises, something is misread
        self.calls: list[Call] = []
        self.composites: list[Composite] = []
        self.instances: list[Instance] = []
        self.functions: list[Function] = []
        self.local_classes: set[ir.ClassDef] = set()
        self._flags: dict[Layer, list[tuple[str, bool | Unknown]]] = {}
        self.ran: dict[ir.FunctionDef | ir.Lambda, int] = {}
        self.steps_left = steps
        self._steps = steps
        self.ignore_raise = ignore_raise
        self.whole_loops = whole_loops
        self.image_data_format: str | Unknown | None = None
        self.main: Module | None = None
        self.callers_of: frozenset[str] = frozenset()
        self.in_global = 0
        self.in_try = 0  # how many `try` statements with handlers are around
        self.in_call = 0  # how many `call` methods of project layers are running
        self.mode_given = 0  # how many of these were given the mode in the `call` of another
        self.observing = 0
        self.tapes: list[Layer] = []
        self.turns: list[Turn] = []
        self.tuners: dict[Layer, Value] = {}
        self.cells: list[Instance] = []
        self.stand_ins: dict[Layer, Layer | None] = {}
        self.nested: dict[Call, Composite] = {}
        self.passed: list[Composite] = []
        self.choosing = 0  # how many tests for BatchNormalization are around
        self.unsure = 0  # how many branches are around that may not be taken
        self.quiet = 0
        self.dropped: ir.Expr | None = None
        self.too_many_events = False
        self.sizes_hold_until: int | None = None
        self.depth = 0
        self.stack: list[tuple[ir.FunctionDef | ir.Lambda, Frame | None]] = []
        self.most_depth = MOST_DEPTH
        self._places: set[int] = set()
        self._counted = 0
        self._sides: set[tuple[ir.If, bool]] = set()
        self.line = 1
        self.frame: Frame | None = None
        self.versions: Versions = versions.ALL
        self.expected: Callable[[], Versions] = lambda: 0
        self.guards: list[tuple[ir.Expr, int]] = []
        self.open_receivers: dict[Hashable, Composite] = {}
        self._unknown_tensors: dict[Hashable, Tensor] = {}
        self.globals: dict[Module, dict[str, Value]] = {}
        self.resolving: set[tuple[int, str]] = set()
        self.presumes = False

    # Statements

    def run_block(self, block: ir.Block, frame: Frame) -> int:
        """Run statements until one leaves the block; return how it was left."""
        for statement in block:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Cut
            self.line = statement.line
            signal = _STATEMENTS[statement.__class__](self, statement, frame)
            if signal:
                return signal
        return NORMAL

    def step(self, cost: int = 1) -> None:
        self.steps_left -= cost
        if self.steps_left < 0:
            raise Cut

    @property
    def steps_spent(self) -> int:
        return self._steps - self.steps_left

    def _expression(self, node: ir.ExprStmt, frame: Frame) -> int:
        self.dropped = node.value
        self.evaluate(node.value, frame)
        return NORMAL

    def _assign(self, node: ir.Assign, frame: Frame) -> int:
        expression = node.value
        value = _EXPRESSIONS[expression.__class__](self, expression, frame)
        if frame.module.asks_versions and value.__class__ in _MAY_BE_VERSIONS:
            value = versions.value_of(self, expression, frame) or value
        rests = (
            frame.function is not None
            and expression.__class__ is not ir.Const
            and presumed_defaults.rests_on_default(expression, frame)
        )
        passed = None
        may_hold = self.presumes and (rests or frame.presumed)
        for target in node.targets:
            if rests:
                self._note_default(target, frame)
                if self.presumes:
                    passed = presumed_defaults.passed_to(target, expression, frame, self.evaluate)
            if target.__class__ is ir.Name and not frame.declared:
                if value.__class__ is Symbol and "." in value.written:
                    value = value.named(target.id)
                frame.names[target.id] = value
                if value.__class__ is Unknown and not value.label:
                    value.label = target.id
                elif value.__class__ is Function and value.name == _NAMELESS:
                    value.name = target.id
            else:
                self.line = node.line
                self.choosing += (asks := _asks_for_norms(target, expression))
                self.assign(target, value, frame)
                self.choosing -= asks
                if asks and isinstance(target, ir.Attribute):
                    choosing.pass_over(self, self.evaluate(target.value, frame))
            if may_hold:
                presumed_defaults.keep(target, passed, frame, self.evaluate)
        return NORMAL

    def _note_default(self, target: ir.Expr, frame: Frame) -> None:
        """Record that the assigned value depends on the default of a parameter."""
        if isinstance(target, ir.Name):
            frame.defaulted.add(target.id)
        elif isinstance(target, ir.Attribute) and isinstance(target.value, ir.Name):
            owner = frame.names.get(target.value.id)
            if isinstance(owner, Instance):
                owner.defaulted.add(target.attr)

    def may_use(self, nodes: Iterable[ir.Stmt | ir.Expr], frame: Frame) -> None:
        """What another turn of a loop, or the other side of a branch, would read has a use: only
        the default of a parameter says that it is not run.
        """
        if self.quiet:
            return
        names = frozenset[str]().union(*map(presumed_defaults.loaded_in, nodes))
        scope: Frame | None = frame
        while scope is not None and not scope.is_module:
            for name in names & scope.names.keys():
                value = scope.names[name]
                if isinstance(value, Instance):
                    value = [value.attributes[n] for n in names & value.attributes.keys()]
                self.look_at(value)
            scope = scope.outer

    def _augmented(self, node: ir.AugAssign, frame: Frame) -> int:
        left = self.evaluate(node.target, frame)
        right = self.evaluate(node.value, frame)
        if node.op == "+" and isinstance(left, list) and not isinstance(right, Tensor):
            if isinstance(right, (list, tuple)):
                right = bounds.grow(left, right)
            self.escape(right)
            value: Value = left
        else:
            value = self.binary(node.op, left, right, node, frame)
        self.assign(node.target, value, frame)
        return NORMAL

    def _return(self, node: ir.Return, frame: Frame) -> int:
        value = None if node.value is None else self.evaluate(node.value, frame)
        if node.value is not None and frame.module.asks_versions and isinstance(value, Unknown):
            value = versions.value_of(self, node.value, frame) or value
        frame.result = value
        return RETURN

    def _raise(self, _node: ir.Raise, _frame: Frame) -> int:
        if self.ignore_raise:
            return NORMAL
        raise Raised

    def _assert(self, node: ir.Assert, frame: Frame) -> int:
        """What is asserted is not taken for true, but somebody looks at it.

        The version is: what refuses another is for this one.
        """
        value = versions.value_of(self, node.test, frame) if frame.module.asks_versions else None
        if isinstance(value, versions.VersionValue) and not self.in_try:
            self.narrow(versions.passing(value), node.test, node.line)
            return NORMAL
        for part in () if self.quiet else ir.walk((node.test,)):
            if isinstance(part, ir.Name):
                self.look_at(self.evaluate(part, frame))
            elif isinstance(part, ir.Attribute) and isinstance(part.value, ir.Name):
                owner = self.evaluate(part.value, frame)
                if isinstance(owner, Instance):
                    self.look_at(owner.attributes.get(part.attr))
        return NORMAL

    def _break(self, _node: ir.Break, _frame: Frame) -> int:
        return BREAK

    def _continue(self, _node: ir.Continue, _frame: Frame) -> int:
        return CONTINUE

    def _delete(self, node: ir.Delete, frame: Frame) -> int:
        for target in node.targets:
            if isinstance(target, ir.Name):
                # A later use of the name would be an error; the value itself lives on elsewhere.
                frame.names.pop(target.id, None)
        return NORMAL

    def _scope(self, node: ir.Scope, frame: Frame) -> int:
        for name in node.names:
            home: Frame | None = None
            if node.kind == "nonlocal":
                home = frame.outer
                while home is not None and name not in home.names:
                    home = home.outer
            frame.declared[name] = home
        return NORMAL

    def _if(self, node: ir.If, frame: Frame) -> int:
        if self._refuses_version(node, frame):
            goes_on = node.orelse if inert.ends_program(node.body) else node.body
            return self.run_block(goes_on, frame)
        side = inert.side_to_take(node)
        if side is inert.Side.EITHER:
            if self.quiet and isinstance(self.test(node.test, frame), Unknown):
                return self._in_passing(node, frame)
            answer = self.decide(node.test, frame, node)
        else:
            value = self.evaluate(node.test, frame)
            verdict = self.truth(value)
            allowed = self._versions_passing(node.test, value, frame)
            if allowed is not None and side is not inert.Side.NEITHER:
                answer = self._decide_version(allowed, node.test, frame, node)
            elif isinstance(verdict, Unknown):
                if side is inert.Side.NEITHER:
                    return self._in_passing(node, frame) if inert.trains(node) else NORMAL
                answer = side is inert.Side.BODY
                self._settle(verdict, answer)
            else:
                answer = verdict
        self._sides.add((node, answer))
        taken, other = (node.body, node.orelse) if answer else (node.orelse, node.body)
        signal = self._run_side(node, taken, answer=answer, frame=frame)
        if frame.function is not None and presumed_defaults.rests_on_default(node.test, frame):
            self.may_use(other, frame)
            body = frame.function.node.body
            if signal == RETURN and isinstance(body, tuple):
                self.may_use(body, frame)  # the code after it is the other side
        return signal

    def _run_side(self, node: ir.If, block: ir.Block, *, answer: bool, frame: Frame) -> int:
        guard = choosing.guard_of(node)
        if guard is None:
            return self.run_block(block, frame)
        choosing.note_guard(self, node, guard, answer, frame)
        self.choosing += 1
        try:
            return self.run_block(block, frame)
        finally:
            self.choosing -= 1

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Run something for its events alone: no layer is applied, nothing escapes, and where it
        branches on something unknown both sides are run instead of choosing.
        """
        self.quiet += 1
        try:
            yield
        except Raised:
            pass
        finally:
            self.quiet -= 1

    def _in_passing(self, node: ir.If, frame: Frame) -> int:
        """Run both sides of a branch that is worth no world, one after the other."""
        self.unsure += 1
        for block in (node.body, node.orelse):
            with self.quietly():
                self.run_block(block, frame)
        self.unsure -= 1
        return NORMAL

    def decide(self, node: ir.Expr, frame: Frame, branch: ir.If | ir.IfExp | None = None) -> bool:
        """The truth of a test, part by part, choosing where it is open.

        `use_bn and last` is two questions, so that each is recognised when it is asked again.

        Args:
            node: the test.
            frame: where it is evaluated.
            branch: the statement that it is the test of, if it is of one.
        """
        if isinstance(node, ir.BoolOp):
            allowed = self._versions_passing(node, None, frame)
            if allowed is not None:
                return self._decide_version(allowed, node, frame, branch)
            quantifier = any if node.op == "or" else all
            return quantifier(self.decide(part, frame, branch) for part in node.values)
        if isinstance(node, ir.UnaryOp) and node.op == "not":
            return not self.decide(node.operand, frame, branch)
        value = self.evaluate(node, frame)
        allowed = self._versions_passing(node, value, frame)
        if allowed is not None:
            return self._decide_version(allowed, node, frame, branch)
        verdict = self.truth(value)
        if isinstance(verdict, bool):
            holders = presumed_defaults.holders_in(node, frame) if self.presumes else None
            if not holders:
                return verdict
            return self._decide_presumed(node, frame, branch, holders, verdict)
        self._decides_in(frame)
        return self.choose(verdict, node, branch)

    def heed_refusal(self, node: ir.Assert | ir.If, frame: Frame) -> None:
        """Exclude the versions for which a statement ends the program, without running
        its other code.
        """
        if isinstance(node, ir.Assert):
            self._assert(node, frame)
        else:
            self._refuses_version(node, frame)

    def _refuses_version(self, node: ir.If, frame: Frame) -> bool:
        """Whether one side of a branch ends the program for some versions; the others go on."""
        ends = inert.ends_program(node.body)
        if self.in_try or not (ends or inert.ends_program(node.orelse)):
            return False
        allowed = self._versions_passing(node.test, None, frame)
        if allowed is not None:
            self.narrow(versions.ALL & ~allowed if ends else allowed, node.test, node.line)
        return allowed is not None

    def _versions_passing(self, node: ir.Expr, value: Value, frame: Frame) -> Versions | None:
        """The versions for which a test holds; ``None`` where they do not determine it.

        Args:
            node: the test.
            value: what it was evaluated to.
            frame: where.
        """
        if not isinstance(value, versions.VersionValue) and (
            frame.module.asks_versions
            or (isinstance(value, Unknown) and versions.is_of_version(value.key))
        ):
            value = versions.value_of(self, node, frame)
        return versions.passing(value) if isinstance(value, versions.VersionValue) else None

    def _decide_version(
        self, allowed: Versions, node: ir.Expr, frame: Frame, branch: ir.If | ir.IfExp | None
    ) -> bool:
        """The truth of a test for the version; what was answered before may imply it."""
        if not self.versions & ~allowed:
            return True
        if not self.versions & allowed:
            return False
        self._decides_in(frame)
        condition = versions.question(allowed, node, self.expected())
        answer = self.choose(Unknown(condition.key, condition=condition), node, branch)
        if not self.quiet:
            self.narrow(allowed if answer else versions.ALL & ~allowed, node, self.line)
        return answer

    def narrow(self, allowed: Versions, node: ir.Expr, line: int) -> None:
        """Go on with the versions that a guard lets through."""
        if self.versions & allowed and self.versions & ~allowed:
            self.versions &= allowed
            self.guards.append((node, line))

    def _decide_presumed(
        self,
        node: ir.Expr,
        frame: Frame,
        branch: ir.If | ir.IfExp | None,
        holders: list[presumed_defaults.Holder],
        answer: bool,
    ) -> bool:
        """The truth of a test that the default of a parameter answers: a choice as well, whose
        other side gives up the default.
        """
        with presumed_defaults.given_up(holders):
            question = self.test(node, frame)
        if isinstance(question, Unknown):
            condition = replace(
                question.condition or truth(question),
                default=answer != question.negated,
                is_presumed=True,
            )
            asked = Unknown(
                question.key, question.label, condition=condition, negated=question.negated
            )
            self._decides_in(frame)
            question = self.choose(asked, node, branch)
        if question != answer:
            for holder in holders:
                holder.give_up()
        if any(isinstance(part, ir.NamedExpr) for part in ir.walk((node,))):
            self.evaluate(node, frame)  # the test above bound its name to something else
        return question

    def _decides_in(self, frame: Frame) -> None:
        function = frame.function.node if frame.function is not None else None
        line = function.line if isinstance(function, ir.FunctionDef) else 0
        self.decisions.here = (frame.module, line)

    def _settle(self, verdict: Unknown, answer: bool) -> None:
        if self.quiet:
            return
        condition = verdict.condition or truth(verdict)
        self.decisions.settle(condition, answer != verdict.negated)

    def choose(
        self, verdict: Unknown, node: object = None, branch: ir.If | ir.IfExp | None = None
    ) -> bool:
        """Answer an open question for this world."""
        if verdict.label == "training":
            return not verdict.negated
        condition = verdict.condition or truth(verdict)
        if condition.subject == "training":
            return not verdict.negated
        if self.quiet:
            known = self.decisions.known(condition)
            return (condition.default if known is None else known) != verdict.negated
        answer = self.decisions.decide(condition, node, branch, negated=verdict.negated)
        return answer != verdict.negated

    def _for(self, node: ir.For, frame: Frame) -> int:
        iterable = self.evaluate(node.iter, frame)
        items, known = self.iterate(iterable, node)
        count = model_events.turns_of(iterable, items) if known else None
        before, outside = self._built(), len(self.turns)
        self.choosing += (chosen := isinstance(iterable, choosing.CHOSEN))
        try:
            return self._turns(node, iterable, items, count, frame)
        finally:
            self.choosing -= chosen
            del self.turns[outside:]
            if not known:
                self._doubt_sizes(before)
            if frame.function is not None and presumed_defaults.rests_on_default(node.iter, frame):
                self.may_use(node.body, frame)
            if isinstance(iterable, list):
                self._set_of_each(node, iterable, frame)

    def _set_of_each(self, node: ir.For, iterable: list[Value], frame: Frame) -> None:
        """What a loop sets of layers that are not met one by one: those of a pretrained network,
        and those of models that were left out when BatchNormalization was chosen.
        """
        if not isinstance(iterable, choosing.OF_MODELS) or not choosing.sets_trainable(node):
            return
        if isinstance(iterable, choosing.CHOSEN):
            for model in iterable.passed:
                choosing.pass_over(self, model)
            return
        for layer in choosing.stand_ins(self, iterable.networks):
            self.assign(node.target, layer, frame)
            with self.quietly():
                self.run_block(node.body, frame)

    def _turns(
        self, node: ir.For, iterable: Value, items: list[Value], count: int | None, frame: Frame
    ) -> int:
        before, outside = self._built(), len(self.turns)
        if self.quiet and iterable.__class__ is range:
            items = items[:TURNS_OF_UNKNOWN_LOOPS]  # step after step of the same
        turn = still = 0
        size = self._size()
        while turn < len(items):
            if turn >= MOST_TURNS:
                self._cut_short(items[turn:], before)
                break
            self.turns[outside:] = (Turn(node, turn, count),)
            self.assign(node.target, items[turn], frame)
            signal = self.run_block(node.body, frame)
            if signal == BREAK:
                return NORMAL
            if signal == RETURN:
                return signal
            turn += 1
            grown, size = size, self._size()
            still = still + 1 if grown == size else 0
            if (
                still >= TURNS_WITHOUT_NEWS
                and not self.whole_loops
                and turn < len(items) - 1
                and (inert.may_be_shortened(node) or len(items) > MOST_TURNS)
                and _are_alike(items[turn - TURNS_WITHOUT_NEWS :])
            ):
                if not inert.may_be_shortened(node):
                    self._cut_short(items[turn:], before)  # it would come to that anyway
                    break
                # Block after block of the same: the last turn stands for all that are left.
                del items[MOST_TURNS:]
                turn = max(turn, len(items) - 1)
                self._doubt_sizes(before)
        del self.turns[outside:]
        return self.run_block(node.orelse, frame)

    def _built(self) -> tuple[int, int]:
        """How many calls and layers there are."""
        return len(self.calls), len(self.graph.layers)

    def _cut_short(self, items: Sequence[Value], before: tuple[int, int]) -> None:
        """The turns of a loop that are not taken may use their items, and do what others did."""
        self.escape(items)
        if self._built() != before:
            self.graph.complete = False

    def _doubt_sizes(self, before: tuple[int, int]) -> None:
        """What was built since then is built more or less often than the run shows."""
        if self.sizes_hold_until is None and self._built() != before:
            self.sizes_hold_until = before[0]

    def _size(self) -> tuple[int, int]:
        """How much of the program was reached: constructions, and sides of its branches."""
        layers = self.graph.layers
        for layer in layers[self._counted :]:
            self._places.add(id(layer.location))
        self._counted = len(layers)
        return len(self._places), len(self._sides)

    def _while(self, node: ir.While, frame: Frame) -> int:
        outside = len(self.turns)
        try:
            return self._take_open_turns(node, frame)
        finally:
            del self.turns[outside:]

    def _take_open_turns(self, node: ir.While, frame: Frame) -> int:
        outside = len(self.turns)
        open_turns = 0
        before = self._built()
        for turn in range(MOST_TURNS + 1):
            verdict = self.test(node.test, frame)
            if turn == MOST_TURNS:
                self._cut_short((), before)
                return NORMAL
            if verdict is False:
                if frame.function is not None and presumed_defaults.rests_on_default(
                    node.test, frame
                ):
                    self.may_use(node.body, frame)
                return self.run_block(node.orelse, frame)
            constant_true = isinstance(node.test, ir.Const)
            if isinstance(verdict, Unknown) or constant_true:
                open_turns += 1
                if open_turns > TURNS_OF_UNKNOWN_LOOPS:
                    self._doubt_sizes(before)
                    return NORMAL
            self.turns[outside:] = (Turn(node, turn, None),)
            signal = self.run_block(node.body, frame)
            if signal == BREAK:
                return NORMAL
            if signal == RETURN:
                return signal
        return NORMAL

    def _try(self, node: ir.Try, frame: Frame) -> int:
        guards = bool(node.handlers)
        self.in_try += guards
        try:
            try:
                signal = self.run_block(node.body, frame)
            finally:
                self.in_try -= guards
            if not signal:
                signal = self.run_block(node.orelse, frame)
        except Raised:
            if not node.handlers:
                self.run_block(node.final, frame)
                raise
            handler = node.handlers[0]
            if handler.name:
                frame.names[handler.name] = self.fresh(node, "exception")
            signal = self.run_block(handler.body, frame)
        final = self.run_block(node.final, frame)
        return final or signal

    def _with(self, node: ir.With, frame: Frame) -> int:
        expects_failure = False
        recording = len(self.tapes)
        for expression, target in node.items:
            value = self.evaluate(expression, frame)
            if isinstance(expression, ir.Call) and _expects_failure(expression.func):
                expects_failure = True
            if value.__class__ is Layer and value.kind == model_events.TAPE:
                self.tapes.append(value)
            if target is not None:
                if isinstance(value, (list, tuple)) and not isinstance(value, OpenList):
                    # A generator made a context manager: what it yields first.
                    value = value[0] if value else None
                self.assign(target, value, frame)
        if expects_failure:
            # What is built here is built to fail or to be looked at, not to be a model.
            self.observing += 1
        try:
            return self.run_block(node.body, frame)
        except Raised:
            if expects_failure:
                return NORMAL
            raise
        finally:
            self.observing -= expects_failure
            del self.tapes[recording:]

    def _match(self, node: ir.Match, frame: Frame) -> int:
        subject = self.evaluate(node.subject, frame)
        for case in node.cases:
            for name in case.captures:
                frame.names[name] = self.fresh(node, name)
            verdict: bool | Unknown = True
            if (
                self.presumes
                and case.pattern is not None
                and presumed_defaults.holders_in(node.subject, frame)
            ):
                verdict = self.decide(_equality(node.subject, case.pattern), frame)
            elif case.pattern is not None:
                pattern = self.evaluate(case.pattern, frame)
                verdict = comparisons.compare(self, "==", subject, pattern, node)
            elif case.captures and case.guard is None and len(case.captures) == 1:
                frame.names[case.captures[0]] = subject
            if case.guard is not None and verdict is not False:
                guard = self.test(case.guard, frame)
                verdict = guard if verdict is True else verdict
            if isinstance(verdict, Unknown):
                verdict = self.choose(verdict, case)
            if verdict:
                return self.run_block(case.body, frame)
        return NORMAL

    def _import(self, node: ir.Import, frame: Frame) -> int:
        imports.run_import(self, node, frame)
        return NORMAL

    def _import_from(self, node: ir.ImportFrom, frame: Frame) -> int:
        imports.run_import_from(self, node, frame)
        return NORMAL

    def _function(self, node: ir.FunctionDef, frame: Frame) -> int:
        function = self.make_function(node, frame)
        # Methods of a class of the module are run with its objects.
        if not (frame.is_module or (frame.is_class_body and frame.outer is None)):
            self.functions.append(function)
        self.bind_name(node.name, function, frame)
        return NORMAL

    def make_function(self, node: ir.FunctionDef, frame: Frame) -> Function:
        """The function that a ``def`` makes; its decorators are taken to leave it in place, though
        some call it with other arguments than those that it has by default.
        """
        defaults = {
            param.name: self.evaluate(param.default, frame)
            for param in node.params.params
            if param.default is not None
        }
        kind = "function"
        for decorator in node.decorators:
            match decorator:
                case ir.Name(id="staticmethod" | "classmethod" | "property" as name):
                    kind = name
                case ir.Attribute(attr="setter" | "deleter"):
                    kind = "setter"
                case ir.Attribute(attr="cached_property") | ir.Name(id="cached_property"):
                    kind = "property"
                case _ if defaults:
                    written = decorator.func if isinstance(decorator, ir.Call) else decorator
                    if decorators.may_fill_arguments(written, self.evaluate(written, frame)):
                        defaults = {}
                case _:
                    pass
        closure = None if frame.is_module else frame
        return Function(node, frame.module, closure, defaults, node.name, kind=kind)

    def _class(self, node: ir.ClassDef, frame: Frame) -> int:
        bases = tuple(
            self.evaluate(base.value, frame)
            for base in node.bases
            if base.keyword is None and not base.star
        )
        cls = Class(node, frame.module, bases, {}, node.name)
        if not frame.is_module:
            self.local_classes.add(node)
        # A class body does not see the names of one around it.
        around = frame.outer if frame.is_class_body else frame
        outer = None if around is None or around.is_module else around
        body = Frame(frame.module, cls.attributes, outer=outer)
        body.owner = cls
        self.run_block(node.body, body)
        for value in cls.attributes.values():
            if isinstance(value, Function) and value.owner is None:
                value.owner = cls
                # A method does not see the names of its class body.
                if value.closure is body:
                    value.closure = body.outer
        self.bind_name(node.name, cls, frame)
        return NORMAL

    # Names

    def lookup(self, name: str, frame: Frame) -> Value:
        """The value of ``name``; what nothing binds may be Keras's own public name."""
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.declared and scope.declared[name] is None:
                break
            if name in scope.names and not scope.is_module:
                value = scope.names[name]
                if isinstance(value, imports.Deferred):
                    value = scope.names[name] = value.resolve(self)
                return value
            scope = scope.outer
        value = imports.global_value(self, frame.module, name)
        if value is not imports.MISSING:
            return value
        value = builtin_functions.BUILTINS.get(name) or imports.unbound(name, frame.module)
        if not self.resolving and not isinstance(value, Unknown):
            # Nothing binds it, so this is what the name means in the module for good.
            imports.globals_of(self, frame.module)[name] = value
        return value

    def bind_name(self, name: str, value: Value, frame: Frame) -> None:
        if name in frame.declared:
            home = frame.declared[name]
            names = imports.globals_of(self, frame.module) if home is None else home.names
            names[name] = value
        else:
            frame.names[name] = value

    def assign(self, target: ir.Expr, value: Value, frame: Frame) -> None:
        """Bind ``value`` to an assignment target."""
        if isinstance(target, ir.Name):
            self.bind_name(target.id, value, frame)
        elif isinstance(target, ir.Attribute):
            attributes.set_attribute(self, self.evaluate(target.value, frame), target.attr, value)
        elif isinstance(target, ir.Subscript):
            self._set_item(target, value, frame)
        elif isinstance(target, (ir.Tuple, ir.List)):
            self._unpack(target.elts, value, target, frame)
        elif isinstance(target, ir.Starred):
            self.assign(target.value, value, frame)

    def _set_item(self, target: ir.Subscript, value: Value, frame: Frame) -> None:
        container = self.evaluate(target.value, frame)
        index = self.evaluate(target.index, frame)
        if isinstance(container, dict):
            if is_key(index):
                container[index] = value
            else:
                # Two turns of a loop look alike here, but they fill two places.
                container[unknown_key(container)] = value
        elif (
            isinstance(container, list)
            and isinstance(index, int)
            and -len(container) <= index < len(container)
        ):
            container[index] = value
        else:
            self.escape(value)

    def _unpack(
        self, targets: Sequence[ir.Expr], value: Value, node: ir.Expr, frame: Frame
    ) -> None:
        starred = next((i for i, t in enumerate(targets) if isinstance(t, ir.Starred)), None)
        items = self.unpack(value, len(targets), node, exact=starred is None)
        if starred is not None:
            after = len(targets) - starred - 1
            middle: list[Value] = list(items[starred : len(items) - after])
            items = [*items[:starred], middle, *items[len(items) - after :]]
        for target, item in zip(targets, items, strict=False):
            self.assign(target, item, frame)

    def unpack(self, value: Value, count: int, node: object, *, exact: bool) -> list[Value]:
        """``count`` values out of ``value``."""
        if isinstance(value, Tensor):
            return [semantics.take_item(self, value, i) for i in range(count)]
        if isinstance(value, Unknown):
            return [self.item_of(value, i) for i in range(count)]
        items, known = self.iterate(value, node)
        if known and (len(items) == count or (not exact and len(items) >= count - 1)):
            return items
        return [*items, *(self.fresh(node, i) for i in range(count))][:count]

    # Expressions

    def evaluate(self, node: ir.Expr, frame: Frame) -> Value:
        """The value of an expression."""
        return _EXPRESSIONS[node.__class__](self, node, frame)

    def _unmodelled(self, node: ir.Expr, _frame: Frame) -> Value:
        return self.fresh(node)

    def _constant(self, node: ir.Const, _frame: Frame) -> Value:
        return node.value

    def _name(self, node: ir.Name, frame: Frame) -> Value:
        name = node.id
        names = frame.names
        if name in names and not frame.is_module:
            value = names[name]
            if value.__class__ is not imports.Deferred:
                return value
        elif not frame.declared and (frame.outer is None or _reaches_globals(frame, name)):
            # Mostly a global: a module, a helper, a constant.
            known = self.globals.get(frame.module)
            if known is not None:
                value = known.get(name)
                if value is not None and value.__class__ is not imports.Deferred:
                    return value
        return self.lookup(name, frame)

    def _attribute(self, node: ir.Attribute, frame: Frame) -> Value:
        owner = node.value
        value = _EXPRESSIONS[owner.__class__](self, owner, frame)
        if value.__class__ is Symbol:
            return value.member(node.attr)
        return attributes.get_attribute(self, value, node.attr, node)

    def _subscript(self, node: ir.Subscript, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        index = self.evaluate(node.index, frame)
        if isinstance(value, dict) and is_key(index) and index in value:
            # `{"batch": BatchNormalization}[norm]`: the default, or something else.
            holders = presumed_defaults.holders_in(node.index, frame) if self.presumes else None
            if holders and not self._decide_presumed(
                _is_item(node, index), frame, None, holders, answer=True
            ):
                index = self.evaluate(node.index, frame)
            elif isinstance(index, PresumedFormat):
                index = presumed_defaults.settled_format(self, index, node)
        is_asked = isinstance(index, Unknown) and index.key == "image_data_format"
        if is_asked and isinstance(value, dict):
            index = self._key_of_format(value, index, node)
        if isinstance(value, Unknown) and arrays.is_index_of_rows(node.index):
            whole = _index_of(node.index, index)
            array = None if value.from_parameter else arrays.item(value, whole, node)
            if array is not None:
                return array
        return self.item(value, index, node, frame)

    def _key_of_format(
        self, items: dict[Value, Value], index: Unknown, node: ir.Subscript
    ) -> Value:
        """The key of ``{"channels_first": 1, "channels_last": -1}`` that the backend asks for."""
        if not items or not all(isinstance(key, str) and key in FORMATS for key in items):
            return index
        for key in items:
            verdict = comparisons.compare(self, "==", index, key, node)
            if verdict if isinstance(verdict, bool) else self.choose(verdict, node):
                return key
        return index

    def item(self, value: Value, index: Value, node: ir.Expr, frame: Frame) -> Value:
        """``value[index]``."""
        if isinstance(index, Unknown):
            index = self.decisions.value_of(index)
        if isinstance(value, dict):
            if is_key(index) and index in value:
                return value[index]
            return self._any_of(list(value.values()), node)
        if isinstance(value, (list, tuple, str, bytes)):
            if isinstance(value, OpenList) and value and isinstance(value[-1], SomeLayer):
                return value if isinstance(index, slice) else value[-1]
            if isinstance(index, (int, slice)):
                try:
                    return value[index]
                except (IndexError, TypeError, ValueError):
                    return self.fresh(node)
            return self._any_of(list(value), node)
        if isinstance(value, Tensor):
            return semantics.slice_tensor(self, value, index, node, frame)
        if value.__class__ in _WITH_WEIGHTS and (variables := model_weights.variables_of(value)):
            return value if isinstance(index, slice) else variables[0]
        if isinstance(value, Unknown):
            if isinstance(index, int):
                return self.item_of(value, index)
            if isinstance(index, str):
                return self.derived(value, ("item", index), f"{value.label}[{index!r}]")
            if isinstance(index, slice):
                return self.derived(value, ("slice",), value.label)
            return self.derived(value, ("item", node), value.label)
        if isinstance(value, (Instance, Layer, Composite)):
            self.escape(value)
        return self.fresh(node)

    def _any_of(self, candidates: list[Value], node: ir.Expr) -> Value:
        """One of several values, it is not known which."""
        for candidate in candidates:
            self.escape(candidate)
        if candidates and all(isinstance(c, (Function, Symbol, Class)) for c in candidates):
            return candidates[0]
        return self.fresh(node)

    def _slice(self, node: ir.Slice, frame: Frame) -> Value:
        parts = [
            None if part is None else self.evaluate(part, frame)
            for part in (node.lower, node.upper, node.step)
        ]
        if all(part is None or isinstance(part, int) for part in parts):
            return slice(*parts)
        return slice(None, None, self.fresh(node))

    def _binary(self, node: ir.BinOp, frame: Frame) -> Value:
        left = self.evaluate(node.left, frame)
        right = self.evaluate(node.right, frame)
        return self.binary(node.op, left, right, node, frame)

    def binary(
        self, op: str, left: Value, right: Value, node: ir.BinOp | ir.AugAssign, frame: Frame
    ) -> Value:
        """``left op right``: arithmetic on constants, a merge on tensors."""
        if left.__class__ in _SCALARS and right.__class__ in _SCALARS:
            return self._arithmetic(op, left, right, node)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return semantics.operator(self, op, left, right, node, frame)
        if isinstance(left, (list, tuple)) or isinstance(right, (list, tuple)):
            sequence = self._longer(op, left, right)
            if sequence is not None:
                return sequence
        if op == "+" and isinstance(left, list) and isinstance(right, Unknown):
            return OpenList(left)
        if isinstance(left, arrays.Array) and right.__class__ in _SCALARS:
            return arrays.Array((op, node), left.rows)
        if isinstance(left, Unknown):
            left = self.decisions.value_of(left)
        if isinstance(right, Unknown):
            right = self.decisions.value_of(right)
        if is_constant(left) and is_constant(right):
            return self._arithmetic(op, left, right, node)
        if isinstance(left, (Instance, Composite, Layer)):
            self.escape(left)
        if isinstance(right, (Instance, Composite, Layer)):
            self.escape(right)
        if left.__class__ in _WITH_WEIGHTS and (owners := model_events.owners_of((left, right))):
            return KerasMember((op, node), "", owners, "weights")
        if isinstance(left, Variable) or isinstance(right, Variable):
            return model_weights.computed_from((left, right), (op, node))
        parameter = any(isinstance(v, Unknown) and v.from_parameter for v in (left, right))
        return Unknown((op, node), from_parameter=parameter)

    def _longer(self, op: str, left: Value, right: Value) -> Value:
        """``[…] + […]`` and ``[…] * 3``, open where there is no room for all of it."""
        if isinstance(left, int):
            left, right = right, left
        if op == "*" and isinstance(left, (list, tuple)) and isinstance(right, int):
            if right * len(left) <= bounds.MOST_ITEMS:
                return left * right
            return OpenList(left)
        if op == "+" and isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
            joined = list(left)
            left_out = bounds.grow(joined, right)
            self.escape(left_out)
            if isinstance(left, tuple) and not left_out:
                return tuple(joined)
            opened = isinstance(left, OpenList) or isinstance(right, OpenList) or left_out
            return OpenList(joined) if opened else joined
        return None

    def _arithmetic(self, op: str, left: Value, right: Value, node: object) -> Value:
        apply = _OPERATORS.get(op)
        if apply is None:
            return self.fresh(node)
        if op == "%" and isinstance(left, (str, bytes)):
            items = right if isinstance(right, tuple) else (right,)
            if any(not isinstance(item, (str, int, float)) for item in items):
                return self.fresh(node)
            if isinstance(left, bytes) or not bounds.fits_text(left, "%", items):
                return self.fresh(node)
        if op == "+" and bounds.characters((left, right)) > bounds.MOST_CHARACTERS:
            return self.fresh(node)
        if op == "*" and (isinstance(left, (str, bytes)) or isinstance(right, (str, bytes))):
            return self.fresh(node)
        if op == "**" and not (
            isinstance(left, (int, float))
            and isinstance(right, (int, float))
            and abs(left) < 1 << 32
            and abs(right) < 64
        ):
            return self.fresh(node)
        if op == "<<" and not (isinstance(right, int) and 0 <= right < 64):
            return self.fresh(node)
        try:
            value = apply(left, right)
        except (ArithmeticError, TypeError, ValueError, AttributeError):
            return self.fresh(node)
        return value if bounds.is_printable(value) else self.fresh(node)

    def _unary(self, node: ir.UnaryOp, frame: Frame) -> Value:
        if node.op == "not":
            verdict = self.test(node.operand, frame)
            return self.negate(verdict)
        value = self.evaluate(node.operand, frame)
        if isinstance(value, (int, float)):
            return -value if node.op == "-" else +value if node.op == "+" else self.fresh(node)
        if isinstance(value, Tensor):
            return semantics.operator(self, "*", value, -1, node, frame)
        return self.fresh(node)

    def negate(self, verdict: bool | Unknown) -> bool | Unknown:
        if not isinstance(verdict, Unknown):
            return not verdict
        condition = verdict.condition or truth(verdict)
        return Unknown(
            ("not", verdict.key),
            verdict.label,
            condition=condition,
            negated=not verdict.negated,
            from_parameter=verdict.from_parameter,
        )

    def test(self, node: ir.Expr, frame: Frame) -> bool | Unknown:
        """The truth of an expression: known, or the question that decides it."""
        return self.truth(self.evaluate(node, frame))

    def truth(self, value: Value) -> bool | Unknown:
        if value is True or value is False:
            return value
        if isinstance(value, Unknown):
            condition = value.condition or truth(value)
            known = self.decisions.known(condition)
            if known is None:
                return value
            self.decisions.consulted += 1
            return known != value.negated
        if isinstance(value, (OpenList, OpenDict)) and not value:
            return Unknown(("open", id(value)))
        if value is None or isinstance(
            value, (bool, int, float, str, bytes, tuple, list, dict, set, complex)
        ):
            return bool(value)
        if isinstance(value, Tensor):
            value.observed = True
        elif value.__class__ is Symbol:
            value = presumed_defaults.opened(value)
            return self.truth(value) if value.__class__ is Unknown else True
        return True

    def _boolean(self, node: ir.BoolOp, frame: Frame) -> Value:
        stop = node.op == "or"
        last = len(node.values) - 1
        pending: Unknown | None = None
        value: Value = None
        for position, operand in enumerate(node.values):
            value = self.evaluate(operand, frame)
            verdict = self.truth(value)
            if isinstance(verdict, Unknown):
                if position == last:
                    break
                if inert.is_plain(node.values[position + 1 :]):
                    # Nothing is built after it: `x or 3` stays open instead of forking.
                    pending = pending or verdict
                    continue
                answer = self.choose(verdict, node)
                if answer == stop:
                    return value
            elif verdict == stop:
                if pending is None:
                    return value
                if isinstance(value, bool):
                    return value
                return Unknown(("bool", node), pending.label)
        if pending is None:
            return value
        verdict = self.truth(value)
        if not isinstance(verdict, Unknown):
            # `unknown and True` is as true as the unknown; `unknown or False` likewise.
            return pending if verdict != stop else verdict
        return Unknown(
            ("bool", node),
            from_parameter=pending.from_parameter,
            condition=Condition(("bool", node, pending.key, verdict.key), node),
        )

    def _compare(self, node: ir.Compare, frame: Frame) -> Value:
        left = self.evaluate(node.left, frame)
        result: bool | Unknown = True
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(comparator, frame)
            verdict = comparisons.compare(self, op, left, right, node)
            if verdict is False:
                return False
            if isinstance(verdict, Unknown):
                result = verdict
            left = right
        return result

    def _conditional(self, node: ir.IfExp, frame: Frame) -> Value:
        if inert.is_text(node.body) or inert.is_text(node.orelse):
            # `name=None if name is None else name + "_bn"`: not worth a world.
            verdict = self.test(node.test, frame)
            if isinstance(verdict, Unknown):
                return self.fresh(node)
            return self.evaluate(node.body if verdict else node.orelse, frame)
        answer = self.decide(node.test, frame, node)
        if frame.function is not None and presumed_defaults.rests_on_default(node.test, frame):
            self.may_use((node.orelse if answer else node.body,), frame)
        return self.evaluate(node.body if answer else node.orelse, frame)

    def _elements(self, elements: Iterable[ir.Expr], frame: Frame) -> tuple[list[Value], bool]:
        items: list[Value] = []
        closed = True
        for element in elements:
            if isinstance(element, ir.Starred):
                more, known = self.iterate(self.evaluate(element.value, frame), element)
                left_out = bounds.grow(items, more)
                self.escape(left_out)
                closed = closed and known and not left_out
            else:
                items.append(self.evaluate(element, frame))
        return items, closed

    def _tuple(self, node: ir.Tuple, frame: Frame) -> Value:
        items, closed = self._elements(node.elts, frame)
        return tuple(items) if closed else OpenList(items)

    def _list(self, node: ir.List, frame: Frame) -> Value:
        items, closed = self._elements(node.elts, frame)
        return items if closed else OpenList(items)

    def _set(self, node: ir.Set, frame: Frame) -> Value:
        items, closed = self._elements(node.elts, frame)
        return items if closed else OpenList(items)

    def _dict(self, node: ir.Dict, frame: Frame) -> Value:
        result: dict[Value, Value] = {}
        closed = True
        for key_node, value_node in node.items:
            if key_node is None:
                other = self.evaluate(value_node, frame)
                if isinstance(other, dict):
                    result.update(other)
                    closed = closed and not isinstance(other, OpenDict)
                else:
                    closed = False
                continue
            key = self.evaluate(key_node, frame)
            value = self.evaluate(value_node, frame)
            if is_key(key):
                result[key] = value
            else:
                result[unknown_key(result)] = value
                closed = False
        return result if closed else OpenDict(result)

    def _joined(self, node: ir.JoinedStr, frame: Frame) -> Value:
        parts: list[str] = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            value = self.evaluate(part, frame)
            if isinstance(value, Unknown):
                value = self.decisions.value_of(value)
            if not isinstance(value, (str, int, float, bool)) or not bounds.is_printable(value):
                self.look_at(value)
                return self.fresh(node)
            parts.append(str(value))
        if sum(map(len, parts)) > bounds.MOST_CHARACTERS:
            return self.fresh(node)
        return "".join(parts)

    def _lambda(self, node: ir.Lambda, frame: Frame) -> Value:
        defaults = {
            param.name: self.evaluate(param.default, frame)
            for param in node.params.params
            if param.default is not None
        }
        # A lambda in a class body does not see the class's names, one elsewhere closes over all.
        closure = None if frame.is_module else frame
        return Function(node, frame.module, closure, defaults, _NAMELESS)

    def _comprehension(self, node: ir.Comprehension, frame: Frame) -> Value:
        names = [name for clause in node.clauses for name in ir.names_of(clause.target)]
        kept = {name: frame.names[name] for name in names if name in frame.names}
        items: list[Value] = []
        keys: list[Value] = []
        before, outside = self._built(), len(self.turns)
        try:
            closed = self._comprehend(node, node.clauses, frame, keys, items)
        finally:
            del self.turns[outside:]
        if not closed:
            self._doubt_sizes(before)
        if frame.function is not None and any(
            presumed_defaults.rests_on_default(clause.iter, frame) for clause in node.clauses
        ):
            self.may_use((node.element,), frame)
        for name in names:
            frame.names.pop(name, None)
        frame.names.update(kept)
        if node.kind == "dict":
            pairs: dict[Value, Value] = {}
            for key, item in zip(keys, items, strict=True):
                pairs[key if is_key(key) else unknown_key(pairs)] = item
            return pairs if closed else OpenDict(pairs)
        if any(choosing.is_about_normalization(t) for each in node.clauses for t in each.ifs):
            passed, self.passed = self.passed, []
            return choosing.selected(items, passed, closed=closed)
        return items if closed else OpenList(items)

    def _comprehend(
        self,
        node: ir.Comprehension,
        clauses: Sequence[ir.Clause],
        frame: Frame,
        keys: list[Value],
        items: list[Value],
    ) -> bool:
        if not clauses:
            element = self.evaluate(node.element, frame)
            if node.value is not None:
                keys.append(element)
                element = self.evaluate(node.value, frame)
            items.append(element)
            return True
        first, rest = clauses[0], clauses[1:]
        iterable = self.evaluate(first.iter, frame)
        values, closed = self.iterate(iterable, first)
        count = model_events.turns_of(iterable, values) if closed else None
        before = self._built()
        for turn, value in enumerate(values):
            if turn >= MOST_TURNS:
                self._cut_short(values[turn:], before)
                return False
            self.step()
            self.turns.append(Turn(first, turn, count))
            self.assign(first.target, value, frame)
            skip = False
            for condition in first.ifs:
                verdict = self.test(condition, frame)
                if isinstance(verdict, Unknown):
                    closed = False
                elif not verdict:
                    skip = True
                    if isinstance(value, Composite) and choosing.is_about_normalization(condition):
                        self.passed.append(value)
                    break
            if not skip:
                closed = self._comprehend(node, rest, frame, keys, items) and closed
            self.turns.pop()
        return closed

    def _walrus(self, node: ir.NamedExpr, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        if frame.presumed:
            passed = presumed_defaults.if_passed(node.value, frame, self.evaluate)
            self.bind_name(node.target, value, frame)
            presumed_defaults.keep(ir.Name(node.target), passed, frame, self.evaluate)
            return value
        self.bind_name(node.target, value, frame)
        return value

    def _yield(self, node: ir.Yield, frame: Frame) -> Value:
        value = None if node.value is None else self.evaluate(node.value, frame)
        if node.delegate:
            items, _ = self.iterate(value, node)
            frame.yielded.extend(items)
        else:
            frame.yielded.append(value)
        return self.fresh(node)

    def dispose(self) -> None:
        """Part what refers to itself, so that it is freed at once and not by the collector.

        The collector is paused while files are read: it costs as much as the reading.
        """
        for layer in self.graph.layers:
            layer.calls.clear()
            layer.wraps = layer.wrapped_by = None
            layer.arguments = {}
            layer.holds = ()
        self.graph.nested.clear()
        for call in self.calls:
            for tensor in call.inputs:
                tensor.consumers.clear()
            for tensor in call.outputs:
                tensor.consumers.clear()
                tensor.producer = None
        for instance in self.instances:
            instance.attributes.clear()
            instance.unnamed.clear()
        for function in self.functions:
            if function.closure is not None:
                function.closure.names.clear()
        self.graph.memo.clear()
        for names in self.globals.values():
            names.clear()
        self.globals.clear()
        self.composites.clear()

    # Unknown values

    def fresh(self, node: object, detail: Hashable = None) -> Unknown:
        """The unknown value of ``node``: the same one whenever the node is evaluated again."""
        return Unknown((node, detail))

    def opaque(self, arguments: Arguments, node: object) -> Unknown:
        """The result of a call that cannot be followed: it may use its arguments in any way."""
        for value in arguments.values():
            self.escape(value)
        if any(value.__class__ is Variable for value in arguments.positional):
            return model_weights.computed_from(arguments.positional, node)
        return self.fresh(node)

    def item_of(self, value: Unknown, index: int) -> Unknown:
        return self.derived(value, ("item", index), f"{value.label}[{index}]")

    def derived(self, value: Unknown, step: Hashable, label: str) -> Unknown:
        """A part of an unknown value; a part of a parameter counts as the parameter."""
        key: Hashable = (value.key, step)
        if self._depth_of(value.key) > 12:
            key = ("deep", step)
        return Unknown(key, label, from_parameter=value.from_parameter)

    @staticmethod
    def _depth_of(key: Hashable) -> int:
        depth = 0
        while isinstance(key, tuple) and key and isinstance(key[0], tuple):
            key = key[0]
            depth += 1
        return depth

    def iterate(self, value: Value, node: object) -> tuple[list[Value], bool]:
        """The items of ``value`` and whether they are all and exactly those."""
        if isinstance(value, (OpenList, OpenDict)):
            self.step(len(value) >> 5)
            return list(value), False
        if isinstance(value, (list, tuple, str, dict, set, frozenset)):
            self.step(len(value) >> 5)
            return list(value), not bounds.is_full(value)
        if isinstance(value, range):
            return list(value[: MOST_TURNS + 1]), True
        if value.__class__ in _WITH_WEIGHTS and (variables := model_weights.variables_of(value)):
            self.escape(value)
            return variables, False
        turns = [("turn", turn) for turn in range(TURNS_OF_UNKNOWN_LOOPS)]
        if isinstance(value, Unknown):
            return [self.derived(value, turn, value.label) for turn in turns], False
        self.escape(value)
        return [self.fresh(node, turn) for turn in turns], False

    def tensor_of(self, unknown: Unknown) -> Tensor:
        """The tensor that an unknown value is where it is used as one."""
        if self.quiet:
            return Tensor()
        tensor = self._unknown_tensors.get(unknown.key)
        if tensor is None:
            origin = Origin.PARAMETER if unknown.from_parameter else Origin.UNKNOWN
            tensor = self._unknown_tensors[unknown.key] = Tensor(origin=origin)
        return tensor

    def look_at(self, value: Value) -> None:
        """``value`` is tested or printed: its tensors and layers have a use, and go nowhere."""
        for item in bounds.each_once(value):
            if isinstance(item, (Tensor, Layer)):
                item.observed = True

    def escape(self, value: Value) -> None:
        """``value`` flows into code that cannot be seen; anything may be done there with it, and
        with all that can be reached from it.
        """
        if value.__class__ in _SCALARS or self.quiet:
            return
        waiting: list[Value] = [value]
        seen: set[int] = set()
        while waiting:
            item = waiting.pop()
            if item.__class__ in _SCALARS or id(item) in seen:
                continue
            seen.add(id(item))
            waiting.extend(self._let_go(item))
        self.steps_left -= len(seen) >> 4

    def _let_go(self, value: Value) -> Iterable[Value]:
        """Mark one value as escaped; what can be reached from it."""
        if isinstance(value, Tensor):
            value.leaves = True
        elif isinstance(value, Layer):
            value.escaped = True
            if value.wraps is not None:
                value.wraps.escaped = True
        elif isinstance(value, SomeLayer):
            if isinstance(value.owner, Instance):
                return (value.owner,)
            models.use(self, value)
        elif isinstance(value, Unknown):
            tensor = self._unknown_tensors.get(value.key)
            if tensor is not None:
                tensor.leaves = True
        elif isinstance(value, Composite):
            value.exposed = True
            model_events.lost(self, value)
        elif isinstance(value, (list, tuple, set, frozenset)):
            return value
        elif isinstance(value, dict):
            return value.values()
        elif isinstance(value, Instance):
            return self._let_instance_go(value)
        elif isinstance(value, Bound):
            return (value.receiver,)
        elif isinstance(value, Partial):
            return (value.function, *value.args, *value.keywords.values())
        elif isinstance(value, Method):
            if not (isinstance(value.receiver, Composite) and value.name in model_events.WEIGHTS):
                return (value.receiver,)
            value.receiver.exposed = True  # who has its weights does not compile it
        elif isinstance(value, Function):
            return (*value.defaults.values(), *_captured(value))
        return ()

    def _let_instance_go(self, instance: Instance) -> Iterable[Value]:
        model_events.lost(self, instance)
        if instance.layer is not None:
            instance.layer.escaped = True
        if instance.composite is not None:
            instance.composite.exposed = True
        held = [*instance.attributes.values(), *instance.unnamed]
        return () if instance.read else held

    def uses_parameters(self) -> bool:
        """Whether a parameter of the root was used as a tensor."""
        return any(t.origin is Origin.PARAMETER for t in self._unknown_tensors.values()) or any(
            tensor.origin is Origin.PARAMETER
            for model in self.open_receivers.values()
            for tensor in model.inputs
        )

    def note_facts(self, layer: Layer) -> None:
        """Record the flags that the running function was called with, and those of its object, for
        the layer it builds.
        """
        function = None if self.frame is None else self.frame.function
        if function is None or self.frame is None:
            return
        names = self.frame.names
        flags: list[tuple[str, bool | Unknown]] = []
        given = {param.name: names.get(param.name, self) for param in function.node.params.params}
        owner = given.get("self")
        held = owner.attributes if isinstance(owner, Instance) else {}
        for name, value in {**held, **given}.items():
            if value is True or value is False:
                flags.append((name, value))
            elif value is None:
                flags.append((name, False))
            elif value.__class__ is Unknown and value.from_parameter:
                flags.append((name, value))
        self._flags[layer] = flags

    def facts(self) -> dict[Layer, Facts]:
        """The recorded flags, including those that this world has chosen since."""
        made = self.decisions.made
        chosen = {
            key[1]: made[key][1] for key in made if isinstance(key, tuple) and key[0] == "truth"
        }
        known: dict[Layer, Facts] = {}
        for layer, flags in self._flags.items():
            told = [
                (name, chosen.get(value.key) if isinstance(value, Unknown) else value)
                for name, value in flags
            ]
            known[layer] = tuple([(name, value) for name, value in told if value is not None])
        return known

    def question_about(self, value: Unknown, question: Hashable, predicate: str) -> Unknown | bool:
        """A yes-or-no question about an unknown value: the same one each time it is asked."""
        condition = Condition(("ask", value.key, question), value.label, predicate)
        return comparisons.asked(self, value, condition)

    def current_frame(self) -> Frame:
        """The frame of the innermost function that runs."""
        assert self.frame is not None
        return self.frame


def _captured(function: Function) -> Iterator[Value]:
    """What a function closes over and may use when it is called; of an object only what it names.

    A function that is called somewhere else may call those it closes over in turn.
    """
    scope = function.closure
    mentions = mentions_of(function.node) if scope is not None and not scope.is_module else ()
    names = set(mentions)
    while names and scope is not None and not scope.is_module:
        for name in names & scope.names.keys():
            value = scope.names[name]
            if isinstance(value, Instance):
                yield from (value.attributes[each] for each in mentions if each in value.attributes)
            else:
                yield value
        names -= scope.names.keys()
        scope = scope.outer


@lru_cache(maxsize=4096)
def mentions_of(node: ir.FunctionDef | ir.Lambda) -> frozenset[str]:
    """The names and the names of attributes that a function reads."""
    if isinstance(node, ir.FunctionDef):
        return node.mentions
    found = set()
    for part in ir.walk((node.body,)):
        if isinstance(part, ir.Name):
            found.add(part.id)
        elif isinstance(part, ir.Attribute):
            found.add(part.attr)
    return frozenset(found)


@lru_cache(maxsize=1024)
def _equality(left: ir.Expr, right: ir.Expr) -> ir.Compare:
    return ir.Compare(left, ("==",), (right,))


@lru_cache(maxsize=1024)
def _is_item(node: ir.Subscript, key: Value) -> ir.Compare:
    """Whether a subscript asks for this key."""
    return ir.Compare(node.index, ("==",), (ir.Const(key),))


def _index_of(node: ir.Expr, index: Value) -> Value:
    """An index with ``np.newaxis`` as what it is."""
    if isinstance(node, ir.Tuple) and isinstance(index, tuple):
        return tuple(_index_of(each, part) for each, part in zip(node.elts, index, strict=False))
    return None if isinstance(node, ir.Attribute) and node.attr == "newaxis" else index


def _asks_for_norms(target: ir.Expr, value: ir.Expr) -> bool:
    """Whether it is ``layer.trainable = not isinstance(layer, BatchNormalization)``."""
    return (
        isinstance(target, ir.Attribute)
        and target.attr == "trainable"
        and not isinstance(value, (ir.Const, ir.Name))
        and choosing.is_about_normalization(value)
    )


def _reaches_globals(frame: Frame, name: str) -> bool:
    """Whether no function around binds the name."""
    scope = frame.outer
    while scope is not None and not scope.is_module:
        if name in scope.names or scope.declared:
            return False
        scope = scope.outer
    return True


def _expects_failure(callee: ir.Expr) -> bool:
    name = callee.attr if isinstance(callee, ir.Attribute) else getattr(callee, "id", "")
    return name == "raises" or name.startswith("assertRaises")


_WITH_WEIGHTS: Final = frozenset({Method, KerasMember})  # what the weights of a model can be

_OPERATORS: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
}

_STATEMENTS: Final[dict[type[ir.Stmt], Callable[[Interpreter, Value, Frame], int]]] = {
    ir.ExprStmt: Interpreter._expression,
    ir.Assign: Interpreter._assign,
    ir.AugAssign: Interpreter._augmented,
    ir.Return: Interpreter._return,
    ir.Raise: Interpreter._raise,
    ir.Assert: Interpreter._assert,
    ir.Break: Interpreter._break,
    ir.Continue: Interpreter._continue,
    ir.Delete: Interpreter._delete,
    ir.Scope: Interpreter._scope,
    ir.If: Interpreter._if,
    ir.For: Interpreter._for,
    ir.While: Interpreter._while,
    ir.Try: Interpreter._try,
    ir.With: Interpreter._with,
    ir.Match: Interpreter._match,
    ir.Import: Interpreter._import,
    ir.ImportFrom: Interpreter._import_from,
    ir.FunctionDef: Interpreter._function,
    ir.ClassDef: Interpreter._class,
}

_EXPRESSIONS: Final[dict[type[ir.Expr], _Evaluate]] = {
    ir.Expr: Interpreter._unmodelled,
    ir.Starred: Interpreter._unmodelled,
    ir.Const: Interpreter._constant,
    ir.Name: Interpreter._name,
    ir.Attribute: Interpreter._attribute,
    ir.Subscript: Interpreter._subscript,
    ir.Slice: Interpreter._slice,
    ir.Call: calls.evaluate_call,
    ir.BinOp: Interpreter._binary,
    ir.UnaryOp: Interpreter._unary,
    ir.BoolOp: Interpreter._boolean,
    ir.Compare: Interpreter._compare,
    ir.IfExp: Interpreter._conditional,
    ir.Tuple: Interpreter._tuple,
    ir.List: Interpreter._list,
    ir.Set: Interpreter._set,
    ir.Dict: Interpreter._dict,
    ir.JoinedStr: Interpreter._joined,
    ir.Lambda: Interpreter._lambda,
    ir.Comprehension: Interpreter._comprehension,
    ir.NamedExpr: Interpreter._walrus,
    ir.Yield: Interpreter._yield,
}
Interpreter.expressions = _EXPRESSIONS
