"""The class that every rule derives from, built-in or a user's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from bnlint.findings import Location, Related, Severity
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api.versions.target import Target, set_to
from bnlint.repair import Repair
from bnlint.settings import Settings

if TYPE_CHECKING:
    from bnlint.graph.events import Event
    from bnlint.settings.target_keras import Search


class Options(NamedTuple):
    """The settings that a rule may read.

    Attributes:
        order: ``"bn-first"``, ``"activation-first"``, ``"consistent"`` or ``"off"``.
        order_is_set: the user chose it; the default is information only.
        known_target: the version of Keras that the code is for, if the user set it.
        finds_target: if the user did not, it may be looked for in the project.
        search: looks for the version if the user did not set it.
    """

    order: str = "bn-first"
    order_is_set: bool = False
    known_target: Target | None = None
    finds_target: bool = True
    search: Search | None = None

    @property
    def target(self) -> Target | None:
        """The version of Keras that the code is for, where it is known."""
        if self.known_target is not None or self.search is None:
            return self.known_target
        return self.search.target


def options_of(settings: Settings) -> Options:
    """The part of ``settings`` that rules may read."""
    target = None if settings.target_keras is None else set_to(settings.target_keras)
    return Options(settings.order, settings.order_is_set, target, settings.finds_target)


class Problem(NamedTuple):
    """What a rule reports for one layer, or for one event, in one graph.

    The linter compares the problems at one location in all graphs and makes one finding of them.

    Attributes:
        subject: the layer or event that the finding is counted for.
        message: what is wrong here, in one line.
        location: the place to report; the subject's own place where ``None``.
        help: what to write instead, in one line.
        help_when: the help for a finding that holds under a condition only; ``{opposite}`` stands
            for an expression that is true when the finding does not hold.
        related: other layers that the problem is about, each with its role.
        severity: other than the rule's default.
        repair: how to repair it, where a machine can do it.
        is_settled: other callers of the enclosing function can't change it.
    """

    subject: Layer | Event
    message: str
    location: Location | None = None
    help: str = ""
    help_when: str = ""
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    repair: Repair | None = None
    is_settled: bool = False


class Rule:
    """One check. Derive, set the attributes, write :meth:`check`.

    Attributes:
        code: never changes, ``"BN201"``.
        name: ``"redundant-bias"``; with the code it is the folder's name.
        summary: one line for ``--list-rules`` and the table of the README.
        severity: the default.
        needles: the rule finds nothing in a file without any of these words.
        definite_only: drop findings that hold only under a condition.
        claims_redundant_bias: each finding claims that the layer's bias never trains, which
            ``--prove`` measures.
        reads_weights: it judges trained weights, so it reports nothing for source.
        preview: off unless selected, because its precision on real code is unknown or too low.
            Write ``preview = True`` on a line of its own: bnlint searches the text of the file for
            it, and does not need to import the rule.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    severity: ClassVar[Severity]
    needles: ClassVar[tuple[bytes, ...]] = (b"atchNorm", b"atch_norm")
    definite_only: ClassVar[bool] = False
    claims_redundant_bias: ClassVar[bool] = False
    reads_weights: ClassVar[bool] = False
    preview: ClassVar[bool] = False

    def candidates(self, graph: LayerGraph) -> Iterable[Layer]:
        """The layers to call :meth:`applies` with; all of them, if not overridden."""
        return graph.layers

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        """Whether ``layer`` is one that :meth:`check` would judge at all.

        A layer that is not judged (a convolution whose bias is off by its own flag) neither
        supports a finding at its location nor speaks against it.
        """
        raise NotImplementedError

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        """Yield the problems of ``layer``, for which :meth:`applies` is true."""
        raise NotImplementedError

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterable[tuple[Event, Problem | None]]:
        """Each event that the rule judges, with its problem, if there is one.

        Args:
            graph: a graph with events.
            options: the settings that the rule may read.
        """
        del graph, options
        return ()


class LintingRule(Rule):
    """A rule that judges no layer: the linter itself reports it."""

    needles: ClassVar[tuple[bytes, ...]] = ()

    def candidates(self, graph: LayerGraph) -> Iterable[Layer]:
        del graph
        return ()


class EventRule(LintingRule):
    """A rule about events, such as ``fit``. Derive, and write :meth:`judged_events`.

    Only source has events, so such a rule reports nothing for built models.
    """

    needles = Rule.needles
