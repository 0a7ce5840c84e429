"""Applies fixes until none is left; each round reads the files again that the last one changed."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bnlint.findings import Applicability, Failure, Finding, Report
from bnlint.project.cache import Cache, digest
from bnlint.project.candidates import Scan
from bnlint.project.files import writing
from bnlint.project.files.targets import is_notebook
from bnlint.project.judging import file_check
from bnlint.project.judging.file_check import FileResult
from bnlint.project.read_files import read_all, read_models
from bnlint.readers.source.parsing.notebook import Notebook
from bnlint.readers.source.parsing.text import Undecodable, decode
from bnlint.repair import DetachActivation, DropBias, Repair, SwapLayers
from bnlint.repair.editing.applying import applied, applied_to_notebook
from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from bnlint.project.pipeline import Survey

MOST_ROUNDS: Final = 15
SAFE: Final = frozenset({Applicability.SAFE})
UNSAFE: Final = frozenset({Applicability.SAFE, Applicability.UNSAFE})


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file that was changed.

    Attributes:
        name: as it is printed.
        path: absolute.
        old: its bytes before.
        new: its bytes now.
    """

    name: str
    path: str
    old: bytes
    new: bytes

    def write(self) -> None:
        """Replace the file on the disk.

        Raises:
            writing.Changed: the file changed meanwhile, and stays as it is.
            OSError: the file can't be written, and stays as it is.
        """
        writing.replace(self.path, self.old, self.new)

    def diff(self) -> Iterator[str]:
        """The change as a unified diff, in lines; for a notebook, cell by cell."""
        for name, old, new in self._blocks():
            for line in difflib.unified_diff(old, new, name, name):
                yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

    def _blocks(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """The pairs of old and new lines to compare, each with its name."""
        if not is_notebook(self.name):
            yield self.name, _lines(decode(self.old)), _lines(decode(self.new))
            return
        old, new = (Notebook(self.name, data).cell_lines for data in (self.old, self.new))
        for number, lines in old.items():
            before, after = ([f"{line}\n" for line in each] for each in (lines, new[number]))
            yield f"{self.name}:cell {number}", before, after


@dataclass(slots=True)
class Fixed:
    """The result of fixing.

    Attributes:
        report: the findings that are left.
        files: the changed files, by name.
        fixed: how many findings of each rule are repaired, by the name of the file.
        hasty: the names of files that were still changing in the last round.
        before: the findings before the first round.
    """

    report: Report
    files: list[FixedFile] = field(default_factory=list)
    fixed: dict[str, Counter[str]] = field(default_factory=dict)
    hasty: list[str] = field(default_factory=list)
    before: tuple[Finding, ...] = ()

    def is_left(self, name: str) -> None:
        """Record that a file could not be written: its findings remain as they were."""
        self.fixed.pop(name, None)
        others = (f for f in self.report.findings if f.location.filename != name)
        again = (f for f in self.before if f.location.filename == name)
        findings = sorted([*others, *again], key=lambda finding: finding.sort_key)
        self.report = self.report.saying(tuple(findings))

    @property
    def count(self) -> int:
        """How many findings are repaired."""
        return sum(rules.total() for rules in self.fixed.values())


def fix_all(
    survey: Survey,
    cache: Cache,
    levels: frozenset[Applicability],
    *,
    jobs: int | None = None,
    debug: bool = False,
    progress: Callable[[int, int], None] | None = None,
    wanted: Callable[[Finding], bool] = lambda _: True,
) -> Fixed:
    """Fix what was found; nothing is written to the disk yet.

    Args:
        survey: the files. Changes are kept in them as their data.
        cache: what earlier runs found.
        levels: which levels of applicability are fixed.
        jobs: worker processes for the first reading.
        debug: put tracebacks into the failures.
        progress: called with the files done and all files to be read.
        wanted: which findings are to be repaired.
    """
    read, failures = survey.read(cache, jobs=jobs, debug=debug, progress=progress)
    models, unread = read_models(survey.models, debug=debug)  # nothing in them is changed
    failures += unread
    results = {result.filename: result for result in read}
    report = survey.settled([*read, *models], failures)
    before = report.findings
    # Files that were not named are not changed; named files may be repaired without being read.
    scans = {scan.file.name: scan for scan in survey.candidates} | survey.scans
    originals: dict[str, bytes] = {}
    fixed: dict[str, Counter[str]] = {}
    changed: set[str] = set()
    for _ in range(MOST_ROUNDS):
        changed = set()
        for name, findings in _by_file(report).items():
            scan = scans.get(name)
            if scan is None:
                continue
            data = _data(scan, failures)
            if data is None:
                continue
            new, made = _repaired(name, data, filter(wanted, findings), levels)
            if new is None:
                continue
            scan.file.data = new
            originals.setdefault(name, data)
            fixed.setdefault(name, Counter()).update(finding.code for finding in made)
            changed.add(name)
        if not changed:
            break
        _read_again(survey, results, changed, set(originals), failures, debug=debug)
        again = [results[s.file.name] for s in survey.candidates if s.file.name in results]
        report = survey.settled([*again, *models], failures)
    else:
        changed = {name for name in changed if _is_fixable(report, name, levels, wanted)}
    files = [
        FixedFile(name, scans[name].file.path, old, new)
        for name, old in sorted(originals.items())
        if (new := scans[name].file.data) is not None and new != old
    ]
    return Fixed(report, files, fixed, sorted(changed), before)


def _repaired(
    name: str, data: bytes, findings: Iterable[Finding], levels: frozenset[Applicability]
) -> tuple[bytes | None, list[Finding]]:
    """The bytes of one file after the fixes that come first; ``None`` where nothing changes.

    Fixes of layers and axes come first: they decide which layers are neighbours. The order of the
    neighbours is next: it decides which biases are redundant.
    """
    by_turn: dict[int, list[Finding]] = {0: [], 1: [], 2: []}
    for finding in findings:
        by_turn[_turn(finding.repair)].append(finding)
    for ripe in by_turn.values():
        new, made = _repaired_at_once(name, data, ripe, levels)
        if new is not None:
            return new, made
    return None, []


def _turn(repair: Repair | None) -> int:
    if isinstance(repair, (SwapLayers, DetachActivation)):
        return 1
    return 2 if isinstance(repair, DropBias) else 0


def _repaired_at_once(
    name: str, data: bytes, findings: list[Finding], levels: frozenset[Applicability]
) -> tuple[bytes | None, list[Finding]]:
    if is_notebook(name):
        return applied_to_notebook(Notebook(name, data), findings, levels)
    text = decode(data)
    repaired, made = applied(text, findings, levels)
    if repaired == text:
        return None, []
    try:
        return writing.encoded(repaired, data), made
    except UnicodeEncodeError:
        return None, []


def _by_file(report: Report) -> dict[str, list[Finding]]:
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.fix is not None:
            by_file.setdefault(finding.location.filename, []).append(finding)
    return by_file


def _is_fixable(
    report: Report,
    name: str,
    levels: frozenset[Applicability],
    wanted: Callable[[Finding], bool],
) -> bool:
    return any(
        f.fix and f.fix.applicability in levels and wanted(f)
        for f in _by_file(report).get(name, ())
    )


def _data(scan: Scan, failures: list[Failure]) -> bytes | None:
    """The bytes that the findings of a file are about; ``None`` if the file has changed since."""
    if scan.file.data is not None:
        return scan.file.data
    try:
        data = regular_files.read(scan.file.path, scan.file.limit)
        decode(data)
    except (OSError, Undecodable):
        data = None
    # A file that was not read itself has no digest: writing compares with the file on the disk.
    if data is not None and scan.entry.digest in (digest(data), ""):
        return data
    if all(failure.filename != scan.file.name for failure in failures):
        failures.append(Failure(scan.file.name, CHANGED))
    return None


CHANGED: Final = "changed while it was looked at, so it was not fixed; run bnlint again"


def _read_again(
    survey: Survey,
    results: dict[str, FileResult],
    changed: set[str],
    buffered: set[str],
    failures: list[Failure],
    *,
    debug: bool,
) -> None:
    """Read again the files that changed, and those that are read with one of them."""
    paths = {survey.scans[name].file.path for name in changed}
    again = [
        scan.again()
        for scan in survey.candidates
        if (name := scan.file.name) in changed
        or (name in results and not paths.isdisjoint(results[name].dependencies))
    ]
    buffers = {
        scan.file.path: scan.file.data
        for scan in map(survey.scans.__getitem__, buffered)
        if scan.file.data is not None
    }
    kept = [scan.entry.result for scan in again]
    for scan in again:
        scan.entry.result = ""
    with file_check.reading(buffers):
        read, failed = read_all(again, Cache("", enabled=False), jobs=1, debug=debug, progress=None)
    for scan, result in zip(again, kept, strict=True):
        scan.entry.result = result
    results.update((result.filename, result) for result in read)
    failures += failed


def _lines(text: str) -> list[str]:
    """The lines with their ends, as git counts them."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
