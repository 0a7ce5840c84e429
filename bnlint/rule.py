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
    """What a rule may ask of the settings.

    Attributes:
        order: ``"bn-first"``, ``"activation-first"``, ``"consistent"`` or ``"off"``.
        order_is_set: the user chose it; the default is information only.
        known_target: the version of Keras that the code is for, where the user tells.
        finds_target: where he doesn't, the project may be asked.
        search: looks for it where nobody told.
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
    """What rules may ask of ``settings``."""
    target = None if settings.target_keras is None else set_to(settings.target_keras)
    return Options(settings.order, settings.order_is_set, target, settings.finds_target)


class Problem(NamedTuple):
    """What a rule says of one layer, or of one event, in one graph.

    The linter compares what is said at one location over all graphs and makes one finding of it.

    Attributes:
        subject: the layer or event the finding is counted for.
        message: what is wrong here, in one line.
        location: what it points at; the subject's own place where ``None``.
        help: what to write instead, in one line.
        help_when: the same where it holds under a condition only; ``{opposite}`` stands for an
            expression that is true when the finding does not hold.
        related: other layers it is about, with what they are in it.
        severity: other than the rule's default.
        repair: what is to be done about it, where a machine can do it.
        is_settled: it is so whatever else may call the function that it stands in.
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
        code: stable for ever, ``"BN201"``.
        name: ``"redundant-bias"``; with the code it is the folder's name.
        summary: one line for ``--list-rules`` and the table of the README.
        severity: the default.
        needles: a file without any of these words has nothing for the rule.
        definite_only: drop what holds only under a condition.
        claims_redundant_bias: each finding claims that the layer's bias never trains, which
            ``--prove`` measures.
        reads_weights: it judges trained weights, so it has nothing to say of source.
        preview: off unless asked for, because its precision on real code is not known, or not high
            enough. Written as ``preview = True`` on a line of its own, which is looked for in the
            text, so that nothing has to be imported to know it.
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
        """The layers worth asking :meth:`applies` about; all of them, if not overridden."""
        return graph.layers

    def applies(self, layer: Layer, graph: LayerGraph, options: Options) -> bool:
        """Whether ``layer`` is one that :meth:`check` would judge at all.

        A layer that is not judged (a convolution whose bias is off by its own flag) neither
        supports a finding at its location nor speaks against it.
        """
        raise NotImplementedError

    def check(self, layer: Layer, graph: LayerGraph, options: Options) -> Iterator[Problem]:
        """Yield what is wrong with ``layer``, one that :meth:`applies` to."""
        raise NotImplementedError

    def judged_events(
        self, graph: LayerGraph, options: Options
    ) -> Iterable[tuple[Event, Problem | None]]:
        """Each event that the rule judges, with what is wrong with it, if anything is.

        Args:
            graph: one that has events.
            options: what may be asked of the settings.
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
    """A rule about what is done with models. Derive, and write :meth:`judged_events`.

    There are events in source alone, so it has nothing to say of built models.
    """

    needles = Rule.needles
