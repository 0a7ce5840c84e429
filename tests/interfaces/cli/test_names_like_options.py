"""A file may be called like an option, as hooks pass the names of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import BAD, MARK, Plant, run
from running import ROOT

from bnlint.interfaces.cli import init

NAMES = ("--exit-zero", '--config=rules=["x"]', "--fix.py", "-q.py", "--", "@x.py", "-")


@pytest.mark.parametrize("name", NAMES)
def test_behind_two_dashes_it_is_a_file(plant: Plant, repository: Path, name: str) -> None:
    plant("net.py", BAD)
    path = plant(name, BAD)

    ran = run("--", name, "net.py", cwd=repository)

    assert ran.returncode == 1, ran.stderr
    assert "net.py:4:5: BN201" in ran.stdout
    assert f"{name}:4:5: BN201" in ran.stdout
    assert path.read_text() == BAD


def test_behind_two_dashes_nothing_is_built(plant: Plant, repository: Path, outside: Path) -> None:
    plant("app.py", MARK.format(mark=str(outside / "mark")))
    ran = run("--", "app:build", cwd=repository)
    assert ran.returncode == 2
    assert "app:build: no such file or folder" in ran.stderr
    assert not (outside / "mark").exists()


def test_without_them_it_is_said(plant: Plant, repository: Path) -> None:
    plant("--strange.py", BAD)
    ran = run("--strange.py", cwd=repository)
    assert ran.returncode == 2
    assert ran.stderr.startswith(
        "bnlint: unknown option --strange.py; to read the file of that name write `--` before it"
    )


def test_option_behind_two_dashes_is_said_to_be_none(repository: Path) -> None:
    ran = run("--", "--exit-zero", cwd=repository)
    assert ran.returncode == 2
    assert ran.stderr == (
        "bnlint: --exit-zero: no such file or folder; behind `--` everything is a file\n"
    )


def test_hooks_end_in_two_dashes() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert "  entry: bnlint --force-exclude --\n" in hooks
    assert "      entry: bnlint --force-exclude --\n" in init._HOOK
