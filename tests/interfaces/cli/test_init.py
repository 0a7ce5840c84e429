"""``--init``: what it adds works, and what was there stays."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from notebooks import notebook
from running import ROOT, Bnlint, Write

from bnlint import settings
from bnlint.interfaces.cli.init import TABLE
from bnlint.settings import SettingsFinder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def uncommented(text: str) -> str:
    return re.sub(r"^# (?=[a-z-]+ = )", "", text, flags=re.MULTILINE)


def test_every_setting_is_shown_with_its_default() -> None:
    table = tomllib.loads(uncommented(TABLE))["tool"]["bnlint"]
    assert sorted(table) == sorted(settings._KINDS)
    default = SettingsFinder(isolated=True).for_folder("/")
    assert table["order"] == default.order
    assert table["fail-on"] == default.fail_on
    assert table["max-file-size"] == default.max_file_size
    assert table["respect-gitignore"] is default.respect_gitignore
    assert table["force-exclude"] is default.force_exclude
    assert tomllib.loads(TABLE) == {"tool": {"bnlint": {}}}


class TestSettings:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            "[project]\nname = 'x'",
            "# mine\n[project]\r\nname = 'x'\r\n\r\n",
            "\ufeff[tool.ruff]\nline-length = 100\n",
            "[tool]\n[tool.black]\nx = 1\n[other]\n",
        ],
    )
    def test_are_added_behind_what_is_there(self, bnlint: Bnlint, write: Write, text: str) -> None:
        path = write("pyproject.toml", text.encode())
        ran = bnlint("--init")
        assert (ran.status, ran.out, ran.err) == (0, "pyproject.toml: added to\n", "")
        new = path.read_bytes()
        assert new.startswith(text.encode())
        assert tomllib.loads(new.decode("utf-8-sig"))["tool"]["bnlint"] == {}
        assert (b"\r\n" in new) == ("\r\n" in text)
        assert bnlint(".").status == 0

    def test_a_file_is_made(self, bnlint: Bnlint, project: Path) -> None:
        assert bnlint("--init").out == "pyproject.toml: made\n"
        assert (project / "pyproject.toml").read_text() == TABLE
        (project / "pyproject.toml").write_text(uncommented(TABLE))
        assert bnlint("--write-baseline", ".").status == 0
        assert bnlint(".").status == 0

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[tool.bnlint]\norder = 'off'\n", "has a [tool.bnlint] table already"),
            ("[tool]\nbnlint = {}\n", "has a [tool.bnlint] table already"),
            ("tool = { ruff = {} }\n", "no table can be added"),
            ("[tool\n", "not valid TOML, so nothing was added"),
            (b"x = '\xff'", "not UTF-8"),
        ],
    )
    def test_are_left_alone_otherwise(
        self, bnlint: Bnlint, write: Write, text: str | bytes, message: str
    ) -> None:
        path = write("pyproject.toml", text)
        old = path.read_bytes()
        ran = bnlint("--init", *([] if "already" in message else ["--pre-commit"]))
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert ran.err.startswith("bnlint: pyproject.toml: ")
        assert message in ran.err
        assert path.read_bytes() == old
        assert [p.name for p in path.parent.iterdir()] == ["pyproject.toml"]


LONG = """\
default_stages: [pre-commit]
repos:  # all
  # one
  - repo: https://x/y
    rev: v1
    hooks:
      - id: a

      - id: b # end
# tail
ci: {skip: []}
"""


class TestHook:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "repos:\n- repo: https://x/y\n  rev: v1\n  hooks:\n  - id: a\n",
            LONG,
            "repos:\r\n  - repo: local\r\n    hooks: []",
        ],
    )
    def test_is_added_to_the_repositories(
        self, bnlint: Bnlint, write: Write, project: Path, text: str
    ) -> None:
        path = project / ".pre-commit-config.yaml"
        if text:
            write(path.name, text.encode())
        ran = bnlint("--init", "--pre-commit")
        assert (ran.status, ran.err) == (0, "")
        new = path.read_bytes().decode()
        loaded = yaml.safe_load(new)
        validate = [sys.executable, "-m", "pre_commit", "validate-config", path.name]
        subprocess.run(validate, cwd=project, check=True)
        old = yaml.safe_load(text) or {"repos": []}
        assert loaded["repos"][:-1] == old["repos"]
        assert {**loaded, "repos": 0} == {**old, "repos": 0}
        assert loaded["repos"][-1]["hooks"][0]["id"] == "bnlint"
        lines = new.split("\n")
        assert [line for line in text.split("\n") if line.strip() and line not in lines] in (
            [],
            ["    hooks: []"],  # it has a line end now
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("repos: []\n", "has no list of `repos`"),
            ("ci: {}\n", "has no list of `repos`"),
        ],
    )
    def test_nothing_is_written_where_it_cannot_be_added(
        self, bnlint: Bnlint, write: Write, project: Path, text: str, message: str
    ) -> None:
        write(".pre-commit-config.yaml", text)
        ran = bnlint("--init", "--pre-commit")
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert message in ran.err
        assert not (project / "pyproject.toml").exists()

    def test_what_is_there_does_not_keep_the_other_from_being_added(
        self, bnlint: Bnlint, write: Write, project: Path
    ) -> None:
        table = write("pyproject.toml", "[tool.bnlint]\norder = 'off'\n")
        said = bnlint("--init", "--pre-commit").out.splitlines()
        assert said == [
            "pyproject.toml: has a [tool.bnlint] table already; it was left as it is",
            ".pre-commit-config.yaml: made",
        ]
        table.unlink()
        said = bnlint("--init", "--pre-commit").out.splitlines()
        assert said == [
            ".pre-commit-config.yaml: has a hook `bnlint` already; it was left as it is",
            "pyproject.toml: made",
        ]
        assert bnlint("--init", "--pre-commit").status == 2

    @pytest.mark.slow
    def test_runs_under_pre_commit(
        self, bnlint: Bnlint, write: Write, project: Path, tmp_path: Path
    ) -> None:
        if shutil.which("git") is None:
            pytest.skip("no git")
        assert bnlint("--init", "--pre-commit").status == 0
        source = "from keras.layers import BatchNormalization\nBatchNormalization()"
        write("net.ipynb", notebook("#md", source))
        write("net.py", source)
        subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
        subprocess.run(["git", "add", "-A"], cwd=project, check=True)
        command = tmp_path / "bin" / "bnlint"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m bnlint --no-cache "$@"\n')
        command.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "PRE_COMMIT_HOME": str(tmp_path / "home"),
            },
        )
        assert "net.ipynb:cell 2:2:1: BN101" in done.stdout, done.stdout + done.stderr
        assert "net.py:2:1: BN101" in done.stdout
        assert done.returncode == 1


def test_what_cannot_be_asked(bnlint: Bnlint) -> None:
    for arguments in (["--pre-commit"], ["--init", "a", "b"]):
        ran = bnlint(*arguments)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
