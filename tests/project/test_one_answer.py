"""What is said of a file does not depend on what else is named, nor on where bnlint is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from running import Write

import bnlint
from benchmarks.one_answer.compare import compare
from benchmarks.one_answer.projects import projects
from benchmarks.one_answer.projects import write as write_project

_EXPECTED = re.compile(r"# expect: (\w+)")
_ORDERS = frozenset({"BN301", "BN303"})


@pytest.mark.parametrize("files", [pytest.param(files, id=name) for name, files in projects()])
def test_projects_of_every_shape(tmp_path: Path, files: Mapping[str, str]) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    write_project(folder, files)
    comparison = compare(folder)
    assert comparison.differences == []
    found = {
        (path, finding.location.line, finding.code)
        for path, findings in comparison.whole.items()
        for finding in findings
        if finding.code not in _ORDERS
    }
    assert found == {
        (path, number, code)
        for path, text in files.items()
        if path.endswith(".py")
        for number, line in enumerate(text.splitlines(), 1)
        for code in _EXPECTED.findall(line)
    }


HELPER = "from keras.layers import Dense\n\n\ndef project(x):\n    return Dense(8)(x)\n"
NET = (
    "from keras import Input, Model\nfrom keras.layers import BatchNormalization, ReLU\n"
    "from helper import project\n\n"
    "inputs = Input((8,))\n"
    "model = Model(inputs, ReLU()(BatchNormalization()(project(inputs))))\n"
)


def found(*names: str) -> list[str]:
    report = bnlint.lint(names, ignore=["BN301", "BN303"])
    return [f"{f.location.filename}:{f.location.line} {f.code}" for f in report.findings]


def test_the_working_directory_does_not_matter(
    write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(".git/HEAD", "")
    write("helper.py", HELPER)
    write("deep/er/net.py", NET)
    assert found("helper.py") == ["helper.py:5 BN201"]
    monkeypatch.chdir(project / "deep")
    assert found("../helper.py") == [f"{project / 'helper.py'}:5 BN201"]


def test_a_project_of_its_own_says_nothing_of_the_one_around(write: Write) -> None:
    write(".git/HEAD", "")
    write("helper.py", HELPER)
    write("inner/pyproject.toml", "[tool.bnlint]\n")
    write("inner/net.py", "import sys\nsys.path.append('..')\n" + NET)
    assert found("helper.py") == []
    assert [line for line in found(".") if line.startswith("helper")] == []


def test_ignored_files_are_not_in_it(write: Write) -> None:
    write(".git/HEAD", "")
    write(".gitignore", "net.py\n")
    write("helper.py", HELPER)
    write("net.py", NET)
    assert found("helper.py") == []
    assert found("helper.py", "net.py") == []


def test_sources_that_the_settings_name(write: Write) -> None:
    write("pyproject.toml", '[tool.bnlint]\nsrc = ["one/lib"]\n')
    write("one/lib/helper.py", HELPER)
    write("two/lib/helper.py", "")
    write("bin/net.py", NET)
    assert found("one") == ["one/lib/helper.py:5 BN201"]


def test_what_a_named_file_does_with_its_models_elsewhere_is_told(write: Write) -> None:
    for name, text in dict(projects())["flat"].items():
        write(name, text)
    assert found("main.py") == ["loop.py:8 BN503"]
    assert found("blocks.py", "net.py") == []
