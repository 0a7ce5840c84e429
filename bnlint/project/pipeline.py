"""The pipeline: targets to files, files to results, results to a report.

:func:`survey` looks at names and bytes only; most runs of an editor or of pre-commit end there, so
it imports nothing heavy. :meth:`Survey.report` reads what is left.
"""

from __future__ import annotations

import os

from bnlint.project.cache import Cache
from bnlint.project.files import prefilter
from bnlint.project.files.targets import Discovery, SourceFile
from bnlint.project.judging import selection
from bnlint.settings import Settings, SettingsFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bnlint.findings import Failure, Finding, Location, Report
    from bnlint.project.built_models import BuiltModels
    from bnlint.project.candidates import Scan
    from bnlint.project.files.source_lines import Texts
    from bnlint.project.index.plan import Plan
    from bnlint.project.judging.file_check import FileResult
    from bnlint.project.suppression.baseline import Baseline


class Survey:
    """What the names and bytes of the files show about a run.

    Attributes:
        files: all files, sorted by name.
        failures: ``(name, message)`` of what can't be looked at.
        candidates: the files that have to be read. Files that were not named are among them, for
            what they do with the named ones.
        scans: of all named files with source, by name.
        suppressing: the files that may hold suppressions of ours.
        callables: ``package.module:callable`` targets that are to be built.
        models: the saved models, which are read as well.
        baseline: findings that it lists are neither reported nor fixed.
        known: the findings left out because of the baseline, once there is a report.
        heeds_comments: findings that a comment suppresses are left out.
        beside: files that were not named; only what a named file causes in them is reported.
        plan: what is known of the files' projects; ``None`` where each file is read by itself.
    """

    def __init__(self, files: list[SourceFile], failures: list[tuple[str, str]]) -> None:
        self.files = files
        self.failures = failures
        self.candidates: list[Scan] = []
        self.scans: dict[str, Scan] = {}
        self.plan: Plan | None = None
        self.beside: dict[str, Scan] = {}
        self._brought: dict[str, set[tuple[str, Location]]] = {}
        self._roots: dict[str, str | None] | None = None
        self.suppressing: list[SourceFile] = []
        self.callables: list[str] = []
        self.baseline: Baseline | None = None
        self.known: list[Finding] = []
        self.heeds_comments = True
        self.models = [file for file in files if file.is_model]

    @property
    def is_empty(self) -> bool:
        """Nothing is left to be read, and nothing went wrong."""
        waiting = (self.candidates, self.suppressing, self.models, self.callables)
        return not (self.failures or any(waiting))

    def heed_baseline(self, settings: Settings) -> None:
        """Do not report findings in the baseline that the settings name, if any.

        Raises:
            SettingsError: it can't be read.
        """
        if settings.baseline is not None:
            settings.check_baseline()
            from bnlint.project.suppression.baseline import Baseline

            self.baseline = Baseline.read(settings.baseline)

    def report(
        self,
        cache: Cache,
        *,
        jobs: int | None = None,
        debug: bool = False,
        progress: Callable[[int, int], None] | None = None,
        fixes: bool = True,
    ) -> Report:
        """Read the candidates, let the rules judge, apply the suppressions.

        Args:
            cache: what earlier runs found.
            jobs: worker processes; as many as there are processors where ``None``.
            debug: put tracebacks into the failures.
            progress: called with the files done and all files to be read.
            fixes: write the fixes; they take as long as the reading where there are many.
        """
        from bnlint.findings import Failure, Report

        if not (self.candidates or self.suppressing or self.models):
            # Nothing to read: the reader and its dependencies are not imported.
            failed = (Failure(name, message) for name, message in self.failures)
            ordered = sorted(failed, key=lambda failure: failure.filename)
            return Report(failures=tuple(ordered), files=self._looked_at(ordered))
        results, failures = self.read(cache, jobs=jobs, debug=debug, progress=progress)
        if self.models:
            from bnlint.project.read_files import read_models

            found, failed_models = read_models(self.models, debug=debug)
            results += found
            failures += failed_models
        return self.settled(results, failures, fixes=fixes)

    def read(
        self,
        cache: Cache,
        *,
        jobs: int | None = None,
        debug: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[list[FileResult], list[Failure]]:
        """The reader's answers for all files that have to be read, and the files without an answer.
        Some files turn out to be needed only after others were read; they are included.
        """
        from bnlint.project.read_files import read_all

        results, failures = read_all(
            self.candidates, cache, jobs=jobs, debug=debug, progress=progress
        )
        if self.plan is None:
            return results, failures
        from bnlint.project.index.callers import brought_about, callers

        kinds = self._event_rules()
        self._brought = brought_about(results, self.scans, kinds)
        for name in sorted(self._brought):
            scan, wanted = self.plan.beside(os.path.abspath(name), cache)
            if scan is not None:
                self.beside[name] = scan
                results, failures = self._read_more(wanted, results, failures, cache, jobs, debug)
        told = self.scans | self.beside
        for index in self.plan.indexes.values():
            wanted = callers(index, results, told, cache, kinds)
            results, failures = self._read_more(wanted, results, failures, cache, jobs, debug)
        return results, failures

    def _read_more(
        self,
        scans: list[Scan],
        results: list[FileResult],
        failures: list[Failure],
        cache: Cache,
        jobs: int | None,
        debug: bool,
    ) -> tuple[list[FileResult], list[Failure]]:
        """Read more files, or read some in another way; the new answers replace the old ones."""
        from bnlint.project.read_files import read_all

        read = {scan.file.path: scan for scan in self.candidates}
        new = [scan for scan in scans if read.get(scan.file.path) is not scan]
        if not new:
            return results, failures
        self.candidates = sorted(
            {**read, **{scan.file.path: scan for scan in new}}.values(),
            key=lambda scan: scan.file.path,
        )
        self._roots = None
        again, failed = read_all(new, cache, jobs=jobs, debug=debug, progress=None, goes_on=True)
        by_name = {result.filename: result for result in (*results, *again)}
        ordered = [by_name[s.file.name] for s in self.candidates if s.file.name in by_name]
        return ordered, [*failures, *failed]

    def _event_rules(self) -> frozenset[str]:
        """The codes of the rules about what is done with models, not about layers."""
        from bnlint.rule import EventRule

        books = {scan.file.settings: None for scan in self.candidates}
        return frozenset(
            code
            for settings in books
            for code in selection.codes(settings)
            if issubclass(type(selection.book(settings).rules[code].rule()), EventRule)
        )

    def settled(
        self, results: list[FileResult], failures: list[Failure], *, fixes: bool = True
    ) -> Report:
        """The report that results from the answers of the reader."""
        from bnlint.findings import Failure, Report
        from bnlint.project.files.source_lines import Texts
        from bnlint.project.judging.file_check import settle_sites, supposing

        named = {file.name for file in self.files}
        failures = [failure for failure in failures if failure.filename in named]
        failures += [Failure(name, message) for name, message in self.failures]
        texts = Texts(self.buffers())
        findings = sorted(
            self._findings(results, failures, texts), key=lambda finding: finding.sort_key
        )
        findings = self._proven(findings)
        if self.baseline is not None:
            findings, self.known = self.baseline.parted(findings, texts)
        if fixes and any(finding.repair is not None for finding in findings):
            from bnlint.repair.proposing import with_fixes

            findings = self._trusted(with_fixes(findings, texts, self._users(results, texts)))
        told = {(finding.code, finding.location) for finding in findings}
        of_named = [result for result in results if result.filename in named]
        return Report(
            findings=tuple(findings),
            failures=tuple(sorted(failures, key=lambda failure: failure.filename)),
            sites=tuple(settle_sites(results, named)),
            files=self._looked_at(failures),
            files_read=sum(result.read for result in of_named),
            models=sum(result.models for result in of_named),
            supposed=tuple(
                finding
                for finding in self._findings(supposing(results), failures, texts)
                if finding.code != "BN002" and (finding.code, finding.location) not in told
            ),
        )

    def _proven(self, findings: list[Finding]) -> list[Finding]:
        """The findings. Where the whole project was searched for callers, they no longer presume
        that the known callers are all.
        """
        if self.plan is None:
            return findings
        read = {path for index in self.plan.indexes.values() for path in index.paths}
        return [
            finding._replace(presumes=tuple(p for p in finding.presumes if p != "callers"))
            if "callers" in finding.presumes and os.path.abspath(finding.location.filename) in read
            else finding
            for finding in findings
        ]

    def _trusted(self, findings: list[Finding]) -> list[Finding]:
        """The findings, with fixes as far as the settings of their files trust them."""
        of_file = {file.name: file.settings for file in self.files if file.settings.fix_selections}
        if not of_file:
            return findings
        trust = {settings: selection.fixes(settings) for settings in set(of_file.values())}
        return [
            trust[of_file[name]].trusted(finding)
            if (name := finding.location.filename) in of_file
            else finding
            for finding in findings
        ]

    def _users(self, results: list[FileResult], texts: Texts) -> Callable[[str], Iterable[str]]:
        """Which files import a file."""
        from bnlint.project.importers import Importers

        near = Importers([result.filename for result in results if result.read], texts)
        if self.plan is None:
            return near.of
        plan, scans = self.plan, self.scans

        def users(name: str) -> Iterable[str]:
            scan = scans.get(name)
            if scan is None or scan.standing.root is None:
                return near.of(name)
            return plan.importers_of(scan.file.path)

        return users

    def _of_named(self, name: str, found: list[Finding]) -> list[Finding]:
        """The findings to report in a file that was not named: what a named file does there with
        its models. Only named files are repaired.
        """
        brought = self._brought[name]
        return [
            finding._replace(repair=None)
            for finding in found
            if (finding.code, finding.location) in brought
        ]

    def _belongs(self, reader: str, name: str) -> bool:
        """Whether to report what the reading of one file found in another, which was named.

        A file's answer is that of its own project, whatever else is named with it.
        """
        scan = self.scans.get(name)
        if scan is None or reader == name or self.plan is None:
            return True
        if self._roots is None:
            self._roots = {each.file.name: each.standing.root for each in self.candidates}
        return scan.standing.root == self._roots.get(reader, "")

    def _looked_at(self, failures: Iterable[Failure]) -> int:
        """How many of the files did not fail."""
        failed = {failure.filename for failure in failures}
        return sum(file.name not in failed for file in self.files)

    def buffers(self) -> dict[str, bytes]:
        """The bytes of files that are not as on the disk, by name."""
        return {file.name: file.data for file in self.files if file.data is not None}

    def _findings(
        self, results: list[FileResult], failures: list[Failure], texts: Texts
    ) -> Iterator[Finding]:
        """The findings to report, by file: only for requested files and for rules that are on."""
        from bnlint.project.judging.file_check import settle

        by_file: dict[str, list[Finding]] = {}
        for finding in settle(results, self._belongs) if results else ():
            by_file.setdefault(finding.location.filename, []).append(finding)
        failed = {failure.filename for failure in failures}
        suppressing = {file.name for file in self.suppressing} - failed
        if not by_file and not suppressing:
            return
        read = {scan.file.name for scan in self.candidates}
        selected: dict[Settings, frozenset[str]] = {}
        for file in (*self.files, *(scan.file for scan in self.beside.values())):
            found = by_file.get(file.name, [])
            if file.name in self.beside:
                found = self._of_named(file.name, found)
            if not found and file.name not in suppressing:
                continue
            settings = file.settings
            if settings not in selected:
                selected[settings] = selection.codes(settings)
            enabled = selection.codes_in(settings, file.path, selected[settings])
            found = [finding for finding in found if finding.code in enabled]
            unread = file.name not in read and not file.is_model  # a model has no comments
            if self.heeds_comments and (file.name in suppressing or unread):
                from bnlint.project.suppression.comments import apply

                names = {code: i.name for code, i in selection.book(settings).rules.items()}
                found = apply(file.name, texts.blocks(file.name), found, names, enabled)
            yield from found


def survey(
    finder: SettingsFinder, targets: Iterable[str], cache: Cache, *, only_named: bool = False
) -> Survey:
    """Look at the names and the bytes of all files under ``targets``.

    Args:
        finder: of the settings.
        targets: files and folders.
        cache: what earlier runs found.
        only_named: do not read the projects of the files: judge the named files only from
            themselves and from what they import.

    Raises:
        SettingsError: a settings file can't be used.
    """
    discovery = Discovery(finder)
    targets = list(targets)
    discovery.add(targets)
    around = None if only_named else [os.path.abspath(target) for target in targets]
    found = survey_files(finder, discovery.files, discovery.failures, cache, around=around)
    found.callables = discovery.callables
    return found


def survey_files(
    finder: SettingsFinder,
    files: list[SourceFile],
    failures: list[tuple[str, str]],
    cache: Cache,
    *,
    around: Iterable[str] | None = (),
    buffers: Mapping[str, bytes] | None = None,
) -> Survey:
    """:func:`survey` of ``files`` that are found already.

    Args:
        finder: of the settings.
        files: the files to report on.
        failures: of what could not be looked at.
        cache: what earlier runs found.
        around: absolute paths that were named; ``None`` where the projects do not matter.
        buffers: by absolute path, the bytes of other files that are not as on the disk.
    """
    found = Survey(files, failures)
    sources = [file for file in files if not file.is_model]
    if sources and around is not None:
        sources = _plan(finder, sources, found, cache, around, buffers or {})
    if sources:
        _look_into(sources, found, cache, buffers or {})
    found.candidates.sort(key=lambda scan: scan.file.path)
    found.suppressing.sort(key=lambda file: file.name)
    failures.sort()
    if found.candidates:
        finder.verify()
    return found


def _plan(
    finder: SettingsFinder,
    sources: list[SourceFile],
    found: Survey,
    cache: Cache,
    around: Iterable[str],
    buffers: Mapping[str, bytes],
) -> list[SourceFile]:
    """Look at the files in their projects; returns those that are in none."""
    from bnlint.project.index.plan import plan
    from bnlint.settings.reach.home import current

    found.plan = planned = plan(finder, sources, cache, [current(), *around], buffers)
    found.failures += planned.failures
    for scan in planned.scans:
        _take(scan, found, is_wanted=False)
    for scan in planned.wanted:
        if not scan.entry.flags & prefilter.REFUSED:
            found.candidates.append(scan)
    return planned.alone


def _look_into(
    sources: list[SourceFile], found: Survey, cache: Cache, buffers: Mapping[str, bytes]
) -> None:
    """Divide the source files into those that have to be read and those that needn't."""
    from bnlint.project.candidates import scan_all

    builders = [p for p, data in buffers.items() if prefilter.flags(data) & prefilter.BUILDS]
    scanned, unreadable = scan_all(sources, cache, builders)
    found.failures += unreadable
    for scan in scanned:
        flags = scan.entry.flags
        _take(scan, found, is_wanted=bool(flags & (prefilter.MENTIONS | prefilter.FOLLOWS)))


def _take(scan: Scan, found: Survey, *, is_wanted: bool) -> None:
    file, flags = scan.file, scan.entry.flags
    found.scans[file.name] = scan
    if flags & prefilter.REFUSED:
        limit = file.limit / 1e6
        found.failures.append(
            (file.name, f"larger than {limit:g} MB; exclude it, or raise max-file-size")
        )
    elif is_wanted:
        found.candidates.append(scan)
    if flags & prefilter.SUPPRESSES:
        found.suppressing.append(file)


def with_built(report: Report, built: BuiltModels) -> Report:
    """A report with what was found in models that were built.

    A finding from both the source and a built model is reported once, with the layer's path.
    """
    said = {(f.code, f.location._replace(path=None)) for f in built.findings}
    read = [finding for finding in report.findings if (finding.code, finding.location) not in said]
    findings = sorted([*read, *built.findings], key=lambda finding: finding.sort_key)
    failures = sorted([*report.failures, *built.failures], key=lambda failure: failure.filename)
    joined = report.saying(tuple(findings), tuple(failures))
    joined.models += built.models
    # A construction in the source is counted as the layers that it made.
    made = {site.location._replace(path=None) for site in built.sites}
    sites = [*(site for site in report.sites if site.location not in made), *built.sites]
    joined.sites = tuple(sorted(sites, key=lambda site: site.location.sort_key))
    return joined
