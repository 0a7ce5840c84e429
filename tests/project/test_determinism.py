"""The same bytes for any order of arguments, any spelling of a path and any number of jobs."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from running import Bnlint, Write

FORMATS = ("full", "concise", "json", "json-lines")


@pytest.fixture
def tree(write: Write) -> None:
    filler = "#" * 90_000
    for name in ("b/x.py", "a/y.py", "a/x.py", "c.py", "a/deep/er/z.py", "Z.py"):
        write(name, f"'BatchNorm'\nx = BIAS  # SITE\ny = LOST, ORDER  # ODD\n# {filler}\n")


@pytest.mark.parametrize("output_format", FORMATS)
def test_any_number_of_jobs(bnlint: Bnlint, tree: None, output_format: str) -> None:
    runs = [bnlint("--jobs", n, "--output-format", output_format) for n in ("1", "2", "5")]
    assert len({ran.out for ran in runs}) == 1
    assert len(runs[0].out) > 100


def test_any_order_of_arguments(bnlint: Bnlint, tree: None) -> None:
    outs = {bnlint(*names).out for names in itertools.permutations(["a", "b", "c.py"])}
    assert len(outs) == 1


def test_a_file_named_twice_is_told_once(bnlint: Bnlint, tree: None, project: Path) -> None:
    (project / "link.py").symlink_to("c.py")
    outs = {
        bnlint(*names).out
        for names in (["c.py"], ["c.py", "./c.py"], ["link.py", str(project / "c.py"), "a/../c.py"])
    }
    assert len(outs) == 1


def test_files_are_sorted_and_named_from_the_working_directory(
    bnlint: Bnlint, tree: None, project: Path
) -> None:
    names = [line.split(":")[0] for line in bnlint(project).lines]
    assert names == sorted(names)
    assert set(names) == {"Z.py", "a/deep/er/z.py", "a/x.py", "a/y.py", "b/x.py", "c.py"}


def test_the_cache_changes_nothing(bnlint: Bnlint, tree: None) -> None:
    cold, warm, without = bnlint(cache=True), bnlint(cache=True), bnlint()
    assert cold.out == warm.out == without.out


def test_failures_come_in_one_order(bnlint: Bnlint, tree: None) -> None:
    assert bnlint("q.py", "p.py", "c.py").err == bnlint("c.py", "p.py", "q.py").err
