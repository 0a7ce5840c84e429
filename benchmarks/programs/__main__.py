"""Lint and run random programs: ``python -m benchmarks.programs``.

Each program is linted, and run with Keras under all answers of its flags. A definite finding must
hold for every layer that its line constructed, a conditional one for exactly the layers with a true
condition. Safe fixes must keep the outputs in training and the gradients of the other weights. A
true problem without a finding counts as missed. ``--keep FOLDER`` writes the programs that
contradict bnlint to that folder.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
from collections import Counter
from pathlib import Path

from benchmarks.agreement import workplace
from benchmarks.programs.judging import RULES, judge
from benchmarks.programs.running import channels_first_on_a_cpu


def main() -> int:
    """Judge the requested number of programs; exit status 1 if any contradicts bnlint."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.programs", description=__doc__)
    parser.add_argument("--programs", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--runs", type=int, default=64, help="the most runs of one program")
    parser.add_argument("--keep", type=Path, help="write programs that contradict to this folder")
    parser.add_argument("--missed", action="store_true", help="print what was missed, too")
    options = parser.parse_args()
    keep = None if options.keep is None else options.keep.absolute()
    totals: Counter[str] = Counter()
    contradicted = 0
    with workplace() as home, channels_first_on_a_cpu():
        for seed in range(options.first, options.first + options.programs):
            folder = home / f"program_{seed}"
            folder.mkdir()
            verdict = judge(seed, folder, options.runs)
            totals += verdict.counts
            contradicted += bool(verdict.contradictions)
            lines = verdict.contradictions + verdict.missed * options.missed
            if lines:
                print(f"program {seed}:", *lines, sep="\n    ", flush=True)
            if lines and keep is not None:
                shutil.copytree(folder, keep / folder.name, dirs_exist_ok=True)
            _forget(folder)
    print(*summary(totals), f"{contradicted} programs with contradictions", sep="\n")
    return int(contradicted > 0)


def summary(counts: Counter[str]) -> list[str]:
    """The counts in words, a line for each rule."""
    lines = [
        (
            f"{counts['programs']} programs, {counts['runs']} runs,"
            f" {counts['runs after fixes']} runs after fixes"
        )
    ]
    for rule in RULES:
        right, wrong, missed = (counts[f"{rule} {what}"] for what in ("right", "wrong", "missed"))
        share = f"{right / (right + missed):.3f}" if right + missed else "-"
        lines.append(
            f"{rule}: {right} right, {wrong} wrong, {missed} missed, recall {share};"
            f" {counts[f'{rule} undecided']} never built or undecided"
        )
        lines += [
            f"    {what}: {count}"
            for what, count in counts.items()
            if what.startswith(f"{rule} with")
        ]
    return lines


def _forget(folder: Path) -> None:
    for each in (folder, folder.with_name(f"{folder.name}_fixed")):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(each)


if __name__ == "__main__":
    sys.exit(main())
