"""Choices: which side a run takes where the program branches on something unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bnlint.readers.source.interpreter.inert import lines_of
from bnlint.readers.source.interpreter.values import Condition, Unknown, Value
from bnlint.readers.source.parsing.program import Expr, If, IfExp

DATA_FORMAT = Condition(
    "data format",
    "image_data_format()",
    "channels_first",
    default=False,
    otherwise="channels_last",
)
"""The backend's image data format: a choice like any other, which every module shares."""


Asked: TypeAlias = tuple[object, int]
"""A module, and the line of a function in it."""


@dataclass(slots=True)
class Decisions:
    """The answers of one world.

    Attributes:
        forced: the answers this world was started with.
        made: every question asked in it with its answer, in the order of asking.
        fixed: answers that are not worth a world of their own to flip.
        nodes: where in the program each question was first asked.
        branches: the ``if`` that turned on each, and whether its body was taken.
        asked_in: the module, and the line of the function, where each was first asked.
        here: where the run is, for ``asked_in``.
        consulted: how often a question was asked; tells whether a value depends on a choice.
    """

    forced: Mapping[Hashable, bool]
    made: dict[Hashable, tuple[Condition, bool]] = field(default_factory=dict)
    fixed: set[Hashable] = field(default_factory=set)
    nodes: dict[Hashable, object] = field(default_factory=dict)
    branches: dict[Hashable, tuple[If | IfExp, bool]] = field(default_factory=dict)
    asked_in: dict[Hashable, Asked] = field(default_factory=dict)
    here: Asked | None = None
    consulted: int = 0
    _by_subject: dict[Hashable, list[tuple[str, Value, bool]]] = field(default_factory=dict)

    def decide(
        self,
        condition: Condition,
        node: object = None,
        branch: If | IfExp | None = None,
        *,
        negated: bool = False,
    ) -> bool:
        """The answer to ``condition`` in this world; asked for the first time, it is a choice.

        Args:
            condition: the question.
            node: where it is asked.
            branch: the ``if`` that turns on it.
            negated: its body is run when the answer is no.
        """
        self.consulted += 1
        known = self.known(condition)
        if known is not None:
            return known
        answer = self.forced.get(condition.key, condition.default)
        self.nodes[condition.key] = node
        if branch is not None and not condition.is_presumed:
            self.branches.setdefault(condition.key, (branch, answer != negated))
        if self.here is not None:
            self.asked_in[condition.key] = self.here
        self._record(condition, answer)
        return answer

    def is_given(self, unknown: Unknown) -> bool:
        """Whether this world is one in which a caller passes something for a parameter."""
        subjects = (key[1] for key in self.forced if isinstance(key, tuple) and len(key) > 1)
        return any(_is_of(subject, unknown.key) for subject in subjects)

    def settle(self, condition: Condition, answer: bool) -> None:
        """Fix an answer that no other world should flip: the other side only raises."""
        if self.known(condition) is None:
            self._record(condition, answer)
            self.fixed.add(condition.key)

    def known(self, condition: Condition) -> bool | None:
        """The answer where it was given before or follows from one that was."""
        made = self.made.get(condition.key)
        if made is not None:
            return made[1]
        if not isinstance(condition.key, tuple):
            return None
        kind, subject, *rest = condition.key
        for other, constant, answer in self._by_subject.get(subject, ()):
            implied = _implied(kind, rest[0] if rest else None, other, constant, answer)
            if implied is not None:
                return implied
        return None

    def value_of(self, unknown: Unknown) -> Value:
        """``unknown`` as a constant where this world's answers determine it, else itself."""
        value = self._determined(unknown)
        self.consulted += value is not unknown
        return value

    def _determined(self, unknown: Unknown) -> Value:
        if unknown.condition is not None:
            known = self.known(unknown.condition)
            return unknown if known is None else known != unknown.negated
        for kind, constant, answer in self._by_subject.get(unknown.key, ()):
            if kind == "format":
                return constant if answer else FIRST_FORMATS[constant]
            if answer and kind == "eq":
                return constant
            if answer and kind == "none":
                return None
        return unknown

    def truth_of(self, unknown: Unknown) -> bool | None:
        """Whether ``unknown`` is true in this world, where a choice has determined it."""
        return self.known(truth(unknown)) if unknown.condition is None else None

    @property
    def turned_channels_first(self) -> bool:
        """Whether something other than the backend's setting was answered to be channels first."""
        return any(
            answer and isinstance(key, tuple) and key[0] == "format"
            for key, (_, answer) in self.made.items()
        )

    def about_a_format(self) -> Condition | None:
        """The first question about a data format that a caller passes."""
        asked = (condition for condition, _ in self.made.values())
        return next((each for each in asked if _is_about_a_format(each)), None)

    def _record(self, condition: Condition, answer: bool) -> None:
        self.made[condition.key] = (condition, answer)
        if isinstance(condition.key, tuple):
            kind, subject, *rest = condition.key
            self._by_subject.setdefault(subject, []).append(
                (kind, rest[0] if rest else None, answer)
            )


def _implied(kind: str, constant: Value, other: str, known: Value, answer: bool) -> bool | None:
    """What the answer to one question about a value says about another."""
    if other == "eq" and answer:
        if kind == "eq":
            return bool(known == constant)
        if kind == "none":
            return False
        if kind == "truth":
            return bool(known)
    if other == "none" and answer:
        return False if kind in ("eq", "truth") else None
    if other == "truth" and answer and kind == "none":
        return False
    return None


def truth(unknown: Unknown) -> Condition:
    """Whether ``unknown`` is true."""
    return _condition(("truth", unknown.key), unknown, default=unknown.default)


BACKEND: Final = "backend"
"""The key of what ``keras.backend.backend()`` returns."""


def equals(unknown: Unknown, constant: Value) -> Condition:
    """Whether ``unknown`` is that constant; the backend is TensorFlow where nothing is known."""
    usual = unknown.key != BACKEND or constant == "tensorflow"
    return _condition(("eq", unknown.key, constant), unknown, repr(constant), default=usual)


# Of many choices the ones with such names are tried first: there may not be worlds for all.
_ABOUT_NORMALISATION: Final = re.compile(r"norm|(?:\b|_)bn(?:\b|_)", re.IGNORECASE)
FIRST_FORMATS: Final = {"channels_first": "channels_last", "th": "tf"}
FORMATS: Final = {**FIRST_FORMATS, **{last: first for first, last in FIRST_FORMATS.items()}}
"""Data formats, each with the only other one there is."""


def is_format(unknown: Unknown, constant: str) -> Condition:
    """Whether a data format is the channels-first one: what is not the one is the other."""
    first = constant if constant in FIRST_FORMATS else FORMATS[constant]
    key, last = ("format", unknown.key, first), FIRST_FORMATS[first]
    return _condition(key, unknown, first, default=False, otherwise=last)


def is_none(unknown: Unknown) -> Condition:
    return _condition(("none", unknown.key), unknown, "None", default=False)


def _condition(
    key: Hashable,
    unknown: Unknown,
    predicate: str = "true",
    *,
    default: bool,
    otherwise: str = "",
) -> Condition:
    presumed = unknown.replaces_default
    return Condition(key, _label(unknown), predicate, default, otherwise, presumed)


def _label(unknown: Unknown) -> object:
    """Its name in a message: its own name, or the expression that it is the value of."""
    if unknown.label or not isinstance(unknown.key, tuple):
        return unknown.label
    return next((part for part in unknown.key if isinstance(part, Expr)), "a condition")


Planned: TypeAlias = tuple[dict[Hashable, bool], object]
"""A world to run: the answers to force, and the test whose answer is flipped."""


class Agenda:
    """The worlds of one root that are still to be run.

    Attributes:
        telling: questions whose other answer had something new to say; worlds that combine those
            go first.
    """

    def __init__(self, barren: AbstractSet[object]) -> None:
        """An agenda with the one world that forces nothing.

        Args:
            barren: questions, and tests that ask them, whose other answer changed no verdict when
                another root tried it.
        """
        self.telling: set[Hashable] = set()
        self._barren = barren
        self._promising: list[Planned] = [({}, None)]
        self._others: list[Planned] = []
        self._defaults: list[Planned] = []
        self._seen: set[frozenset[tuple[Hashable, bool]]] = {frozenset()}

    def next(self, *, patient: bool) -> Planned | None:
        """Take the next world; without patience only one that promises something."""
        if self._promising:
            return self._promising.pop(0)
        for index, (forced, _) in enumerate(self._others):
            if self.telling.issuperset(forced):
                return self._others.pop(index)
        return self._others.pop(0) if patient and self._others else None

    def doubt_defaults(self) -> bool:
        """Go on with what others may pass for the parameters whose defaults were presumed."""
        self._others, self._defaults = self._defaults, []
        return bool(self._others)

    def clear(self) -> None:
        self._promising.clear()
        self._others.clear()
        self._defaults.clear()

    def add(self, forced: dict[Hashable, bool]) -> None:
        self._others.append((forced, None))

    def plan(
        self,
        forced: Mapping[Hashable, bool],
        decisions: Decisions,
        unread: Sequence[int],
        may_clear: Callable[[Asked], bool],
        may_turn: Callable[[Asked], bool],
    ) -> None:
        """Add the worlds that follow on one: each choice it made anew, flipped alone.

        Args:
            forced: the answers that the world was started with.
            decisions: the answers that it gave.
            unread: the lines of what no world has built yet: a branch that holds one goes first.
            may_clear: whether what a function asks may clear something that looks wrong so far;
                such a choice is tried too, whatever it did in other roots.
            may_turn: whether what a function asks of its defaults may bear on something that looks
                wrong so far.
        """
        asked = [decisions.made[key][0] for key in forced if key in decisions.made]
        # One step from the defaults is far enough, but what is passed then may be this or that.
        passed = {_subject(condition) for condition in asked if condition.is_presumed}
        promising: list[Planned] = []
        for key, (condition, answer) in decisions.made.items():
            node = decisions.nodes.get(key)
            if key in forced or key in decisions.fixed:
                continue
            where = decisions.asked_in.get(key)
            if passed and _subject(condition) not in passed:
                continue
            is_default = condition.is_presumed and not _is_presumed_format(condition)
            if is_default and not (where is not None and may_turn(where)):
                continue
            near = where is not None and may_clear(where)
            if not near and (node in self._barren or key in self._barren):
                continue
            flipped = {**forced, key: not answer}
            mark = frozenset(flipped.items())
            if mark in self._seen:
                continue
            self._seen.add(mark)
            about = _ABOUT_NORMALISATION.search(condition.label) is not None
            if passed:
                promising.append((flipped, node))
            elif is_default:
                self._defaults.insert(0 if about else len(self._defaults), (flipped, node))
            elif near or about or _leads_to(decisions.branches.get(key), unread):
                promising.append((flipped, node))
            else:
                self._others.append((flipped, node))
        self._promising = [*promising, *self._promising]


def _is_presumed_format(condition: Condition) -> bool:
    key = condition.key
    return condition.is_presumed and isinstance(key, tuple) and key[0] == "format"


_ABOUT_FORMAT: Final = re.compile(
    r"channels?_?(?:first|last)|data_?format|n(?:chw|hwc)", re.IGNORECASE
)


def _is_about_a_format(condition: Condition) -> bool:
    if isinstance(condition.key, tuple) and condition.key[0] == "format":
        return True
    return condition.predicate == "true" and _ABOUT_FORMAT.search(condition.label) is not None


def _is_of(subject: object, key: Hashable) -> bool:
    """Whether a question is about an unknown, or about something made of it."""
    if subject == key:
        return True
    return isinstance(subject, tuple) and any(_is_of(part, key) for part in subject)


def _subject(condition: Condition) -> object:
    """What a question is about: the key of an unknown."""
    return condition.key[1] if isinstance(condition.key, tuple) else condition.key


def _leads_to(branch: tuple[If | IfExp, bool] | None, lines: Sequence[int]) -> bool:
    """Whether the side of a branch that was not taken holds any of ``lines``."""
    if branch is None:
        return False
    body, orelse = lines_of(branch[0])
    return any(line in (orelse if branch[1] else body) for line in lines)


def turns_on(decisions: Decisions, lines: Sequence[int]) -> bool:
    """Whether any choice decides about running one of ``lines``."""
    return any(
        line in side
        for branch, _ in decisions.branches.values()
        for side in lines_of(branch)
        for line in lines
    )
