"""What a CI server reads as a command is never somebody else's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hostile import BAD, Plant, run

from bnlint.reporters.ci_log import unbroken
from bnlint.settings import FORMATS

LINE = "::set-env name=X::y ##[add-path]x ##vso[task.setvariable variable=x]y"
_COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.IGNORECASE | re.MULTILINE)
_OURS = {"github": r"::(error|warning|notice) title=", "azure": r"##vso\[task\.logissue type="}


def foreign_commands(text: str, output_format: str) -> list[str]:
    """The lines that a CI server takes for a command and that we did not mean as one."""
    ours = _OURS.get(output_format)
    found = []
    for line in text.splitlines():
        rest = re.sub(f"^{ours}", "", line) if ours else line
        if _COMMAND.search(rest):
            found.append(line)
    return found


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("server", ["GITHUB_ACTIONS", "TF_BUILD"])
def test_no_name_and_no_source_gives_a_command(
    plant: Plant, repository: Path, output_format: str, server: str
) -> None:
    named = BAD.replace("layers.Dense(4)", "layers.Dense(4, name='" + LINE + "')")
    plant("::error ::x##[add-path]##vso[x].py", named)
    plant("##[add-path]x.py", BAD.replace("Input((8,))", "Input((8,))  # " + LINE))
    plant(
        "::warning::broken.py", "keras.layers.BatchNormalization()\n::error::x = \n" + LINE + "\n"
    )

    ran = run("--output-format", output_format, ".", cwd=repository, variables={server: "true"})

    assert ran.returncode in (0, 1, 2)
    assert foreign_commands(ran.stdout, output_format) == []
    assert foreign_commands(ran.stderr, "") == []
    if output_format == "json":
        assert any("::error ::x##[add-path]" in f["filename"] for f in json.loads(ran.stdout))
    if output_format == "junit":
        ET.fromstring(ran.stdout)


@pytest.mark.parametrize(
    "arguments", [["--show-files"], ["--diff"], ["--statistics"]], ids=" ".join
)
def test_nor_beside_the_formats(plant: Plant, repository: Path, arguments: list[str]) -> None:
    text = BAD.replace("x = layers.B", f'"""\n::error::{LINE}\n"""\nx = layers.B')
    plant("::error ::x##[add-path].py", text)

    ran = run(*arguments, ".", cwd=repository, variables={"GITHUB_ACTIONS": "true"})

    assert "error" in ran.stdout or arguments == ["--statistics"]
    assert foreign_commands(ran.stdout, "") == []


def test_failures_neither(repository: Path) -> None:
    ran = run("::error::x ##[y].py", cwd=repository, variables={"GITHUB_ACTIONS": "true"})
    assert ran.returncode == 2
    assert foreign_commands(ran.stderr, "") == []


def test_what_is_no_command_stays() -> None:
    lines = ["a.py:1:1: BN201 `x[::2]`\n", "## heading\n", "a: b\n"]
    assert list(unbroken(lines)) == lines
    diff = [" y = x[::step]\n", "-z = x[::n]\n"]
    assert list(unbroken(diff, "diff")) == diff
