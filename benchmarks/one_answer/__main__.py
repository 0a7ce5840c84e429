"""``python -m benchmarks.one_answer``: the generated projects, and the public packages.

For each project: the number of files, how many differ, and the cost of one run over all files
compared with the sum of the runs file by file. Exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import corpus, places
from benchmarks.one_answer.compare import compare, found_in
from benchmarks.one_answer.projects import projects, write


def main() -> int:
    """Compare, and print the differences."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_answer", description=__doc__)
    parser.add_argument("--packages", nargs="*", help="folders of the corpus; all if empty")
    parser.add_argument("--alone", type=int, default=40, help="files of each to be named alone")
    options = parser.parse_args()
    differences = 0
    for name, files in projects():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made).resolve() / "project"
            folder.mkdir()
            write(folder, files)
            differences += _compared(name, folder, None)
    if options.packages is not None:
        found = corpus.fetch(places.corpus_folder(), corpus.packages())
        for folder in found:
            if not options.packages or folder.name in options.packages:
                differences += _compared(folder.name, folder, options.alone)
    return int(differences > 0)


def _compared(name: str, folder: Path, most: int | None) -> int:
    start = time.process_time()
    os.chdir(folder)
    found = found_in(["."])
    cost = time.process_time() - start
    alone = None
    if most is not None:
        paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py"))
        random.Random(0).shuffle(paths)  # noqa: S311
        alone = [*paths[:most], *list(found)[:most]]
    comparison = compare(folder, alone)
    differing = len(comparison.differences)
    print(f"{name}: {len(comparison.whole)} files, {differing} differ, {cost:.2f} CPU s")
    for line in comparison.differences:
        print(f"  {line}")
    sys.stdout.flush()
    return differing


if __name__ == "__main__":
    sys.exit(main())
