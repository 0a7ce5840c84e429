"""Options and settings that ruff has too: which findings are repaired, and what is said of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, Write

DISTRUST = "extend-unsafe-fixes = ['BN201']"
NET = """\
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(64)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
"""


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bnlint", "--no-cache", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )


def test_unfixable_findings_are_reported_without_a_fix(project: Path, write: Write) -> None:
    net = write("net.py", NET)

    ran = run("--fix", "--unfixable", "BN201", ".", folder=project)

    assert (ran.returncode, net.read_text()) == (1, NET)
    assert "fixable" not in ran.stdout


def test_fixable_rules_alone_are_repaired(project: Path, write: Write) -> None:
    net = write("net.py", NET)
    write("pyproject.toml", '[tool.bnlint]\nfixable = ["BN1"]\n')

    assert run("--fix", ".", folder=project).returncode == 1
    assert net.read_text() == NET
    assert run("--fix", "--fixable", "redundant-bias", ".", folder=project).returncode == 0
    assert "use_bias=False" in net.read_text()


@pytest.mark.parametrize(
    ("setting", "options", "is_fixed"),
    [
        (DISTRUST, ["--fix"], False),
        (DISTRUST, ["--fix", "--unsafe-fixes"], True),
        (f"{DISTRUST}\nunsafe-fixes = true", ["--fix"], True),
        (
            "extend-unsafe-fixes = ['BN201']\nunsafe-fixes = true",
            ["--fix", "--no-unsafe-fixes"],
            False,
        ),
        ("fix = true", [], True),
        ("fix = true", ["--no-fix"], False),
        ("fix-only = true", [], True),
    ],
)
def test_settings_say_what_is_trusted(
    project: Path, write: Write, setting: str, options: list[str], is_fixed: bool
) -> None:
    net = write("net.py", NET)
    write("bnlint.toml", setting)

    run(*options, ".", folder=project)

    assert (net.read_text() != NET) == is_fixed


def test_unsafe_fixes_can_be_taken_for_safe(project: Path, write: Write) -> None:
    text = NET + "model.load_weights('old.h5')\n"
    net = write("net.py", text)

    assert run("--fix", ".", folder=project).returncode == 1
    assert net.read_text() == text
    run("--fix", "--config", "extend-safe-fixes = ['BN201']", ".", folder=project)
    assert "use_bias=False" in net.read_text()


def test_what_was_repaired_is_listed(project: Path, write: Write) -> None:
    write("net.py", NET)

    ran = run("--fix", "--show-fixes", ".", folder=project)

    assert ran.stderr.splitlines() == [
        "Fixed 1 problem:",
        "- net.py:",
        "    1 x BN201 (redundant-bias)",
    ]


def test_a_hook_can_fail_for_what_was_repaired(project: Path, write: Write) -> None:
    write("net.py", NET)

    assert run("--fix", "--exit-non-zero-on-fix", ".", folder=project).returncode == 1
    assert run("--fix", "--exit-non-zero-on-fix", ".", folder=project).returncode == 0


def test_fix_only_reports_nothing_that_is_left(project: Path, write: Write) -> None:
    write("net.py", NET.replace("(inputs)", "(inputs)\nlayers.BatchNormalization()", 1))

    ran = run("--fix-only", ".", folder=project)

    assert (ran.returncode, "BN101" in ran.stdout) == (0, False)


def test_comments_can_be_overruled(project: Path, write: Write) -> None:
    write("net.py", NET.replace("(64)(inputs)", "(64)(inputs)  # noqa: BN201"))

    assert run(".", folder=project).returncode == 0
    assert "BN201" in run("--ignore-noqa", ".", folder=project).stdout


def test_rules_are_off_in_some_files_for_one_run(project: Path, write: Write) -> None:
    write("net.py", NET)
    write("tests/net.py", NET)

    ran = run("--per-file-ignores", "tests/**:BN201,x.py:BN101", ".", folder=project)

    assert next(line for line in ran.stdout.splitlines() if "BN201" in line).startswith("net.py:")
    assert "tests/" not in ran.stdout
    wrong = run("--per-file-ignores", "tests", ".", folder=project)
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("name", ["bnlint.toml", ".bnlint.toml"])
def test_a_settings_file_of_its_own(project: Path, write: Write, name: str) -> None:
    write("net.py", NET)
    write(name, "ignore = ['BN201']\n")
    write("pyproject.toml", "[tool.bnlint]\norder = 'off'\n")

    assert run(".", folder=project).returncode == 0
    assert 'order = "bn-first"' in run("--show-settings", folder=project).stdout


def test_settings_extend_others(project: Path, write: Write) -> None:
    write("net.py", NET)
    write("base.toml", "ignore = ['BN201']\norder = 'off'\n")
    write("bnlint.toml", "extend = 'base.toml'\norder = 'consistent'\n")

    assert run(".", folder=project).returncode == 0
    assert 'order = "consistent"' in run("--show-settings", folder=project).stdout
    write("base.toml", "extend = 'bnlint.toml'\n")
    assert run(".", folder=project).stderr == "bnlint: bnlint.toml: extends itself\n"


@pytest.mark.parametrize(
    ("wanted", "status"), [(">=0.1", 0), ("<0.1", 2), ("0.0.1", 2), ("new", 2), (">=0.0.1,<99", 0)]
)
def test_settings_are_for_a_version(project: Path, write: Write, wanted: str, status: int) -> None:
    write("bnlint.toml", f"required-version = '{wanted}'\n")

    ran = run(".", folder=project)

    assert (ran.returncode, len(ran.stderr.splitlines())) == (status, int(status == 2))


def test_a_wrong_setting_is_told_with_its_line(project: Path, write: Write) -> None:
    write("pyproject.toml", "[project]\nname = 'x'\n\n[tool.bnlint]\nordr = 'off'\n")

    ran = run(".", folder=project)

    assert ran.stderr == "bnlint: pyproject.toml:5: unknown setting 'ordr'; did you mean order?\n"


def test_the_cache_is_deleted(project: Path, write: Write) -> None:
    write("net.py", NET)
    cache = project / ".bnlint_cache"
    cache.mkdir()
    (cache / "0.2.0.cache").write_text("x")
    (cache / "mine").write_text("x")

    assert run("--clean", folder=project).returncode == 0
    assert [path.name for path in cache.iterdir()] == ["mine"]
