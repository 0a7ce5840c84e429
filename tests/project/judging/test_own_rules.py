"""Rules of one's own are code: whose run, and when."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import BAD, MARK, Plant, rule, run

from bnlint.settings import SettingsFinder

RULES = '[tool.bnlint]\nrules = ["lint"]\n'


@pytest.fixture
def mark(outside: Path) -> Path:
    return outside / "mark"


@pytest.mark.parametrize(
    "arguments",
    [["."], ["--list-rules"], ["--show-files"], ["--select", "BN201", "."], ["--explain", "BN201"]],
    ids=" ".join,
)
def test_rules_of_a_vendored_folder_never_run(
    plant: Plant, repository: Path, mark: Path, arguments: list[str]
) -> None:
    plant("net.py", BAD)
    plant("vendor/net.py", BAD)
    plant("vendor/pyproject.toml", RULES + 'select = ["XY101", "BN201"]\n')
    plant("vendor/lint/XY101-mine/rule.py", rule(mark))

    ran = run(*arguments, cwd=repository)

    assert not mark.exists()
    assert ran.returncode == (1 if arguments[-1] == "." else 0), ran.stderr
    if arguments == ["."]:
        assert [line.split(":")[0] for line in ran.stdout.splitlines() if ": BN" in line] == [
            "net.py",
            "vendor/net.py",
        ]
        assert ran.stderr.count("\n") == 1
        assert "vendor/pyproject.toml: its `rules` are code" in ran.stderr


def test_rules_from_above_the_repository_never_run(
    plant: Plant, repository: Path, tmp_path: Path, mark: Path
) -> None:
    plant("net.py", BAD)
    (tmp_path / "pyproject.toml").write_text(RULES)
    folder = tmp_path / "lint" / "XY101-mine"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(rule(mark))

    ran = run("net.py", cwd=repository)

    assert ran.returncode == 1
    assert not mark.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes root")
def test_without_a_repository_a_file_above_must_be_the_user_s(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(RULES)
    (tmp_path / "lint").mkdir()
    inner = tmp_path / "inner"
    inner.mkdir()

    assert SettingsFinder(folder=str(inner)).for_folder(str(inner)).rules
    os.chown(tmp_path / "pyproject.toml", 12345, 12345)
    assert not SettingsFinder(folder=str(inner)).for_folder(str(inner)).rules


def test_project_s_own_rules_run_in_it_and_where_it_is_named(
    plant: Plant, repository: Path, outside: Path, mark: Path
) -> None:
    plant("net.py", BAD)
    settings = plant("pyproject.toml", RULES)
    plant("lint/XY101-mine/rule.py", rule(mark))
    plant("sub/net.py", BAD)

    for cwd, arguments, runs in (
        (repository, ["net.py"], True),
        (repository / "sub", ["net.py"], True),
        (outside, [repository], False),
        (outside, ["--config", settings, repository], True),
        (repository, ["--no-rules", "net.py"], False),
        (repository, ["--show-files"], False),
        (repository, ["--select", "BN201", "net.py"], False),
        (repository, ["--list-rules"], False),
    ):
        mark.unlink(missing_ok=True)
        ran = run("--no-cache", *arguments, cwd=cwd)
        assert ran.returncode in (0, 1), ran.stderr
        assert mark.exists() is runs, (cwd, arguments)


def test_rules_of_what_a_vendored_folder_extends_never_run(
    plant: Plant, repository: Path, mark: Path
) -> None:
    plant("net.py", BAD)
    plant("vendor/net.py", BAD)
    plant("vendor/bnlint.toml", 'extend = "../base.toml"\n')
    plant("base.toml", 'rules = ["lint"]\n')
    plant("lint/XY101-mine/rule.py", rule(mark))
    assert run("--no-cache", ".", cwd=repository).returncode == 1
    assert not mark.exists()
    plant("bnlint.toml", 'extend = "base.toml"\n')
    assert run("--no-cache", ".", cwd=repository).returncode == 1
    assert mark.exists()


def test_folder_that_the_project_names_may_be_named_again_in_it(
    plant: Plant, repository: Path
) -> None:
    plant("pyproject.toml", RULES)
    (repository / "lint").mkdir()
    plant("part/pyproject.toml", '[tool.bnlint]\nrules = ["../lint"]\n')
    finder = SettingsFinder(folder=str(repository))

    assert finder.for_folder(str(repository / "part")).rules == (str(repository / "lint"),)
    assert not finder.idle_rules


def test_listing_tells_a_rule_from_its_text(plant: Plant, repository: Path, mark: Path) -> None:
    plant("pyproject.toml", RULES)
    plant("lint/XY101-mine/rule.py", rule(mark))

    ran = run("--list-rules", cwd=repository)

    assert "XY101  mine" in ran.stdout
    assert ran.stdout.rstrip().endswith("What it finds")
    assert not mark.exists()


def test_rules_that_are_the_whole_disk_cost_a_line(plant: Plant, repository: Path) -> None:
    plant("net.py", BAD)
    plant("pyproject.toml", '[tool.bnlint]\nrules = ["/"]\n')

    ran = run("net.py", cwd=repository)

    assert ran.returncode == 2
    assert ran.stderr == (
        "bnlint: rules: / holds more than 5000 files; name the folder that holds the rules alone\n"
    )


@pytest.mark.parametrize("name", ["argparse", "tomllib", "difflib", "hashlib", "libcst", "rich"])
def test_modules_of_the_current_folder_are_never_imported(
    plant: Plant, repository: Path, mark: Path, name: str
) -> None:
    plant("net.py", BAD)
    plant("pyproject.toml", '[tool.bnlint]\nselect = ["BN2"]\n')
    plant(f"{name}.py", MARK.format(mark=str(mark)))

    ran = run("net.py", "--fix", "--diff", cwd=repository)

    assert ran.returncode == 1, ran.stderr
    assert not mark.exists()
