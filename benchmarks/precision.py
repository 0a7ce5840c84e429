"""Join bnlint's findings in the public packages with the recorded readings: precision by rule.

A finding that nobody has read yet is listed, but not counted. A reading without a finding is
listed too: if its verdict was "right", bnlint no longer finds it.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks import corpus, places
from benchmarks.findings import FoundLine, read_corpus, saved_findings

#: The share of findings that must be right, for each rule and for all.
TARGET = 0.98
VERDICTS = ("right", "wrong", "debatable", "")

#: Package, path, line and rule.
Key = tuple[str, str, int, str]


class ReadingsError(Exception):
    """The file of readings is not as described; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of ``readings.csv``; its columns are these fields, in this order."""

    package: str
    path: str
    line: int
    rule: str
    scope: str
    verdict: str
    reason: str

    @property
    def key(self) -> Key:
        return (self.package, self.path, self.line, self.rule)


COLUMNS = tuple(field.name for field in fields(Reading))


def load(file: Path) -> list[Reading]:
    """The recorded readings.

    Raises:
        ReadingsError: a column is missing, a verdict is invalid, or a place is read twice.
    """
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ReadingsError(f"{file.name}: the columns must be {','.join(COLUMNS)}")
        readings: dict[Key, Reading] = {}
        for row in rows:
            where = f"{file.name}:{rows.line_num}"
            reading = _reading(row, where)
            if reading.key in readings:
                raise ReadingsError(f"{where}: this place has been read before")
            readings[reading.key] = reading
    return list(readings.values())


def _reading(row: dict[str, str], where: str) -> Reading:
    if None in row or None in row.values():
        raise ReadingsError(f"{where}: {len(COLUMNS)} columns are wanted")
    if not row["line"].isdigit():
        raise ReadingsError(f"{where}: {row['line']!r} is not a line")
    if row["verdict"] not in VERDICTS:
        choices = ", ".join(filter(None, VERDICTS))
        raise ReadingsError(f"{where}: no verdict {row['verdict']!r}; choose one of {choices}")
    if row["verdict"] and not row["reason"].strip():
        raise ReadingsError(f"{where}: a verdict needs its reason")
    return Reading(**{**row, "line": int(row["line"])})  # type: ignore[arg-type]


def save(file: Path, readings: Iterable[Reading]) -> None:
    """Write the readings sorted by place."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(COLUMNS)
        for reading in sorted(readings, key=lambda reading: reading.key):
            rows.writerow([getattr(reading, column) for column in COLUMNS])


def key_of(finding: FoundLine) -> Key:
    return (finding.package, finding.path, finding.line, finding.code)


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings joined with the readings.

    Attributes:
        verdicts: how many findings of a rule have each verdict; ``("BN201", "right")`` to a count.
        unread: findings without a verdict.
        stale: readings with a verdict, but without a finding.
    """

    verdicts: Counter[tuple[str, str]]
    unread: tuple[FoundLine, ...]
    stale: tuple[Reading, ...]


def join(findings: Sequence[FoundLine], readings: Iterable[Reading]) -> Judged:
    """Give every finding the recorded verdict of its place and rule."""
    by_key = {reading.key: reading for reading in readings if reading.verdict}
    verdicts: Counter[tuple[str, str]] = Counter()
    unread = []
    for finding in findings:
        reading = by_key.get(key_of(finding))
        verdicts[finding.code, reading.verdict if reading else ""] += 1
        if reading is None:
            unread.append(finding)
    present = set(map(key_of, findings))
    stale = [reading for key, reading in sorted(by_key.items()) if key not in present]
    return Judged(verdicts, tuple(unread), tuple(stale))


def table(judged: Judged) -> list[str]:
    """Precision by rule: right / (right + wrong), and again with debatable counted as wrong."""
    rules = sorted({rule for rule, _ in judged.verdicts})
    lines = [
        "| rule | findings | right | wrong | debatable | unread | precision | strict | |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    total: Counter[str] = Counter()
    for rule in rules:
        counts = Counter({verdict: judged.verdicts[rule, verdict] for verdict in VERDICTS})
        total.update(counts)
        lines.append(_row(rule, counts))
    lines.append(_row("all", total))
    return lines


def _row(rule: str, counts: Counter[str]) -> str:
    right, wrong, debatable = counts["right"], counts["wrong"], counts["debatable"]
    precision, strict = _share(right, right + wrong), _share(right, right + wrong + debatable)
    verdict = "-" if precision is None else "reached" if precision >= TARGET else "**missed**"
    cells = [rule, counts.total(), right, wrong, debatable, counts[""]]
    cells += [_percent(precision), _percent(strict), verdict]
    return f"| {' | '.join(map(str, cells))} |"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def scope(source: str, line: int) -> str:
    """The dotted name of the functions and classes around ``line``; ``""`` at module level."""
    try:
        node: ast.AST = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    names: list[str] = []
    descending = True
    while descending:
        descending = False
        for child in ast.iter_child_nodes(node):
            end = getattr(child, "end_lineno", None)
            if end is not None and child.lineno <= line <= end:  # type: ignore[attr-defined]
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    names.append(child.name)
                node, descending = child, True
                break
    return ".".join(names)


def unread_rows(findings: Iterable[FoundLine], known: set[Key], packages: Path) -> list[Reading]:
    """A row without a verdict for every place that ``known`` lacks."""
    rows: dict[Key, Reading] = {}
    for finding in findings:
        key = key_of(finding)
        if key not in known and key not in rows:
            file = packages / finding.package / finding.path
            source = file.read_text(encoding="utf-8", errors="replace")
            rows[key] = Reading(*key, scope(source, finding.line), "", "")
    return list(rows.values())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=__doc__)
    corpus.add_corpus_option(parser)
    parser.add_argument("--readings", type=Path, default=places.READINGS, metavar="FILE")
    parser.add_argument(
        "--findings",
        type=Path,
        metavar="FILE",
        help="a saved output of benchmarks.findings, instead of running bnlint now",
    )
    parser.add_argument(
        "--append", action="store_true", help="add a row to fill in for every unread finding"
    )
    options = parser.parse_args(arguments)
    try:
        readings = load(options.readings)
        folders = corpus.fetch(options.corpus, corpus.packages())
    except (ReadingsError, corpus.CorpusError, OSError) as error:
        print(f"precision: {error}", file=sys.stderr)
        return 2
    if options.findings:
        found = saved_findings(options.findings.read_text(encoding="utf-8"))
    else:
        found = [finding for package in read_corpus(folders) for finding in package.findings]
    judged = join(found, readings)
    print("\n".join(table(judged)))
    if judged.unread:
        print(f"\n{len(judged.unread)} findings without a reading:")
        print("\n".join(map(str, judged.unread)))
    if judged.stale:
        print(f"\n{len(judged.stale)} readings without a finding:")
        for reading in judged.stale:
            place = f"{reading.package} {reading.path}:{reading.line} {reading.rule}"
            print(f"{place} {reading.verdict}: {reading.reason}")
    if options.append:
        rows = unread_rows(found, {reading.key for reading in readings}, options.corpus)
        save(options.readings, [*readings, *rows])
        print(f"\n{len(rows)} rows added to {options.readings.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
