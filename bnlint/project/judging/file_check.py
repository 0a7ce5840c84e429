"""Runs one file through the reader and the rules: the work of a worker; the cache keeps it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from bnlint.findings import Finding, Location, Outcome, Severity, Site
from bnlint.project.files.targets import is_notebook
from bnlint.project.judging import rule_book
from bnlint.project.judging.graph_check import findings_in
from bnlint.project.judging.verdicts import Root, State, Verdict, combine
from bnlint.queries import batch_normalizations, reading_outcome
from bnlint.readers.source.locating import ALONE, Standing
from bnlint.rule import Options, Rule
from bnlint.settings import target_keras
from bnlint.settings.reach import home

if TYPE_CHECKING:
    from bnlint.graph import LayerGraph
    from bnlint.readers.source.modules import Module, Project
    from bnlint.readers.source.parsing.broken import SyntaxProblem
    from bnlint.readers.source.parsing.outline import TopLevel
    from bnlint.readers.source.parsing.text import Lines
    from bnlint.readers.source.worlds.reader import Reader, World
    from bnlint.settings.target_keras.requirements import Requirement

_MOST_REOPENED: Final = 20
_CHARACTERS_BETWEEN_COLLECTIONS: Final = 10_000_000  # some 30 MB of garbage
_REOPENED: Final = frozenset({"BN101"})


class FileResult(NamedTuple):
    """All that is kept of one file after it was read; small, picklable, without trees and graphs.

    Attributes:
        filename: as the user named it.
        findings: those that depend on its own text alone (BN001).
        verdicts: the results of the rules for each place, also for places in other project files.
        sites: its BatchNormalization constructions, those of other files that it reaches, and how
            the reading of each ended.
        dependencies: absolute paths of the other project files it was read with, including paths
            that were looked for but do not exist; the cache entry depends on them.
        read: whether it was interpreted at all.
        models: how many models it builds.
        supposed: what rules would report if its Keras version, which is unknown, were Keras 3.
    """

    filename: str
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    sites: tuple[Site, ...] = ()
    dependencies: tuple[str, ...] = ()
    read: bool = False
    models: int = 0
    supposed: tuple[Verdict, ...] = ()


def check_file(
    filename: str,
    data: bytes,
    options: Options,
    codes: frozenset[str],
    *,
    rule_folders: tuple[str, ...] = (),
    standing: Standing = ALONE,
) -> FileResult:
    """Read one file and let the rules judge it.

    Args:
        filename: the file as the user named it; imports are followed from where it lies.
        data: its bytes; they need not be what lies on the disk (an editor's buffer, stdin).
        options: what the rules may ask of the settings.
        codes: the codes of the rules to ask.
        rule_folders: folders of a user's own rules.
        standing: where it stands in its project.
    """
    with _collector_paused():
        return _check(filename, data, options, _rules(codes, rule_folders), standing)


def check_graph(
    filename: str,
    graph: LayerGraph,
    options: Options,
    codes: frozenset[str],
    *,
    rule_folders: tuple[str, ...] = (),
    models: int = 1,
) -> FileResult:
    """Let the rules judge the graph of a model.

    Args:
        filename: the model file as the user named it.
        graph: of the model; see :func:`bnlint.project.judging.graph_check.judge`.
        options: what the rules may ask of the settings.
        codes: the codes of the rules to ask.
        rule_folders: folders of a user's own rules.
        models: how many models are in it.
    """
    rules = [*_rules(codes, rule_folders), *_rules_of_weights(codes, rule_folders)]
    found = (
        finding._replace(repair=None)  # there is no text to be edited
        for finding in findings_in(graph, rules, options)
    )
    sites = tuple(
        Site(layer.location, reading_outcome(layer, graph)) for layer in batch_normalizations(graph)
    )
    return FileResult(filename, tuple(found), sites=sites, read=True, models=models)


class Observer(Protocol):
    """Receives more of a reading than its findings."""

    def graph(self, graph: LayerGraph) -> None:
        """Called with each graph, before it is taken apart."""

    def result(self, result: FileResult) -> None:
        """Called with the result of reading a file."""


class _Session:
    """What a process keeps between the files of one run.

    Attributes:
        project: the modules that were read so far.
        unparted: characters read since the garbage collector last ran.
        buffers: by absolute path, files whose bytes differ from the disk, for files importing them.
        observer: sees every graph.
    """

    def __init__(self) -> None:
        self.project: Project | None = None
        self.unparted = 0
        self.buffers: Mapping[str, bytes] = {}
        self.observer: Observer | None = None


_session = _Session()


def start_run() -> None:
    """Forget what was read: the files may have changed since the last run of this process."""
    _session.project = None
    target_keras.forget()


@contextmanager
def reading(buffers: Mapping[str, bytes], observer: Observer | None = None) -> Iterator[None]:
    """Within this block, readings use ``buffers``, and ``observer`` receives their graphs.

    Args:
        buffers: by absolute path, the bytes of imported files where they differ from the disk.
        observer: works in this process only, not in workers.
    """
    _session.buffers, _session.observer = buffers, observer
    try:
        yield
    finally:
        _session.buffers, _session.observer = {}, None


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector; walking trees and graphs over and over costs as much as reading.

    Reference cycles are broken by hand. The rest (mostly classes and their methods) is collected
    from time to time, so that a run over a large tree stays small. It is new since the last
    collection, so the youngest generation is enough.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if _session.unparted > _CHARACTERS_BETWEEN_COLLECTIONS:
            _session.unparted = 0
            gc.collect(0)
        if collecting:
            gc.enable()


def _check(
    filename: str, data: bytes, options: Options, rules: Sequence[Rule], standing: Standing
) -> FileResult:
    from bnlint.readers.source.interpreter.versions import of_target as versions_of
    from bnlint.readers.source.modules import Project
    from bnlint.readers.source.parsing.notebook import NotANotebook, Notebook
    from bnlint.readers.source.parsing.text import Undecodable, decode
    from bnlint.readers.source.worlds.builders import building_of
    from bnlint.readers.source.worlds.reader import Reader
    from bnlint.settings.target_keras.notebooks import required_by

    project = _session.project
    if project is None or project.folder != home.current():
        project = _session.project = Project(_session.buffers)
    project.enter(standing.root, standing.sources)
    project.looked_at = {}
    lines: Lines | None = None
    environment: Iterable[Requirement] = ()
    broken: list[Finding] = []
    try:
        if is_notebook(filename):
            notebook = Notebook(filename, data)
            if not notebook.is_python:
                return FileResult(filename)
            text, lines = notebook.program, notebook.program_lines
            environment = required_by(notebook.runs)
            broken = [_syntax_error(cell.location, cell.message) for cell in notebook.problems]
        else:
            text = decode(data)
    except (Undecodable, NotANotebook) as error:
        where = Location(filename, error.line, error.column, error.line, error.column)
        return FileResult(filename, (_syntax_error(where, str(error)),))
    path = str(Path(filename).absolute())
    _session.unparted += len(text)
    project.trim()
    module = project.main(filename, path, text, lines)
    if standing.building is not None and module.building is None:
        module.building = building_of(module, standing.building)
    search = target_keras.Search(
        "\n".join(module.outline.lines),
        os.path.dirname(path) if options.finds_target else None,
        environment,
    )
    options = options._replace(search=search)
    broken += [
        _syntax_error(_problem_location(problem, module), problem.message)
        for problem in module.outline.problems
    ]
    judging = _Judging(module, project, rules, options)
    reader = Reader(
        module,
        project,
        judging.start,
        judging.world,
        suspected=judging.suspected,
        doubted=judging.doubted,
        expected=lambda: versions_of(options.target),
    )
    read = reader.read()
    judging.settle_differences(reader)
    sites = tuple(Site(location, outcome) for location, outcome in sorted(read.outcomes.items()))
    dependencies = tuple(dep for dep in (*project.looked_at, *search.looked_at) if dep != path)
    result = FileResult(
        filename,
        tuple(broken),
        tuple(judging.verdicts),
        sites,
        dependencies,
        True,
        read.models,
        tuple(judging.supposed),
    )
    if _session.observer is not None:
        _session.observer.result(result)
    return result


@lru_cache(maxsize=8)
def _rules(codes: frozenset[str], folders: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in _all_rules(codes, folders) if not rule.reads_weights)


def reads_weights(codes: frozenset[str], rule_folders: tuple[str, ...]) -> bool:
    """Whether one of these rules judges the weights of models."""
    return any(_rules_of_weights(codes, rule_folders))


def _rules_of_weights(codes: frozenset[str], folders: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in _all_rules(codes, folders) if rule.reads_weights)


def _all_rules(codes: frozenset[str], folders: tuple[str, ...]) -> Iterator[Rule]:
    book = rule_book.load(tuple(map(Path, folders)))
    return (book.rules[code].rule() for code in sorted(codes) if code in book.rules)


def _problem_location(problem: SyntaxProblem, module: Module) -> Location:
    where = module.line_location(problem.line)
    moved = where.line - problem.line
    return where._replace(
        column=problem.column,
        end_line=problem.end_line + moved,
        end_column=problem.end_column,
    )


def _syntax_error(location: Location, message: str) -> Finding:
    return Finding("BN001", "syntax-error", Severity.ERROR, location, message)


class _Judging:
    """Collects verdicts, one root after the other."""

    def __init__(
        self, module: Module, project: Project, rules: Sequence[Rule], options: Options
    ) -> None:
        self.verdicts: list[Verdict] = []
        self.supposed: list[Verdict] = []
        self._module = module
        self._project = project
        self._rules = rules
        self._options = options
        self._root: Root | None = None

    def start(self) -> None:
        self.finish()
        self._root = Root(self._rules)

    def finish(self) -> None:
        if self._root is not None:
            self.verdicts.extend(self._root.verdicts())
            self.supposed.extend(self._root.supposed_verdicts())
            self._root = None

    def world(self, world: World) -> bool:
        assert self._root is not None
        if _session.observer is not None:
            _session.observer.graph(world.graph)
        options, is_meant = self._options, True
        if world.guards:
            target, is_meant = world.target(lambda: self._options.target)
            options = options._replace(known_target=target, search=None)
        return self._root.judge(
            world.graph,
            world.decisions,
            lambda location: int(world.tier_of(location, self._module)),
            world.facts,
            options,
            is_own=lambda location: world.is_own(location, self._module),
            is_meant=is_meant,
        )

    def suspected(self) -> Collection[Location]:
        return () if self._root is None else self._root.suspected

    def doubted(self) -> Collection[Location]:
        return () if self._root is None else self._root.doubted

    def _helpers(self) -> set[str]:
        """The names of the helpers that findings depend on."""
        return {
            helper.name
            for verdict in self.verdicts
            if verdict.finding is not None
            for helper in verdict.helpers
        }

    def settle_differences(self, reader: Reader) -> None:
        """Read a function with unknown parameters where the verdict may depend on one of them:
        where its calls disagree, where a layer looks unused, and where all calls of this file agree
        but those of another file may not.
        """
        self.finish()
        reader.read_callers(self._helpers())
        self.finish()
        reopened: set[TopLevel] = set()
        for verdicts in list(grouped(self.verdicts).values()):
            location = verdicts[0].location
            if location.filename != self._module.filename or any(v.tier == 2 for v in verdicts):
                continue
            state, _ = combine(verdicts)
            if state is not State.MIXED and not (
                state is State.HOLDS and (verdicts[0].code in _REOPENED or verdicts[0].tier == 0)
            ):
                continue
            statement = reader.statement_at(self._module.lines.number(location))
            if statement is None or statement in reopened or len(reopened) >= _MOST_REOPENED:
                continue
            reopened.add(statement)
            reader.reopen(statement)
        self.finish()


def grouped(verdicts: Iterable[Verdict]) -> dict[tuple[str, Location], list[Verdict]]:
    """Verdicts by rule and place."""
    groups: dict[tuple[str, Location], list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict.code, verdict.location), []).append(verdict)
    return groups


def settle(
    results: Sequence[FileResult], belongs: Callable[[str, str], bool] = lambda *_: True
) -> list[Finding]:
    """One list of findings from the verdicts of all files for each place.

    A helper that one file defines and another calls is judged by both; concrete calls count more
    than possible ones. The list includes places in other files of the project, also in files that
    have no findings by themselves.

    Args:
        results: of all files that were read.
        belongs: given the file that was read and the file of a place, whether a verdict of the
            first about the second counts.
    """
    findings = [finding for result in results for finding in result.findings]
    every = (
        verdict
        for result in results
        for verdict in result.verdicts
        if belongs(result.filename, verdict.location.filename)
    )
    for verdicts in grouped(every).values():
        _, finding = combine(verdicts)
        if finding is not None:
            findings.append(finding)
    unique = {(finding.location, finding.code, finding.message): finding for finding in findings}
    return sorted(unique.values(), key=lambda finding: finding.sort_key)


def supposing(results: Sequence[FileResult]) -> list[FileResult]:
    """Results with the supposed verdicts instead of the real ones; only for files that have any."""
    return [
        FileResult(result.filename, verdicts=result.supposed)
        for result in results
        if result.supposed
    ]


def settle_sites(results: Sequence[FileResult], filenames: Collection[str]) -> list[Site]:
    """The constructions in some files, each with the best outcome of all readings."""
    ranks = {outcome: rank for rank, outcome in enumerate(Outcome)}
    best: dict[Location, Outcome] = {}
    for result in results:
        for site in result.sites:
            if site.location.filename not in filenames:
                continue
            known = best.get(site.location)
            if known is None or ranks[site.outcome] < ranks[known]:
                best[site.location] = site.outcome
    return [Site(location, outcome) for location, outcome in sorted(best.items())]
