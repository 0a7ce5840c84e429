"""Compares the findings of each file: named alone, with part of its project, and with all of it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bnlint.findings import Finding
from bnlint.project.cache import Cache
from bnlint.project.pipeline import survey
from bnlint.settings import SettingsFinder

_MOST_PARTS = 8


@dataclass
class Comparison:
    """The result for one project.

    Attributes:
        whole: the findings of each file in the run over all.
        differences: the differences, one line each.
    """

    whole: dict[str, list[Finding]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def compare(folder: Path, alone: Iterable[str] | None = None, seed: int = 0) -> Comparison:
    """Lint ``folder`` as a whole, in random parts, and file by file.

    Args:
        folder: the folder of the project.
        alone: the files to name alone; ``None`` for all.
        seed: the seed of the random parts.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        names = sorted(
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.suffix in {".py", ".ipynb"}
        )
        whole = found_in(["."])
        comparison = Comparison({name: whole.get(name, []) for name in names})
        for part in _parts(names, random.Random(seed)):  # noqa: S311
            _check(comparison, f"part of {len(part)}", part, found_in(part))
        for name in names if alone is None else alone:
            _check(comparison, "alone", [name], found_in([name]))
    finally:
        os.chdir(before)
    return comparison


def found_in(targets: Sequence[str]) -> dict[str, list[Finding]]:
    """The findings of one run, by file."""
    finder = SettingsFinder()
    cache = Cache("", enabled=False)
    report = survey(finder, targets, cache).report(cache, jobs=1)
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_file.setdefault(finding.location.filename, []).append(finding)
    return by_file


def _parts(names: list[str], chance: random.Random) -> list[list[str]]:
    names = list(names)
    chance.shuffle(names)
    count = chance.randint(2, _MOST_PARTS)
    return [part for start in range(count) if (part := names[start::count])]


def _check(
    comparison: Comparison, how: str, names: Iterable[str], found: dict[str, list[Finding]]
) -> None:
    for name in names:
        here, there = found.get(name, []), comparison.whole[name]
        if here != there:
            missing = [f"{f.code}:{f.location.line}" for f in there if f not in here]
            extra = [f"{f.code}:{f.location.line}" for f in here if f not in there]
            comparison.differences.append(f"{name} {how}: missing {missing}, extra {extra}")
