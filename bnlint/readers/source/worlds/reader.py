"""Reads one file: decides where to start, runs every start in its worlds, hands over the graphs.

A start is a *root*: the module body first, then the functions and classes that nothing has
reached, callers before callees; last, with every parameter unknown, those whose layers are still
unbuilt (`docs/design.md`, "Worlds").
"""

from __future__ import annotations

import enum
import os
import re
import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeAlias

from bnlint import keras_api
from bnlint.findings import Location, Outcome
from bnlint.graph import UNKNOWN, Layer, LayerGraph
from bnlint.keras_api.versions.target import Target
from bnlint.queries import is_batch_normalization, is_updated_by_ops, reading_outcome
from bnlint.queries.shapes import settle_format
from bnlint.readers.source.interpreter import imports
from bnlint.readers.source.interpreter.decisions import (
    DATA_FORMAT,
    Agenda,
    Asked,
    Decisions,
    turns_on,
)
from bnlint.readers.source.interpreter.frames import Cut, Frame, Raised
from bnlint.readers.source.interpreter.interpreter import (
    MOST_STEPS_IN_A_WORLD,
    Facts,
    Interpreter,
)
from bnlint.readers.source.interpreter.keras_calls import model_events, models, updates
from bnlint.readers.source.interpreter.values import Class, Condition, Function
from bnlint.readers.source.interpreter.versions import ALL, Versions
from bnlint.readers.source.modules import Module, Project
from bnlint.readers.source.parsing import program as ir
from bnlint.readers.source.parsing.outline import TopLevel
from bnlint.readers.source.worlds.builders import CONSTRUCTOR, mark_relevant
from bnlint.readers.source.worlds.endings import (
    format_of,
    leave_cut,
    leave_idle_parts,
    leave_instances,
    leave_module,
    resolve_arguments,
)
from bnlint.readers.source.worlds.formats import (
    agrees_on_axis_1,
    axes_differ,
    looks_channels_first,
    mentions_setter,
    presumes_axis_1,
    run_at_import,
)
from bnlint.readers.source.worlds.private_imports import private_imports
from bnlint.readers.source.worlds.sites import lines_of_classes, lines_of_functions, text_sites
from bnlint.readers.source.worlds.starts import (
    run_class,
    run_forgotten,
    run_function,
    run_local_classes,
    run_unbuilt,
)
from bnlint.readers.source.worlds.version_guards import guarded_target, refusals

MOST_WORLDS: Final = 12
_WORLDS_WITHOUT_NEWS: Final = 3
_WORLDS_WITHOUT_NEWS_ONCE_SETTLED: Final = 2
_WORLDS_WITHOUT_NEWS_OF_DEFAULTS: Final = 1
# A costly root gets few worlds, a cheap one as many as it has something new to say in.
_WORLDS_OF_ANY: Final = 4
_STEPS_OF_CHEAP_ROOTS: Final = 60_000
_MOST_STEPS_IN_A_ROOT: Final = 1_000_000
_MOST_STEPS_IN_A_FILE: Final = 3_000_000
# A file that constructs no normalization is read for what it does with those of others.
_MOST_STEPS_OF_A_CALLER: Final = 30_000
_MOST_STEPS_IN_A_CALLING_FILE: Final = 90_000
# Straight-line code needs about this many steps for each of its nodes, however long it is.
_STEPS_FOR_A_NODE: Final = 30
_MOST_CALLERS: Final = 40
_QUOTED: Final = '"{}"'
_RECURSION_LIMIT: Final = 12_000

_KERAS_BASE: Final = re.compile(r"\Aclass[ \t]+\w+[ \t]*\([^()]*(?:Model|Layer)\b")
_BACKEND: Final = re.compile(r"KERAS_BACKEND[\"']?\]?\s*[=,:]\s*[\"'](\w+)")
_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)?")
_TOKENS: Final = re.compile(r"[\w-]+|[^\w-]+")


class Tier(enum.IntEnum):
    """How much a run tells about a place; the lowest that saw it counts."""

    CALLED = 0  # reached by a call from something whole: module code, or what builds on an Input
    ROOT = 1  # started with its defaults, or reached from a function that is open-ended itself
    OPEN = 2  # started with every parameter unknown
    BEYOND = 3  # reached by a call from what was started so


@dataclass(frozen=True, slots=True)
class World:
    """One run and what it built.

    Attributes:
        graph: what a rule reads.
        decisions: the choices it stands on.
        root_lines: the lines of the root in its own file: what lies elsewhere was reached by a
            call.
        tier: of places inside the root's lines.
        open_ended: a parameter was used as a tensor, so that nobody knows what the root is part of.
        facts: the flags that a function was called with, by the layer that it constructed.
        versions: those that its guards let through.
        guards: the tests that show this, each with its line.
    """

    graph: LayerGraph
    decisions: Mapping[Hashable, tuple[Condition, bool]]
    root_lines: tuple[int, int]
    tier: Tier
    open_ended: bool
    facts: Mapping[Layer, Facts]
    versions: Versions = ALL
    guards: tuple[tuple[ir.Expr, int], ...] = ()

    def target(self, known: Callable[[], Target | None]) -> tuple[Target | None, bool]:
        """The Keras that this world is for, and whether the known one gets here.

        Args:
            known: returns the Keras that the file is for.
        """
        return guarded_target(self.versions, self.guards, known)

    def is_own(self, location: Location, module: Module) -> bool:
        """Whether a place is in what the run started with, and not reached by a call."""
        first, last = self.root_lines
        return (
            location.filename == module.filename and first <= module.lines.number(location) <= last
        )

    def tier_of(self, location: Location, module: Module) -> Tier:
        if self.is_own(location, module):
            return self.tier
        if self.tier is Tier.OPEN:
            return Tier.BEYOND
        return Tier.ROOT if self.open_ended else Tier.CALLED


Judge: TypeAlias = Callable[[World], bool]
"""Given a world, tells whether it said anything that the root's earlier worlds had not."""


@dataclass(slots=True)
class Reading:
    """What came of reading a file, besides the graphs.

    Attributes:
        outcomes: how the reading of each BatchNormalization construction ended.
        models: how many models were built at different places.
        improvements: how often a run got further with a construction than those before.
    """

    outcomes: dict[Location, Outcome] = field(default_factory=dict)
    models: int = 0
    improvements: int = 0

    def note(self, location: Location, outcome: Outcome) -> None:
        """Keep the best outcome of all runs."""
        known = self.outcomes.get(location)
        if known is None or _RANKS[outcome] < _RANKS[known]:
            self.outcomes[location] = outcome
            self.improvements += 1


_RANKS: Final = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(slots=True)
class _Root:
    """A place to start: a top-level statement, or the whole module body.

    Attributes:
        statement: none for the module body.
        tier: of what is in its lines.
        lines: the first and the last.
        callers_of: run the methods and nested functions that mention one of these, whatever they
            build.
    """

    statement: TopLevel | None
    tier: Tier
    lines: tuple[int, int]
    callers_of: frozenset[str] = frozenset()


class Reader:
    """Reads one module of a project.

    Args:
        module: the file.
        project: where its imports are followed.
        start: called at the beginning of each root; verdicts of different roots are compared only
            after each root's worlds were.
        judge: called with each world.
        suspected: where something is wrong in a world of this root. Where all is fine, fewer
            worlds are worth their time.
        doubted: the places that looked wrong in a world of this root, and would not in another.
        whole_loops: read every turn of a loop, for who wants the model as it is built and not only
            what is wrong with it.
        expected: returns the versions that the file is for.
    """

    def __init__(
        self,
        module: Module,
        project: Project,
        start: Callable[[], None],
        judge: Judge,
        *,
        suspected: Callable[[], Collection[Location]] = tuple,
        doubted: Callable[[], Collection[Location]] = tuple,
        whole_loops: bool = False,
        expected: Callable[[], Versions] = lambda: 0,
    ) -> None:
        self.module = module
        self.reading = Reading()
        self._project = project
        self._start = start
        self._judge = judge
        self._suspected = suspected
        self._doubted = doubted
        self._whole_loops = whole_loops
        self._found = False
        self._site_lines: list[int] = []
        self._handed_on: list[int] = []
        self._tried_formats = False
        self._barren: set[object] = set()
        self._ran: set[ir.FunctionDef | ir.Lambda] = set()
        self._steps_left = 0
        self._cut = False
        self._started: set[TopLevel | None] = set()
        self._sets_format = mentions_setter(module.text)
        self._setters = run_at_import(module, project)
        self._axis_1 = presumes_axis_1(module.text)
        self._refusals = refusals(module)
        self._private_imports = private_imports(module)
        self._expected = expected

    def read(self) -> Reading:
        """Run everything worth running."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
        try:
            self._read()
        finally:
            sys.setrecursionlimit(limit)
        return self.reading

    def _read(self) -> None:
        sites = text_sites(self.module)
        self._site_lines = [self.module.lines.number(location) for location in sites]
        self._site_lines += lines_of_functions(self.module)
        self._handed_on = lines_of_classes(self.module)
        most = _MOST_STEPS_IN_A_FILE if self._site_lines else _MOST_STEPS_IN_A_CALLING_FILE
        self._steps_left = most + self._steps_for_text()
        for location in sites:
            self.reading.note(location, Outcome.NEVER_BUILT)
        if imports.is_another_framework(self.module):
            return
        if all(s.kind == "import" or not s.loads for s in self.module.outline.statements):
            return  # a package that only passes on what others define
        mark_relevant(self._project, self.module)
        relevant = self.module.relevant
        if self._is_program(relevant):
            lines = (1, self.module.outline.statements[-1].end_line)
            self._run(_Root(None, Tier.CALLED, lines))
        order = _callers_first(
            [
                s
                for s in relevant
                if s.kind == "def"
                or (s.kind == "class" and (_names_layers(s) or _trains(s, relevant)))
            ]
        )
        # They say what layers of the project's own are made with, and cost as much as all others.
        others = (s for s in relevant if s.kind == "class" and s not in order)
        order += sorted(filter(self._is_keras_class, others), key=lambda s: s.line)
        shapes: set[str] = set()
        for statement in order:
            if not self._reached(statement) and not self._is_twin(statement, shapes):
                self._run(_Root(statement, Tier.ROOT, (statement.line, statement.end_line)))
        for statement in order:
            if self._unsettled((statement.line, statement.end_line)):
                self.reopen(statement)
        if self._cut:
            for location, outcome in self.reading.outcomes.items():
                if outcome is Outcome.NEVER_BUILT:
                    self.reading.outcomes[location] = Outcome.CUT

    def _is_program(self, relevant: set[TopLevel]) -> bool:
        """Whether the module body itself builds models; a package's __init__ only passes on."""
        passes_on = os.path.basename(self.module.path) == "__init__.py"
        return any(
            s.kind == "other" and s in relevant and not (passes_on and not _names_layers(s))
            for s in self.module.outline.statements
        )

    def _is_keras_class(self, statement: TopLevel) -> bool:
        """Whether a class derives from a layer or model, by the name of its base."""
        lines = self.module.outline.lines[statement.line - 1 : statement.end_line]
        return _KERAS_BASE.search("\n".join(lines)) is not None

    def reopen(self, statement: TopLevel) -> None:
        """Run a function or class once more with every parameter unknown."""
        self._run(_Root(statement, Tier.OPEN, (statement.line, statement.end_line)))

    def statement_at(self, line: int) -> TopLevel | None:
        """The top-level function or class that a line is in."""
        return _statement_at(self.module, line)

    def _is_twin(self, statement: TopLevel, shapes: set[str]) -> bool:
        """Whether a function only calls builders, just as one that was run, with other numbers.

        `EfficientNetB1` says nothing of the blocks that `EfficientNetB0` has not said, nor
        `ViT_Large` what `ViT_Small` has not.
        """
        if statement.kind != "def" or any(map(keras_api.public_name, statement.loads)):
            return False
        lines = self.module.outline.lines[statement.line - 1 : statement.end_line]
        own_name = _letters(statement.name or "")
        others = (
            "" if _letters(word) == own_name else word for word in _TOKENS.findall("\n".join(lines))
        )
        shape = _NUMBERS.sub("0", "".join(others))
        if shape in shapes:
            return True
        shapes.add(shape)
        return False

    def _reached(self, statement: TopLevel) -> bool:
        if statement.kind != "def":
            return False
        block = statement.lower()
        return any(isinstance(node, ir.FunctionDef) and node in self._ran for node in block)

    def _unsettled(self, lines: tuple[int, int]) -> list[tuple[int, Outcome]]:
        """The constructions on ``lines`` that were not understood so far, and how they ended."""
        number = self.module.lines.number
        return [
            (number(location), outcome)
            for location, outcome in self.reading.outcomes.items()
            if outcome is not Outcome.UNDERSTOOD
            and location.filename == self.module.filename
            and lines[0] <= number(location) <= lines[1]
        ]

    def _hidden(self) -> list[Location]:
        """What was not built yet: the default of a parameter may hide it."""
        outcomes = self.reading.outcomes.items()
        return [location for location, how in outcomes if how is Outcome.NEVER_BUILT]

    def _hidden_or_suspected(self) -> Collection[Location]:
        return [*self._suspected(), *self._hidden()]

    def _hides_a_site(self, decisions: Decisions) -> bool:
        """Whether a question that a default answered was asked where something was not built."""
        is_near = self._near(self._hidden)
        asked = decisions.asked_in.items()
        return any(is_near(where) for key, where in asked if decisions.made[key][0].is_presumed)

    def _hands_on(self, root: _Root) -> bool:
        """Whether the root gives the class itself to somebody, ``norm=BatchNormalization``."""
        return any(root.lines[0] <= line <= root.lines[1] for line in self._handed_on)

    def _near(
        self, places: Callable[[], Collection[Location]], *, in_all_files: bool = False
    ) -> Callable[[Asked], bool]:
        """Whether a choice stands in a function or class of one of these layers."""

        @cache
        def spans(module: Module) -> list[tuple[int, int]]:
            found = []
            for location in places():
                if location.filename == module.filename:
                    statement = _statement_at(module, module.lines.number(location))
                    found.append((statement.line, statement.end_line) if statement else (0, 0))
            return found

        def is_near(asked: Asked) -> bool:
            module, line = asked
            if module is not self.module and not in_all_files:
                return False
            return isinstance(module, Module) and any(
                first <= line <= last for first, last in spans(module)
            )

        return is_near

    def read_callers(self, helpers: Iterable[str]) -> None:
        """Run what calls one of ``helpers`` and was not run, since it builds no normalization.

        Args:
            helpers: functions, methods and classes, by the names that their callers write.
        """
        names = set(helpers)
        names |= {line.alias for line in self.module.imports if line.name in names}
        waiting = list(self.module.outline.statements)
        for _ in range(_MOST_CALLERS if names else 0):
            found = next((s for s in waiting if self._may_call(s, names)), None)
            if found is None:
                return
            waiting.remove(found)
            # Code that calls the caller may go on where this one ends.
            names |= found.binds
            self._read_caller(found, frozenset(names))

    def _may_call(self, statement: TopLevel, names: set[str]) -> bool:
        if statement.kind == "import" or names & statement.loads:
            return statement.kind != "import"
        if "getattr" not in statement.loads:
            return False
        text = "\n".join(self.module.outline.lines[statement.line - 1 : statement.end_line])
        return any(_QUOTED.format(name) in text.replace("'", '"') for name in names)

    def _read_caller(self, statement: TopLevel, names: frozenset[str]) -> None:
        lines = (statement.line, statement.end_line)
        if statement.kind == "class":
            self._run(_Root(statement, Tier.ROOT, lines, names | {"getattr"}))
        elif statement.kind == "def":
            if statement not in self._started and not self._reached(statement):
                self._run(_Root(statement, Tier.ROOT, lines, names))
        elif None not in self._started:
            self._run(_Root(None, Tier.CALLED, (1, self.module.outline.statements[-1].end_line)))

    # One root

    def _run(self, root: _Root) -> None:
        self._started.add(root.statement)
        self._start()
        self._found = False
        agenda = Agenda(self._barren)
        budget = _MOST_STEPS_IN_A_ROOT + self._steps_for_text()
        worlds = quiet = survivors = spent = 0
        patience = _WORLDS_WITHOUT_NEWS
        doubting = hidden = False
        while worlds < MOST_WORLDS:
            planned = agenda.next(patient=quiet < patience)
            if planned is None and not doubting and (self._found or hidden):
                agenda.doubt_defaults()
                doubting, quiet = True, 0
                planned = agenda.next(patient=True)
            if planned is None or (worlds >= _WORLDS_OF_ANY and spent > _STEPS_OF_CHEAP_ROOTS):
                break
            forced, flipped = planned
            if self._steps_left <= 0 or spent >= budget:
                self._cut = True
                break
            interpreter, finished = self._world(root, forced, ignore_raise=False)
            worlds += 1
            spent += interpreter.steps_spent
            self._steps_left -= interpreter.steps_spent
            finished = finished and self._complete(interpreter)
            news = finished and self._hand_over(interpreter, root)
            survivors += finished
            unsettled = self._unsettled(root.lines)
            hidden = self._hides_a_site(interpreter.decisions)
            if self._found and DATA_FORMAT.key in forced:
                self._tried_formats = False  # it is worth a look from the other roots too
            conditional = turns_on(interpreter.decisions, self._site_lines) or self._hands_on(root)
            if unsettled or hidden or self._found or conditional or not survivors:
                unread = [line for line, how in unsettled if how is Outcome.NEVER_BUILT]
                patience = _WORLDS_WITHOUT_NEWS if unsettled else _WORLDS_WITHOUT_NEWS_ONCE_SETTLED
                if doubting:
                    patience = _WORLDS_WITHOUT_NEWS_OF_DEFAULTS
                agenda.plan(
                    forced,
                    interpreter.decisions,
                    unread,
                    self._near(self._doubted),
                    self._near(self._hidden_or_suspected, in_all_files=True),
                )
            elif DATA_FORMAT.key in interpreter.decisions.made and not self._tried_formats:
                # All is fine under the usual data format; once in a file, look at the other.
                self._tried_formats = True
                patience = 1
                agenda.clear()
                agenda.add({DATA_FORMAT.key: not DATA_FORMAT.default})
            elif not forced and (passed := interpreter.decisions.about_a_format()) is not None:
                patience = 1
                agenda.clear()
                agenda.add({passed.key: not passed.default})
            else:
                agenda.clear()
            interpreter.dispose()
            if not finished:
                continue
            quiet = 0 if news else quiet + 1
            if news:
                agenda.telling.update(forced)
            elif list(forced) == [DATA_FORMAT.key]:
                self._barren.add(DATA_FORMAT.key)
            elif not (flipped is None or conditional or DATA_FORMAT.key in forced):
                self._barren.add(flipped)
        if not survivors and worlds:
            # Every world raises: a check that we misjudge. Read on after it.
            interpreter, finished = self._world(root, {}, ignore_raise=True)
            if finished:
                self._complete(interpreter)
                self._hand_over(interpreter, root)
            interpreter.dispose()

    def _steps_for_text(self) -> int:
        return _STEPS_FOR_A_NODE * self.module.outline.node_count

    def _world(
        self, root: _Root, forced: Mapping[Hashable, bool], *, ignore_raise: bool
    ) -> tuple[Interpreter, bool]:
        most = MOST_STEPS_IN_A_WORLD if self._site_lines else _MOST_STEPS_OF_A_CALLER
        steps = most + self._steps_for_text()
        interpreter = Interpreter(
            self._project,
            forced,
            steps=steps,
            ignore_raise=ignore_raise,
            whole_loops=self._whole_loops,
        )
        interpreter.expected = self._expected
        interpreter.callers_of = root.callers_of
        frame = Frame(self.module, {}, is_module=True)
        interpreter.frame = frame
        finished = True
        try:
            self._enter(interpreter, root, frame)
        except Raised:
            finished = False
        except (Cut, RecursionError):
            interpreter.graph.complete = False
            leave_cut(interpreter)
            self._cut = True
        self._ran.update(interpreter.ran)
        return interpreter, finished

    def _enter(self, interpreter: Interpreter, root: _Root, frame: Frame) -> None:
        for module, statement in self._setters:
            if root.statement is not None or module is not self.module:
                names = imports.globals_of(interpreter, module)
                interpreter.run_block(statement.lower(), Frame(module, names, is_module=True))
        for node in self._refusals:
            interpreter.heed_refusal(node, frame)
        if root.statement is None:
            self._run_module(interpreter)
            return
        value = imports.global_value(interpreter, self.module, root.statement.name or "")
        is_open = root.tier is Tier.OPEN
        if isinstance(value, Function):
            result = run_function(interpreter, value, is_open=is_open)
            run_forgotten(interpreter)
            run_local_classes(interpreter, frame)
            run_unbuilt(interpreter, frame)
            interpreter.escape(result)
        elif isinstance(value, Class):
            run_class(interpreter, value, frame, is_open=is_open)
            run_unbuilt(interpreter, frame)
        models.settle(interpreter)

    def _run_module(self, interpreter: Interpreter) -> None:
        interpreter.main = self.module
        names = imports.globals_of(interpreter, self.module)
        frame = Frame(self.module, names, is_module=True)
        interpreter.frame = frame
        loaded: set[str] = set()
        try:
            for statement in self.module.outline.statements:
                if statement.kind in ("def", "class"):
                    loaded |= statement.loads
                    names.pop(statement.name or "", None)
                else:
                    interpreter.run_block(statement.lower(), frame)
        finally:
            run_forgotten(interpreter)
            run_unbuilt(interpreter, frame)
            leave_module(interpreter, names, loaded)
            models.settle(interpreter)

    def _complete(self, interpreter: Interpreter) -> bool:
        """Finish the graph; return whether Keras would build its models."""
        leave_instances(interpreter)
        leave_idle_parts(interpreter)
        resolve_arguments(interpreter)
        model_events.finish(interpreter)
        graph = interpreter.graph
        graph.events += self._private_imports
        graph.image_data_format = format_of(interpreter)
        if graph.image_data_format is UNKNOWN:
            self._doubt_format(interpreter)
        settle_format(interpreter.calls[: interpreter.sizes_hold_until], graph)
        return graph.can_be_built is not False

    def _hand_over(self, interpreter: Interpreter, root: _Root) -> bool:
        """Note what became of each BatchNormalization, let the rules judge."""
        graph = interpreter.graph
        backend = _BACKEND.search(self.module.text) if graph.events else None
        graph.backend = backend[1] if backend else ""
        graph.drops_updates = any(map(is_updated_by_ops, graph.layers)) and self._drops_updates()
        before = self.reading.improvements
        for layer in graph.layers:
            if is_batch_normalization(layer) and not layer.is_class and layer.location.filename:
                self.reading.note(layer.location, reading_outcome(layer, graph))
        built = [model for model in interpreter.composites if model.kind != models.PIPELINE]
        self.reading.models = max(self.reading.models, len(built))
        world = World(
            graph,
            interpreter.decisions.made,
            root.lines,
            root.tier,
            interpreter.uses_parameters(),
            interpreter.facts(),
            interpreter.versions,
            tuple(interpreter.guards),
        )
        news = self._judge(world)
        self._found = bool(self._suspected()) or axes_differ(graph)
        return news or self.reading.improvements > before

    def _doubt_format(self, interpreter: Interpreter) -> None:
        """Note where the default data format must not be presumed, as the file shows another or
        may set one.
        """
        graph = interpreter.graph
        if self._axis_1 and agrees_on_axis_1(graph):
            if looks_channels_first(graph):
                graph.image_data_format = "channels_first"
            else:
                graph.format_is_doubtful = True
        elif interpreter.decisions.turned_channels_first or (
            self._sets_format and interpreter.image_data_format is None
        ):
            graph.format_is_doubtful = True

    def _drops_updates(self) -> bool:
        others = [path for path in self._project.looked_at if path != self.module.path]
        return updates.are_dropped(self.module.text, map(self._project.text_of, others))


# What is worth running


def _names_layers(statement: TopLevel) -> bool:
    """Whether a class has to do with layers itself, and not only with what builds models.

    A trainer or a task is as relevant as the function that builds its model, and that one is read.
    """
    return any(CONSTRUCTOR.search(name) or keras_api.layer_named(name) for name in statement.loads)


def _trains(statement: TopLevel, relevant: Iterable[TopLevel]) -> bool:
    """Whether a class trains what a function beside it builds."""
    loads = statement.loads
    return not model_events.TRAINING.isdisjoint(loads) and any(
        other.kind == "def" and other.name in loads for other in relevant
    )


def _callers_first(statements: Iterable[TopLevel]) -> list[TopLevel]:
    """Order functions and classes so that callers come before what they call."""
    by_name: dict[str, TopLevel] = {}
    listed = list(statements)
    listed.sort(key=lambda statement: statement.line)
    for statement in listed:
        if statement.name:
            by_name[statement.name] = statement
    order: list[TopLevel] = []
    done: set[TopLevel] = set()

    def visit(statement: TopLevel, depth: int) -> None:
        if statement in done or depth > 200:
            return
        done.add(statement)
        for name in sorted(statement.loads):
            callee = by_name.get(name)
            if callee is not None and callee is not statement:
                visit(callee, depth + 1)
        order.append(statement)

    for statement in reversed(listed):
        visit(statement, 0)
    order.reverse()
    return order


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _statement_at(module: Module, line: int) -> TopLevel | None:
    for statement in module.outline.statements:
        if statement.line <= line <= statement.end_line and statement.kind in ("def", "class"):
            return statement
    return None
