"""What bnlint writes, read with the schemas and by the programs that others publish for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from published import npm, pypi, pypi_source
from running import ROOT, Write

pytestmark = pytest.mark.slow

BARE = """\
from keras import Input, Model, layers

note = "100 %; a]b, c:d"
layers.BatchNormalization()
inputs = Input((8,))
é = layers.Dense(64)(inputs)
x = layers.BatchNormalization()(
    é
)
model = Model(inputs, layers.ReLU()(x))
"""


def _odd_names(write: Write) -> None:
    """Findings in places that have to be escaped, in a notebook, and a failure."""
    write("a.py", BARE)
    write("sub/a %;],:=ö.py", BARE)
    (book,) = (ROOT / "rules").glob("BN101*/examples/*five_bare*.ipynb")
    write("net.ipynb", book.read_bytes())


def _written(write: Write, output_format: str, *targets: str) -> str:
    _odd_names(write)
    targets = targets or (".", "gone %;],.py")
    command = [sys.executable, "-m", "bnlint", "--no-cache", "--output-format", output_format]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *targets], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == (2 if any("gone" in each for each in targets) else 1), done.stderr
    return done.stdout


def _node(packages: Path, script: str, given: object) -> Any:
    """What a script prints as JSON, which gets ``given`` on standard input."""
    done = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(given), cwd=packages, capture_output=True, encoding="utf-8", check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_rdjson_is_accepted_by_the_published_validator(write: Write, project: Path) -> None:
    packages = npm("@umbrelladocs/rdformat-validator@1.0.1")
    text = _written(write, "rdjson")
    assert len(json.loads(text)["diagnostics"]) == 9
    done = subprocess.run(
        [str(packages / "node_modules" / ".bin" / "rdformat-validator"), "--strict",
         "--no-extra-fields", "--format", "json"],
        input=text, capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"line": 0' not in text


def test_rdjson_that_is_wrong_would_be_refused(project: Path) -> None:
    packages = npm("@umbrelladocs/rdformat-validator@1.0.1")
    done = subprocess.run(
        [str(packages / "node_modules" / ".bin" / "rdformat-validator"), "--strict"],
        input='{"diagnostics": [{"message": "x", "location": {}}]}',
        capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode != 0


def _compiled(packages: Path, folder: Path, issues: str) -> subprocess.CompletedProcess[str]:
    (folder / "issues.ts").write_text(
        'import type { Issue } from "codeclimate-types";\n'
        f"export const issues: Issue[] = {issues};\n",
        encoding="utf-8",
    )
    (folder / "node_modules").symlink_to(packages / "node_modules")
    return subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--module", "nodenext",
         "issues.ts"],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


def test_gitlab_reports_have_the_published_types(
    write: Write, project: Path, tmp_path: Path
) -> None:
    packages = npm("codeclimate-types@0.3.1", "typescript@5.9.3")
    text = _written(write, "gitlab")
    assert len(json.loads(text)) == 9
    for name, issues, status in (
        ("good", text, 0),
        ("bad", text.replace('"severity": "minor"', '"severity": "low"'), 2),
        ("more", text.replace('"positions"', '"position"'), 2),
    ):
        folder = tmp_path / name
        folder.mkdir()
        done = _compiled(packages, folder, issues)
        assert done.returncode == status, done.stdout


def test_github_commands_are_those_of_the_published_toolkit(write: Write, project: Path) -> None:
    packages = npm("@actions/core@1.11.1")
    lines = _written(write, "github").splitlines()
    assert len(lines) == 10
    read = [_github(line) for line in lines]
    script = """
const core = require('@actions/core');
const names = {line: 'startLine', col: 'startColumn', endColumn: 'endColumn', endLine: 'endLine'};
for (const each of JSON.parse(require('fs').readFileSync(0))) {
  const given = {};
  for (const [key, value] of Object.entries(each.properties)) given[names[key] || key] = value;
  core[each.command](each.message, given);
}
"""
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(read), cwd=packages, capture_output=True,
        encoding="utf-8", check=True, timeout=120,
    )  # fmt: skip
    theirs = [line for line in done.stdout.splitlines() if line]
    assert [_parts(line) for line in theirs] == [_parts(line) for line in lines]


def _parts(line: str) -> tuple[str, set[str], str]:
    """A command without the order of its properties, still escaped."""
    head, message = line[2:].split("::", 1)
    command, _, properties = head.partition(" ")
    return command, set(properties.split(",")), message


def _github(line: str) -> dict[str, object]:
    command, properties, message = _parts(line)
    pairs = (pair.split("=", 1) for pair in properties)
    return {
        "command": command,
        "properties": {key: _unescaped(value, "%3A:", "%2C,") for key, value in pairs},
        "message": _unescaped(message),
    }


def _unescaped(text: str, *more: str) -> str:
    for escaped in (*more, "%0D\r", "%0A\n", "%25%"):
        text = text.replace(escaped[:3], escaped[3:])
    return text


def test_azure_commands_are_read_by_the_published_task_library(write: Write, project: Path) -> None:
    packages = npm("azure-pipelines-task-lib@4.17.3")
    script = """
const { commandFromString } = require('azure-pipelines-task-lib/taskcommand');
const lines = JSON.parse(require('fs').readFileSync(0));
console.log(JSON.stringify(lines.map(commandFromString)));
"""
    read = _node(packages, script, _written(write, "azure").splitlines())
    assert {each["command"] for each in read} == {"task.logissue"}
    failure, *found = read
    assert failure["message"].startswith("gone %;],.py: ")
    assert {each["properties"]["sourcepath"] for each in found} == {
        str(project / name) for name in ("a.py", "net.ipynb", "sub/a %;],:=ö.py")
    }
    for each in found:
        assert set(each["properties"]) == {
            "type", "sourcepath", "linenumber", "columnnumber", "code",
        }  # fmt: skip
    bias = next(e for e in found if e["properties"]["code"] == "BN201")
    assert (bias["properties"]["linenumber"], bias["properties"]["columnnumber"]) == ("6", "5")


def test_sarif_passes_microsofts_validator_with_githubs_rules(write: Write, project: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("the package for this system has another name")
    packages = npm("@microsoft/sarif-multitool-linux@5.7.0")
    tool = packages / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    tool.chmod(0o755)
    (project / "out.sarif").write_text(_written(write, "sarif"), encoding="utf-8")
    try:
        done = subprocess.run(
            [str(tool), "validate", "out.sarif", "--rule-kind", "Sarif;Ghas", "--level",
             "Error;Warning", "--output", "checked.sarif"],
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    except OSError as error:
        pytest.skip(f"the validator does not run here: {error}")
    checked = project / "checked.sarif"
    assert checked.exists(), done.stdout + done.stderr
    found = json.loads(checked.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    wrong = {(each["ruleId"], each.get("level", "warning")) for each in found}
    # The tool's own page, for which there is no address yet.
    assert wrong <= {("SARIF2005", "warning")}, [each["message"] for each in found]


def test_junit_follows_the_schema_of_jenkins(write: Write, project: Path) -> None:
    reader = pypi("xmlschema==4.1.0")
    (project / "junit.xsd").write_bytes(pypi_source("pytest==9.2.0", "/junit-10.xsd"))
    (project / "out.xml").write_text(_written(write, "junit"), encoding="utf-8")
    check = "import xmlschema; xmlschema.XMLSchema('junit.xsd').validate('out.xml')"
    done = _python(reader, project, ["-c", check])
    assert done.returncode == 0, done.stderr
    text = (project / "out.xml").read_text(encoding="utf-8")
    (project / "out.xml").write_text(text.replace("<failure ", "<failed "), encoding="utf-8")
    assert _python(reader, project, ["-c", check]).returncode != 0


def _python(
    packages: Path, folder: Path, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(packages)}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip


def test_pylints_format_is_read_by_diff_quality(write: Write, project: Path) -> None:
    reader = pypi("diff-cover==9.7.1")

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    write("net.py", "import keras\n")
    git("add", ".")
    git("commit", "-m", "first")
    git("checkout", "-b", "more")
    write("net.py", BARE)
    git("commit", "-am", "second")
    command = [sys.executable, "-m", "bnlint", "--no-cache", "--output-format", "pylint", "net.py"]
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    (project / "report.txt").write_bytes(ran.stdout)
    run = "import sys; from diff_cover.diff_quality_tool import main; sys.exit(main())"
    options = ["--violations=pylint", "--compare-branch=main", "--format", "json:q.json"]
    done = _python(reader, project, ["-c", run, *options, "report.txt"])
    assert done.returncode == 0, done.stderr
    read = json.loads((project / "q.json").read_text())["src_stats"]["net.py"]
    said = {line: text.split(":")[0] for line, text in read["violations"]}
    assert said == {4: "BN101", 6: "BN201"}, read
