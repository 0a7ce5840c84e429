"""Print what bnlint finds in every public package, and what it could not read.

The output is sorted and contains no local paths. To compare two versions of bnlint, save both
outputs: ``python -m benchmarks.findings --diff OLD NEW``. Tests of the packages are skipped.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bnlint
from benchmarks import corpus

#: The share of BatchNormalization constructions that must be understood.
TARGET = 0.97

_FINDING = re.compile(r"(\S+) (.+?):(\d+) ([A-Z]+\d+) (.*)")
_HEADING = "# "
_COMPARED = ("findings", "not understood", "failures")


@dataclass(frozen=True, slots=True, order=True)
class FoundLine:
    """One finding as it is printed: ``package path:line code message``."""

    package: str
    path: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.package} {self.path}:{self.line} {self.code} {self.message}"

    @classmethod
    def parse(cls, text: str) -> FoundLine:
        """Parse a printed finding; ``ValueError`` if ``text`` is not one."""
        match = _FINDING.fullmatch(text)
        if match is None:
            raise ValueError(f"not a finding: {text!r}")
        package, path, line, code, message = match.groups()
        return cls(package, path, int(line), code, message)


@dataclass(frozen=True, slots=True)
class PackageReading:
    """The result of bnlint for one package.

    Attributes:
        package: name and version.
        findings: the findings, sorted.
        outcomes: how many BatchNormalization constructions ended in each way.
        not_understood: ``package path:line reason | the line's text``, sorted.
        failures: ``package path message`` of every file that could not be read.
    """

    package: str
    findings: tuple[FoundLine, ...]
    outcomes: Mapping[bnlint.Outcome, int]
    not_understood: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def read_package(folder: Path) -> PackageReading:
    """Let bnlint read one unpacked package, without its tests."""
    report = bnlint.lint([str(path) for path in corpus.python_files(folder, tests=False)])
    package = folder.name
    found = []
    for finding in report.findings:
        message = finding.message + (f" [when {finding.when}]" if finding.when else "")
        path = _inside(folder, finding.location.filename)
        found.append(FoundLine(package, path, finding.location.line, finding.code, message))
    missed = []
    for site in report.sites:
        if site.outcome is not bnlint.Outcome.UNDERSTOOD:
            place = site.location
            text = _line(Path(place.filename), place.line)
            where = f"{package} {_inside(folder, place.filename)}"
            missed.append((where, place.line, f"{site.outcome.value} | {text}"))
    failures = [f"{package} {_inside(folder, f.filename)} {f.message}" for f in report.failures]
    return PackageReading(
        package,
        tuple(sorted(found)),
        report.coverage(),
        tuple(f"{where}:{line} {why}" for where, line, why in sorted(missed)),
        tuple(sorted(failures)),
    )


def _inside(folder: Path, filename: str) -> str:
    path = Path(filename)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else filename


def _line(file: Path, number: int) -> str:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[number - 1].strip() if number <= len(lines) else ""


def coverage_table(readings: Sequence[PackageReading]) -> list[str]:
    """How many constructions ended in each way, a line for each package and one for all."""
    total: Counter[bnlint.Outcome] = Counter()
    for reading in readings:
        total.update(reading.outcomes)
    head = "".join(f"{_COLUMNS[outcome]:>12}" for outcome in bnlint.Outcome)
    lines = [f"{'package':32}{'sites':>7}{head}{'%':>8}"]
    for name, outcomes in [*((r.package, r.outcomes) for r in readings), ("total", total)]:
        sites = sum(outcomes.values())
        counts = "".join(f"{outcomes.get(outcome, 0):>12}" for outcome in bnlint.Outcome)
        lines.append(f"{name:32}{sites:>7}{counts}{_share(outcomes):>8}")
    sites = sum(total.values())
    reached = sites > 0 and total[bnlint.Outcome.UNDERSTOOD] >= TARGET * sites
    verdict = "reached" if reached else "missed"
    lines.append(f"target: {TARGET:.0%} of all understood: {verdict}")
    return lines


_COLUMNS = {
    bnlint.Outcome.UNDERSTOOD: "understood",
    bnlint.Outcome.UNKNOWN_INPUT: "unknown",
    bnlint.Outcome.ESCAPED: "escaped",
    bnlint.Outcome.CUT: "cut",
    bnlint.Outcome.NEVER_BUILT: "never built",
}


def _share(outcomes: Mapping[bnlint.Outcome, int]) -> str:
    sites = sum(outcomes.values())
    return f"{100 * outcomes.get(bnlint.Outcome.UNDERSTOOD, 0) / sites:.1f}" if sites else "-"


def rule_table(readings: Sequence[PackageReading]) -> list[str]:
    """How many findings each rule has in each package."""
    codes = sorted({finding.code for reading in readings for finding in reading.findings})
    lines = [f"{'package':32}" + "".join(f"{code:>8}" for code in codes)]
    total: Counter[str] = Counter()
    for reading in readings:
        counts = Counter(finding.code for finding in reading.findings)
        total.update(counts)
        lines.append(f"{reading.package:32}" + "".join(f"{counts[code]:>8}" for code in codes))
    lines.append(f"{'total':32}" + "".join(f"{total[code]:>8}" for code in codes))
    return lines


def render(readings: Sequence[PackageReading]) -> str:
    """The whole output: tables, then one line per finding and per site not understood."""
    sections: dict[str, list[str]] = {
        "coverage": coverage_table(readings),
        "findings by rule": rule_table(readings),
        "findings": [str(finding) for reading in readings for finding in reading.findings],
        "not understood": [line for reading in readings for line in reading.not_understood],
        "failures": [line for reading in readings for line in reading.failures],
    }
    return "\n".join(
        line for name, lines in sections.items() for line in (_HEADING + name, *lines, "")
    )


def sections(text: str) -> dict[str, list[str]]:
    """The lines of a saved output, by their heading."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(_HEADING):
            lines = found.setdefault(line.removeprefix(_HEADING), [])
        elif line:
            lines.append(line)
    return found


def saved_findings(text: str) -> list[FoundLine]:
    """The findings of a saved output."""
    return [FoundLine.parse(line) for line in sections(text).get("findings", [])]


def difference(old: str, new: str) -> list[str]:
    """The differences of two saved outputs: ``- line`` was removed, ``+ line`` is new."""
    before, after = sections(old), sections(new)
    lines = []
    for name in _COMPARED:
        gone = Counter(before.get(name, [])) - Counter(after.get(name, []))
        come = Counter(after.get(name, [])) - Counter(before.get(name, []))
        if gone or come:
            lines.append(f"{_HEADING}{name}: {gone.total()} gone, {come.total()} new")
            changes = [(line, "-") for line in gone.elements()]
            changes += [(line, "+") for line in come.elements()]
            lines += [f"{sign} {line}" for line, sign in sorted(changes, key=_by_place)]
    return lines


def _by_place(change: tuple[str, str]) -> tuple[str, int, str, str]:
    """Order by file, line, then the old line before the new one."""
    text, sign = change
    place = re.match(r"(\S+ .+?):(\d+) ", text)
    path, line = (place[1], int(place[2])) if place else (text, 0)
    return path, line, "" if sign == "-" else "+", text


def read_corpus(folders: Iterable[Path]) -> list[PackageReading]:
    """Every package's reading, in the order of the folders; prints progress to stderr."""
    readings = []
    for folder in folders:
        print(f"reading {folder.name}", file=sys.stderr)
        readings.append(read_package(folder))
    return readings


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.findings", description=__doc__)
    corpus.add_corpus_option(parser)
    parser.add_argument("--package", action="append", help="only this package; may be repeated")
    parser.add_argument(
        "--diff",
        nargs=2,
        type=Path,
        metavar=("OLD", "NEW"),
        help="compare two saved outputs instead; exit status 1 where they differ",
    )
    options = parser.parse_args(arguments)
    if options.diff:
        old, new = (path.read_text(encoding="utf-8") for path in options.diff)
        changes = difference(old, new)
        print("\n".join(changes) if changes else "no difference")
        return int(bool(changes))
    wanted = corpus.packages()
    if options.package:
        wanted = [p for p in wanted if options.package and {p.name, p.folder} & {*options.package}]
        if not wanted:
            print("findings: packages.toml has no such package", file=sys.stderr)
            return 2
    try:
        folders = corpus.fetch(options.corpus, wanted)
    except corpus.CorpusError as error:
        print(f"findings: {error}", file=sys.stderr)
        return 2
    print(render(read_corpus(folders)), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
