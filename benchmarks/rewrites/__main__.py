"""Lint programs and their rewrites: ``python -m benchmarks.rewrites [FILE_OR_FOLDER …]``.

Each rewrite keeps what a program means, so the same must be found: rule, line and condition.
Without a target the examples of the rules on models and training are rewritten. Exit status 1 if an
answer differs.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from benchmarks.rewrites.comparing import EXAMPLES, differences
from benchmarks.rewrites.rewriting import REWRITES


def main() -> int:
    """Print each difference, and the counts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rewrites", description=__doc__)
    parser.add_argument("targets", nargs="*", type=Path, help="files and folders")
    parser.add_argument("--only", action="append", choices=REWRITES, help="a rewrite; repeatable")
    options = parser.parse_args()
    names = options.only or list(REWRITES)
    counts: Counter[str] = Counter()
    for file in EXAMPLES if not options.targets else _files(options.targets):
        for name in names:
            found = differences(file, name)
            if found is None:
                continue
            counts["rewritten"] += 1
            counts["different"] += bool(found)
            for line in found:
                print(f"{file}: {name}: {line}", flush=True)
    print(f"{counts['rewritten']} rewritten programs, {counts['different']} with another answer")
    return int(counts["different"] > 0)


def _files(targets: list[Path]) -> list[Path]:
    return [
        file
        for target in targets
        for file in (sorted(target.rglob("*.py")) if target.is_dir() else [target])
    ]


if __name__ == "__main__":
    sys.exit(main())
