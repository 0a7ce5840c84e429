"""Merges what rules report for each graph into one verdict for each place in the source.

A place is judged in every world of a root, then in every root, then in every file that reaches it.
What holds in all worlds where the layer exists is definite; what holds exactly when one choice is
made one way is conditional; anything else is dropped (`docs/design.md`, "Worlds").
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias

from bnlint.findings import Finding, Location, Related
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.versions.target import Target
from bnlint.queries import (
    Helper,
    absorbers,
    bias_is_seen,
    helpers_around,
    helpers_behind_bias,
    is_dropped,
)
from bnlint.readers.source.worlds.presumptions import CALLERS
from bnlint.repair import UNTOLD, agreed
from bnlint.rule import Options, Problem, Rule

if TYPE_CHECKING:
    from bnlint.graph.events import Event

_MOST_RELATED: Final = 6
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_CALLED, _ROOT, _BEYOND = 0, 1, 3
"""3 is the tier of code that a function calls while it is read with unknown parameters. Others call
that code too, so the function's parameters cannot be a condition there."""
_ABSENCE: Final = frozenset({"BN101"})
_SUPPOSED: Final = Target((3,), "if that is what you use")


_Facts: TypeAlias = tuple[tuple[str, bool], ...]


class State(enum.IntEnum):
    """The result of one root for one place."""

    HOLDS = 0
    WHEN = 1  # under one condition
    MIXED = 2  # of some layers built there
    NOT = 3
    ABSENT = 4  # the layer is dropped while a model is built, so there is nothing to judge
    UNTOLD = 5  # under conditions that are not one choice


class Verdict(NamedTuple):
    """The result of one rule for one place, from the reading of one file.

    Attributes:
        code: the rule's code.
        location: the place judged: where the layer is constructed.
        tier: how real the context was: 0 called, 1 started with defaults, 2 all parameters unknown,
            3 reached from another function that was started as 1 or 2.
        state: a :class:`State`.
        finding: the finding, where it holds.
        facts: the flags that every call of the enclosing function has, as ``(name, value)``.
        is_settled: other callers of the enclosing function can't change it.
        helpers: the functions that pass on its layer or tensor before the verdict is settled.
        flag: for a finding under a flag: the flag, and its value there.
    """

    code: str
    location: Location
    tier: int
    state: int
    finding: Finding | None = None
    facts: tuple[tuple[str, bool], ...] = ()
    is_settled: bool = False
    helpers: tuple[Helper, ...] = ()
    flag: tuple[str, bool] | None = None


class Choice(Protocol):
    """What a choice must know about itself."""

    @property
    def label(self) -> str: ...

    @property
    def predicate(self) -> str: ...

    @property
    def is_of_one_turn(self) -> bool: ...

    @property
    def is_presumed(self) -> bool: ...

    @property
    def is_unread(self) -> bool: ...

    def text(self, answer: bool) -> str: ...


class _Judged:
    """The result of one rule for one place in one world."""

    def __init__(
        self, decisions: Mapping[Hashable, tuple[Choice, bool]], *, is_meant: bool
    ) -> None:
        self.decisions = decisions
        self.is_meant = is_meant
        self.problems: list[Problem] = []
        self.facts: list[tuple[bool, _Facts]] = []  # each layer: holds, flags
        self.tier = _BEYOND
        self.helpers: set[Helper] = set()
        self.presumes: set[str] = set()
        self.is_denied = False  # by something that no caller can change

    @property
    def holds(self) -> bool:
        return bool(self.problems) and len(self.problems) == len(self.facts)


class _World(NamedTuple):
    """What all judgements of one world share; see :meth:`Root.judge`.

    Attributes:
        placed: the place of each subject, and its tier.
    """

    graph: LayerGraph
    decisions: Mapping[Hashable, tuple[Choice, bool]]
    tier_of: Callable[[Location], int]
    facts: Mapping[Layer, _Facts]
    is_own: Callable[[Location], bool]
    is_meant: bool
    placed: dict[Layer | Event, tuple[int, int]]


class Root:
    """Collects what rules report in the worlds of one root.

    Attributes:
        suspected: where one of them has a problem, and the other layers that the problem is about.
        doubted: the layers that are unused in one world, and may be used in another.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._places: dict[Location, int] = {}  # numbers, since a Location is slow to hash
        self._worlds: dict[tuple[str, int], list[_Judged]] = {}
        self._patterns: dict[tuple[str, int], set[bool | None]] = {}
        self._supposed: Root | None = None
        self._decisions: list[Mapping[Hashable, tuple[Choice, bool]]] = []
        self.suspected: set[Location] = set()
        self.doubted: set[Location] = set()

    def judge(
        self,
        graph: LayerGraph,
        decisions: Mapping[Hashable, tuple[Choice, bool]],
        tier_of: Callable[[Location], int],
        facts: Mapping[Layer, _Facts],
        options: Options,
        *,
        is_own: Callable[[Location], bool],
        is_meant: bool = True,
    ) -> bool:
        """Let every rule judge every layer and event; return whether anything is new.

        Args:
            graph: what the world built.
            decisions: the choices that lead to this world.
            tier_of: how real the context of a place was.
            facts: the flags that a function was called with, by the layer that it constructed.
            options: the settings that rules may read, and which Keras this world is for.
            is_own: whether a place is in the function that the run started with.
            is_meant: ``False`` where guards in the program exclude this world for the Keras it is
                for. Such a world counts only for what no other world builds.
        """
        self._decisions.append(decisions)
        dropped = {layer for layer in graph.layers if is_dropped(layer, graph)}
        world = _World(graph, decisions, tier_of, facts, is_own, is_meant, {})
        other = world._replace(placed={})
        search = options.search
        supposed = options._replace(known_target=_SUPPOSED, search=None)
        news = False
        for rule in self._rules:
            if search is not None:
                search.asked_in_vain = False
            said = self._judgements(rule, graph, options, dropped)
            is_new, has_problem = self.hear(rule, world, said)
            news = news or is_new
            if search is not None and search.asked_in_vain and not has_problem:
                self._supposed = self._supposed or Root(self._rules)
                self._supposed.hear(rule, other, self._judgements(rule, graph, supposed, dropped))
        return news

    def hear(
        self,
        rule: Rule,
        world: _World,
        judgements: Iterable[tuple[Layer | Event, bool, Problem | None]],
    ) -> tuple[bool, bool]:
        """Record what a rule reports in a world.

        Returns:
            Whether that is new, and whether there is a problem.
        """
        said: dict[int, _Judged] = {}
        news = False
        for subject, applies, problem in judgements:
            if subject not in world.placed:
                where = subject.location
                number = self._places.setdefault(where, len(self._places))
                world.placed[subject] = (number, world.tier_of(where))
            place, tier = world.placed[subject]
            judged = said.get(place)
            if judged is None:
                judged = said[place] = _Judged(world.decisions, is_meant=world.is_meant)
            judged.tier = min(judged.tier, tier)
            if not applies:
                continue
            flags = world.facts.get(subject, ()) if isinstance(subject, Layer) else ()
            judged.facts.append((problem is not None, flags))
            if isinstance(subject, Layer):
                _look_around(judged, rule, subject, world, problem)
            if problem is not None:
                self.suspected.add(subject.location)
                self.suspected.update(related.location for related in problem.related)
                if rule.code in _ABSENCE:
                    self.doubted.add(subject.location)
                judged.problems.append(problem)
        for place, judged in said.items():
            key = (rule.code, place)
            self._worlds.setdefault(key, []).append(judged)
            if not judged.facts:
                continue
            seen = self._patterns.setdefault(key, set())
            if judged.holds not in seen:
                seen.add(judged.holds)
                news = True
        for (code, place), seen in self._patterns.items():
            # A problem of another world is absent here: look at what that depends on.
            is_gone = code == rule.code and True in seen and place not in said
            if is_gone and None not in seen:
                seen.add(None)
                news = True
        return news, any(judged.problems for judged in said.values())

    def _judgements(
        self, rule: Rule, graph: LayerGraph, options: Options, dropped: set[Layer]
    ) -> Iterator[tuple[Layer | Event, bool, Problem | None]]:
        """The layers and events of a rule: whether it judges each, and the problem, if any."""
        for layer in rule.candidates(graph):
            if not layer.location.filename:
                continue
            if rule.applies(layer, graph, options):
                yield layer, True, next(iter(rule.check(layer, graph, options)), None)
            elif layer in dropped:
                yield layer, False, None
        if graph.events:
            for event, problem in rule.judged_events(graph, options):
                yield event, True, problem

    def supposed_verdicts(self) -> list[Verdict]:
        """What rules would report if an unknown Keras were Keras 3."""
        return [] if self._supposed is None else self._supposed.verdicts()

    def verdicts(self) -> list[Verdict]:
        """One verdict for each rule and place that this root saw."""
        rules = {rule.code: rule for rule in self._rules}
        places = list(self._places)
        return [
            _verdict(rules[code], places[place], worlds, self._decisions)
            for (code, place), worlds in self._worlds.items()
        ]


def _look_around(
    judged: _Judged, rule: Rule, layer: Layer, world: _World, problem: Problem | None
) -> None:
    """Record the helpers whose callers may change the result, and whether no caller can."""
    if problem is not None:
        if rule.claims_redundant_bias:
            for each in (layer, *absorbers(layer, world.graph)):
                judged.presumes.update(each.presumes)
            judged.helpers.update(helpers_behind_bias(layer, world.graph))
        elif rule.code in _ABSENCE:
            judged.helpers.update(helpers_around(layer))
    elif rule.claims_redundant_bias and judged.tier == _ROOT and not world.is_own(layer.location):
        judged.is_denied |= bias_is_seen(layer, world.graph)


def _verdict(
    rule: Rule,
    location: Location,
    worlds: list[_Judged],
    every: Iterable[Mapping[Hashable, tuple[Choice, bool]]],
) -> Verdict:
    verdict = _unsettled_verdict(rule, location, worlds)
    if verdict.state == State.HOLDS and verdict.finding is not None and not rule.definite_only:
        choice = _where_it_is(worlds, every)
        if choice is not None:
            finding = verdict.finding._replace(when=choice[0].text(choice[1]))
            verdict = verdict._replace(finding=finding)
    helpers = tuple(sorted({helper for judged in worlds for helper in judged.helpers}))
    presumes = {name for judged in worlds for name in judged.presumes}
    if rule.claims_redundant_bias and not all(helper.is_private for helper in helpers):
        presumes.add(CALLERS.name)
    if verdict.finding is not None and presumes:
        finding = verdict.finding._replace(presumes=tuple(sorted(presumes)))
        verdict = verdict._replace(finding=finding)
    if any(judged.is_denied for judged in worlds) and verdict.tier == _ROOT:
        # The bias has an effect in the function that calls this one, whoever calls that function.
        verdict = verdict._replace(tier=_CALLED)
    return verdict._replace(helpers=helpers)


def _where_it_is(
    worlds: list[_Judged], every: Iterable[Mapping[Hashable, tuple[Choice, bool]]]
) -> tuple[Choice, bool] | None:
    """The name of unknown value that decides whether the place is reached at all.

    A reader of the code sees this of a parameter; such a name may always have the same value.
    """
    there = [judged.decisions for judged in worlds]
    elsewhere = [made for made in every if not any(made is each for each in there)]
    if not elsewhere:
        return None
    for key, (choice, answer) in there[0].items():
        if choice.is_unread and all(
            key in made and (made[key][1] == answer) == any(made is each for each in there)
            for made in (*there, *elsewhere)
        ):
            return choice, answer
    return None


def _unsettled_verdict(rule: Rule, location: Location, worlds: list[_Judged]) -> Verdict:
    # Only the worlds with the most real context of the place count.
    tier = min(judged.tier for judged in worlds)
    worlds = [judged for judged in worlds if judged.tier == tier and judged.facts]
    worlds = [judged for judged in worlds if judged.is_meant] or worlds
    if not worlds:
        return Verdict(rule.code, location, tier, State.ABSENT)
    holding = [judged for judged in worlds if judged.holds]
    problems = [problem for judged in worlds for problem in judged.problems]
    each = [pair for judged in worlds for pair in judged.facts]
    facts = _common(facts for _, facts in each)
    if not problems:
        return Verdict(rule.code, location, tier, State.NOT, facts=facts)
    finding = finding_of(rule, problems)
    if len(holding) == len(worlds):
        settled = all(problem.is_settled for problem in problems)
        return Verdict(rule.code, location, tier, State.HOLDS, finding, facts, settled)
    choice = None if rule.definite_only or not holding else _deciding_choice(worlds)
    if choice is None and not rule.definite_only:
        choice = _parting_flag(each)
    if choice is None:
        # If all layers within each world agree, the worlds differ, not the callers.
        alike = all(judged.holds or not judged.problems for judged in worlds)
        state = State.UNTOLD if alike else State.MIXED
        return Verdict(rule.code, location, tier, state, facts=facts)
    finding = _conditional(finding, *choice)
    flag = (choice[0].label, choice[1]) if choice[0].predicate == "true" else None
    return Verdict(rule.code, location, tier, State.WHEN, finding, facts, flag=flag)


def _common(facts: Iterable[_Facts]) -> _Facts:
    """The flags that were the same each time."""
    shared: set[tuple[str, bool]] | None = None
    for each in facts:
        shared = set(each) if shared is None else shared & set(each)
    return tuple(sorted(shared or ()))


class _Flag(NamedTuple):
    """A parameter with different values in real calls: a choice that the callers make."""

    label: str
    predicate: str = "true"
    is_of_one_turn: bool = False
    is_presumed: bool = False
    is_unread: bool = False

    def text(self, answer: bool) -> str:
        return f"`{self.label}` is {'true' if answer else 'false'}"


def _parting_flag(each: Iterable[tuple[bool, _Facts]]) -> tuple[Choice, bool] | None:
    """The one flag whose value decides exactly which layers have the problem."""
    pairs = [(holds, dict(facts)) for holds, facts in each]
    for name in sorted({name for _, facts in pairs for name in facts}):
        values = {(holds, facts.get(name)) for holds, facts in pairs}
        for answer in (True, False):
            if values == {(True, answer), (False, not answer)}:
                return _Flag(name), answer
    return None


def _deciding_choice(worlds: list[_Judged]) -> tuple[Choice, bool] | None:
    """The one choice whose answer decides exactly where the finding holds."""
    holding = next(judged for judged in worlds if judged.holds)
    for key, (choice, answer) in holding.decisions.items():
        if choice.is_of_one_turn:
            continue  # a user cannot set this for the place as a whole
        matches = all(
            judged.holds == (key in judged.decisions and judged.decisions[key][1] == answer)
            for judged in worlds
        )
        if matches:
            return choice, answer
    return None


def _conditional(finding: Finding, choice: Choice, answer: bool) -> Finding:
    text, opposite = finding.help, UNTOLD
    if _DOTTED.fullmatch(choice.label):
        opposite = _opposite(choice, answer=answer)
        if finding.help_when and opposite != UNTOLD:
            text = finding.help_when.format(opposite=opposite)
    repair = finding.repair and finding.repair.only_unless(opposite)
    return finding._replace(when=choice.text(answer), help=text, repair=repair)


def _opposite(choice: Choice, *, answer: bool) -> str:
    """An expression that is true where the choice is made the other way."""
    if choice.predicate == "true" and not answer and choice.is_presumed:
        return f"bool({choice.label})"  # its default is no flag
    if choice.predicate == "true":
        return f"not {choice.label}" if answer else choice.label
    if choice.predicate == "None":
        return f"{choice.label} is {'not ' * answer}None"
    if choice.predicate[0] in "'\"" or choice.predicate.isdecimal():
        return f"{choice.label} {'!=' if answer else '=='} {choice.predicate}"
    return UNTOLD


def finding_of(rule: Rule, problems: list[Problem]) -> Finding:
    """One finding for one place, from the problems that a rule reports for the layers there."""
    first = problems[0]
    related: dict[Location, Related] = {}
    for problem in problems:
        for place in problem.related:
            if place.location.filename:
                related.setdefault(place.location, place)
    return Finding(
        rule.code,
        rule.name,
        first.severity if first.severity is not None else rule.severity,
        first.location if first.location is not None else first.subject.location,
        first.message,
        help=first.help,
        help_when=first.help_when,
        related=tuple(sorted(related.values(), key=lambda place: place.location))[:_MOST_RELATED],
        repair=agreed(problem.repair for problem in problems),
    )


def combine(verdicts: Iterable[Verdict]) -> tuple[State, Finding | None]:
    """One result of one rule for one place, from all the roots and files that reached it.

    The most real context counts. Where contexts of one kind disagree, the function itself, read
    with unknown parameters, may show the condition that separates them.
    """
    by_tier: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_tier.setdefault(verdict.tier, []).append(verdict)
    tiers = sorted(by_tier)
    nearest = [verdict for verdict in by_tier[tiers[0]] if verdict.state != State.ABSENT]
    if not nearest:
        return State.NOT, None
    state, finding = _agree(nearest)
    if state is State.NOT:
        return _under_other_arguments(nearest, [by_tier[tier] for tier in tiers[1:]])
    if nearest[0].code in _ABSENCE and state is State.HOLDS:
        if all(verdict.is_settled for verdict in nearest):
            return state, finding
        # A layer that is unused in the known calls may be used in others.
        dead = all(_agree(by_tier[tier])[0] is State.HOLDS for tier in tiers)
        return (state, finding) if dead else (State.MIXED, None)
    if state is State.MIXED and all(verdict.state != State.UNTOLD for verdict in nearest):
        told = _told_apart(nearest)
        if told is not None:
            return State.WHEN, told
        for tier in tiers[1:]:
            other, conditional = _agree(by_tier[tier])
            if other is State.WHEN and tier != _BEYOND:
                return other, conditional
    return state, finding


def _under_other_arguments(
    called: list[Verdict], others: list[list[Verdict]]
) -> tuple[State, Finding | None]:
    """The finding under a flag to which no known call gives the value with the problem.
    Another caller may do so, because that is the purpose of a flag.

    Args:
        called: verdicts of the known calls, which have no problem.
        others: verdicts of less real contexts, tier by tier.
    """
    for verdicts in others:
        state, finding = _agree(verdicts)
        flags = {each.flag for each in verdicts if each.state == State.WHEN}
        if state is State.WHEN and len(flags) == 1 and verdicts[0].tier != _BEYOND:
            flag = flags.pop()
            if flag is not None and all((flag[0], not flag[1]) in c.facts for c in called):
                return state, finding
    return State.NOT, None


def _told_apart(verdicts: list[Verdict]) -> Finding | None:
    """The finding under a flag, where the callers' values of it separate those that hold."""
    if any(verdict.state not in (State.HOLDS, State.NOT) for verdict in verdicts):
        return None
    each = [(verdict.state == State.HOLDS, verdict.facts) for verdict in verdicts]
    flag = _parting_flag(each)
    finding = _merged([verdict for verdict in verdicts if verdict.state == State.HOLDS])
    return None if flag is None or finding is None else _conditional(finding, *flag)


def _agree(verdicts: list[Verdict]) -> tuple[State, Finding | None]:
    states = {State(verdict.state) for verdict in verdicts} - {State.ABSENT}
    if states == {State.HOLDS}:
        return State.HOLDS, _merged(verdicts)
    if states <= {State.NOT}:
        return State.NOT, None
    if states <= {State.HOLDS, State.WHEN}:
        conditional = [v for v in verdicts if v.state == State.WHEN]
        whens = {v.finding.when for v in conditional if v.finding is not None}
        if len(whens) == 1:
            return State.WHEN, conditional[0].finding
    return State.MIXED, None


def _merged(verdicts: list[Verdict]) -> Finding | None:
    findings = [v.finding for v in verdicts if v.finding is not None]
    first = min(findings, key=lambda finding: finding.sort_key)
    related = {place.location: place for finding in findings for place in finding.related}
    ordered = tuple(related[location] for location in sorted(related))
    repair = agreed(finding.repair for finding in findings)
    presumes = tuple(sorted({name for finding in findings for name in finding.presumes}))
    return first._replace(related=ordered[:_MOST_RELATED], repair=repair, presumes=presumes)
