"""The GitHub action: valid, without holes, and its steps do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]
from notebooks import notebook
from running import ROOT
from schemas import schema

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_follows_the_schema_of_actions() -> None:
    jsonschema.validate(ACTION, schema("https://json.schemastore.org/github-action.json"))


def test_inputs_never_become_code() -> None:
    for step in STEPS:
        assert "${{" not in step["run"]
        assert not re.search(r"\beval\b|\$\(|`", step["run"])
    used = re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert sorted(used) == sorted(ACTION["inputs"])


class Runner:
    """As much of a GitHub runner as the action needs."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        self.environment = {
            **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            "RUNNER_TEMP": str(folder),
            "GITHUB_ENV": str(folder / "env"),
        }

    def step(self, step: dict[str, Any], **inputs: str) -> subprocess.CompletedProcess[str]:
        given = {name: inputs.get(name, i["default"]) for name, i in ACTION["inputs"].items()}

        def value(text: str) -> str:
            text = text.replace("${{ github.action_path }}", str(ROOT))
            return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], text)

        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace / value(step.get("working-directory", ".")),
            env={**self.environment, **{k: value(v) for k, v in step.get("env", {}).items()}},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        written = Path(self.environment["GITHUB_ENV"])
        if written.exists():
            pairs = (line.split("=", 1) for line in written.read_text().splitlines())
            self.environment.update((key, value) for key, value in pairs)
        return done


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if sys.platform == "win32":
        pytest.skip("needs bash")
    return Runner(tmp_path)


def test_running(runner: Runner, tmp_path: Path) -> None:
    # An isolated Python does not see this checkout: a start of its own does.
    start = tmp_path / "bin" / "python"
    start.parent.mkdir()
    start.write_text(f'#!/bin/sh\nshift\nPYTHONPATH={ROOT} exec {sys.executable} "$@"\n')
    start.chmod(0o755)
    runner.environment["BNLINT_BIN"] = str(start.parent)
    runs_it(runner)


@pytest.mark.slow
def test_installing_and_running(runner: Runner) -> None:
    installed = runner.step(STEPS[0], python=sys.executable)
    if installed.returncode and re.search("connection|network|No matching dist", installed.stderr):
        pytest.skip(f"nothing can be installed here: {installed.stderr.splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr
    runs_it(runner)


def runs_it(runner: Runner) -> None:
    book = notebook("#md", "from keras.layers import BatchNormalization\nBatchNormalization()")
    (runner.workspace / "a b").mkdir()
    (runner.workspace / "a b" / "net.ipynb").write_bytes(book)

    done = runner.step(STEPS[1])
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error title=bnlint (BN101),file=")
    assert "::a b/net.ipynb:cell 2:2:1: BN101 " in done.stdout

    done = runner.step(STEPS[1], args="--exit-zero 'net.ipynb'", **{
        "working-directory": "a b", "sarif-file": "out put.sarif"
    })  # fmt: skip
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert (runner.workspace / "a b" / "out put.sarif").exists()

    done = runner.step(STEPS[1], args="'$(touch hole)' ; touch hole `touch hole`")
    assert done.returncode == 2
    assert not list(runner.workspace.rglob("hole"))
