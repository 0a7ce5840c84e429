"""Notebooks through the whole program, with the real reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from notebooks import KERNEL, notebook, reference
from running import ROOT, Ran, Write

import bnlint as api
from bnlint.findings import Finding
from bnlint.readers.source.parsing.notebook import Notebook

IMPORTS = "import os\nfrom keras.models import Sequential\nfrom keras.layers import *\n"
FIVE = (
    "#md # A network",
    f"%matplotlib inline\n{IMPORTS}model = Sequential()",
    *["model.add(Dense(64, activation='relu'))\nBatchNormalization()\nmodel.add(Dropout(0.2))"] * 5,
    "!pip install x\nmodel.summary()",
)
BARE = "BatchNormalization()"

Run = Callable[..., Ran]


@pytest.fixture
def run(project: Path) -> Run:
    """Run the program itself."""

    def run(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        command = [sys.executable, "-m", "bnlint", *arguments]
        done = subprocess.run(
            command, input=stdin, capture_output=True, env=environment, cwd=project, check=False
        )
        return Ran(done)

    return run


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, int]]:
    return [(f.code, f.location.cell, f.location.line) for f in findings]


def linted(*sources: str, name: str = "a.ipynb") -> list[tuple[str, int | None, int]]:
    return places(api.lint_source(notebook(*sources), name, isolated=True).findings)


def test_five_bare_ones_have_their_cells_and_lines(run: Run, write: Write) -> None:
    write("net.ipynb", notebook(*FIVE))
    ran = run("--no-cache")
    assert ran.status == 1
    assert [line.partition(" B")[0] for line in ran.lines] == [
        f"net.ipynb:cell {cell}:2:1:" for cell in (3, 4, 5, 6, 7)
    ]
    found = json.loads(run("--no-cache", "--output-format", "json").out)
    assert [(f["cell"], f["location"]["row"], f["end_location"]["column"]) for f in found] == [
        (cell, 2, 21) for cell in (3, 4, 5, 6, 7)
    ]
    full = run("--no-cache", "--output-format", "full").out
    assert "--> net.ipynb:cell 3:2:1 and 4 more places" in full
    assert "::: net.ipynb:cell 7:2:1" in full
    assert full.count("2 | BatchNormalization()\n") == 5


def test_from_standard_input_and_from_the_cache(run: Run, write: Write) -> None:
    write("net.ipynb", notebook(*FIVE))
    expected = run("--no-cache").out
    assert run("--stdin-filename", "net.ipynb", stdin=notebook(*FIVE)).out == expected
    assert [run().out, run().out, run("--jobs", "2").out] == [expected] * 3


def test_settings_of_a_file_count_for_notebooks(run: Run, write: Write) -> None:
    write("net.ipynb", notebook(*FIVE))
    assert run("--no-cache", "--exclude", "*.ipynb").out == "No Python files found.\n"
    write("pyproject.toml", '[tool.bnlint]\nper-file-ignores = {"*.ipynb" = ["BN101"]}\n')
    assert run("--no-cache").status == 0


def test_a_name_of_one_cell_is_known_in_the_next() -> None:
    assert linted(
        IMPORTS + "inputs = Input((8,))",
        "%%time\nx = Dense(4)(inputs)",
        "x = BatchNormalization()(x)\nmodel = Model(inputs, x)",
    ) == [("BN201", 2, 2)]


def test_a_message_names_the_other_cell() -> None:
    book = notebook(
        IMPORTS + "inputs = Input((8,))\nx = Dense(4)(inputs)",
        "\nx = BatchNormalization()(x)\nmodel = Model(inputs, x)",
    )
    (finding,) = api.lint_source(book, "a.ipynb", isolated=True).findings
    assert finding.message.endswith("BatchNormalization at line 2 of cell 2 subtracts it again")
    assert [(r.location.cell, r.location.line) for r in finding.related] == [(2, 2)]


def test_a_cell_that_does_not_parse_is_one_finding_and_the_others_are_read() -> None:
    assert linted(IMPORTS, BARE, "x = (1,\ny = )\nz = (", 'x = """open', BARE) == [
        ("BN101", 2, 1),
        ("BN001", 3, 2),
        ("BN001", 4, 1),
        ("BN101", 5, 1),
    ]


def test_an_indented_cell_is_read_as_ipython_reads_it() -> None:
    book = notebook(IMPORTS, "    # here\n    x = 1\n    BatchNormalization()")
    (finding,) = api.lint_source(book, "a.ipynb", isolated=True).findings
    assert (finding.location.cell, finding.location.line, finding.location.column) == (2, 3, 5)


def test_a_line_that_begins_left_of_an_indented_cell_stays_as_it_is() -> None:
    cell = "  rates = {\n    'dense': 0.5,\n}\n  BatchNormalization()\nBatchNormalization()"
    report = api.lint_source(notebook(IMPORTS, cell), "a.ipynb", isolated=True)
    places = [(found.code, found.location.line, found.location.column) for found in report.findings]
    assert places == [("BN101", 4, 3), ("BN101", 5, 1)]


def test_comments_count_in_their_cell_and_for_the_file() -> None:
    cells = (IMPORTS, f"{BARE}  # noqa: BN101", f"!ls (\n{BARE}")
    assert linted(*cells) == [("BN101", 3, 2)]
    assert linted(*cells, "x = 1  # bnlint: ignore[BN101]") == [("BN101", 3, 2), ("BN002", 4, 1)]
    assert linted("# bnlint: file-ignore[BN101]", IMPORTS, BARE, BARE) == []


def test_a_module_beside_it_is_followed(run: Run, write: Write) -> None:
    write(
        "blocks.py",
        "from keras.layers import *\ndef norm(x):\n    return BatchNormalization()(x)\n",
    )
    write(
        "net.ipynb",
        notebook(
            "import keras\nfrom keras.layers import Dense, Input\nfrom blocks import norm",
            "i = Input((3,))\nx = norm(Dense(4)(i))\nmodel = keras.Model(i, x)",
        ),
    )
    for arguments in (["net.ipynb"], ["."]):
        (line,) = run("--no-cache", *arguments).lines
        assert line.startswith("net.ipynb:cell 2:2:10: BN201")
        assert "at line 3 of blocks.py" in line


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"language_info": {"name": "julia"}, **KERNEL},
    ],
)
def test_other_kernels_are_passed_over(metadata: dict[str, object]) -> None:
    book = notebook(IMPORTS, BARE, "x <- (", metadata=metadata)
    report = api.lint_source(book, "a.ipynb", isolated=True)
    assert (report.findings, report.failures, report.sites) == ((), (), ())


@pytest.mark.parametrize("metadata", [{}, {"language_info": {"name": "python"}}, KERNEL])
def test_python_kernels_and_none_are_read(metadata: dict[str, object]) -> None:
    book = notebook(IMPORTS, BARE, metadata=metadata, as_list=False)
    report = api.lint_source(book, "a.ipynb", isolated=True)
    assert places(report.findings) == [("BN101", 2, 1)]


def test_a_cell_of_another_language_is_passed_over() -> None:
    book = json.loads(notebook(IMPORTS, BARE, BARE))
    book["cells"][1]["metadata"] = {"vscode": {"languageId": "sql"}}
    report = api.lint_source(json.dumps(book), "a.ipynb", isolated=True)
    assert places(report.findings) == [("BN101", 3, 1)]


def test_format_3() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": "BatchNormalization"},
        {"cell_type": "code", "language": "python", "input": IMPORTS + BARE, "outputs": []},
        {"cell_type": "code", "language": "r", "input": BARE, "outputs": []},
        {"cell_type": "code", "language": "python", "input": ["x=1\n", BARE], "outputs": []},
    ]
    book = {"worksheets": [{"cells": cells}], "nbformat": 3, "nbformat_minor": 0, "metadata": {}}
    report = api.lint_source(json.dumps(book), "a.ipynb", isolated=True)
    assert places(report.findings) == [("BN101", 2, 4), ("BN101", 4, 2)]


class TestFilesThatAreNoNotebook:
    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ('{"cells": [\n"BatchNorm"', 2, "invalid JSON: expected `,` or `]`"),
            ('{"cells": [{"source": "BatchNorm\n"}]}', 1, "invalid JSON: Invalid control char"),
            ('["BatchNorm"]', 1, "its JSON has no list of `cells`"),
            ('{"BatchNorm": 1}', 1, "its JSON has no list of `cells`"),
            ('{"cells": "BatchNorm"}', 1, "its JSON has no list of `cells`"),
            ('{"cells": []} "BatchNorm"', 1, "invalid JSON: Extra data"),
            ("BatchNorm", 1, "invalid JSON: Expecting value"),
            ('{"BatchNorm": ' + "[" * 200_000, 1, "its JSON is nested too deeply"),
            ('{"a": ' * 200_000 + '"BatchNorm"', 1, "its JSON is nested too deeply"),
        ],
    )
    def test_say_so_in_one_line(
        self, run: Run, write: Write, text: str, line: int, message: str
    ) -> None:
        write("a.ipynb", text)
        ran = run("--no-cache", "--quiet")
        assert (ran.status, ran.err, ran.out.count("\n")) == (1, "", 1)
        assert ran.out.startswith(f"a.ipynb:{line}:")
        assert f"BN001 not a notebook: {message}" in ran.out

    def test_bytes_that_are_no_text(self, run: Run, write: Write) -> None:
        write("a.ipynb", b'{"cells": [\n"BatchNorm \xff"]}')
        assert "a.ipynb:2:1: BN001 not a notebook: byte 0xff is not UTF-8" in run("-n").out

    @pytest.mark.parametrize(
        "cell",
        [
            None, 1, "BatchNorm", [], {}, {"cell_type": 3}, {"cell_type": "code"},
            {"cell_type": "code", "source": None}, {"cell_type": "code", "source": {"a": []}},
            {"cell_type": "code", "source": [1, None, ["a"], {"b": 2}]},
            {"cell_type": "code", "source": "x\0y"}, {"cell_type": "code", "source": "\ud800 = 1"},
            {"cell_type": "code", "source": [], "metadata": {"vscode": []}},
            {"cell_type": "code", "source": "x = 1", "metadata": []},
            {"cell_type": "code", "source": "x = 1", "execution_count": 10**30},
            {"cell_type": "code", "source": "x = 1", "outputs": {"a": 1e999}},
        ],
    )  # fmt: skip
    def test_a_cell_of_wrong_types_hides_no_other(self, cell: object) -> None:
        book = json.loads(notebook(IMPORTS, BARE))
        book["cells"].insert(1, cell)
        book["metadata"] = {"kernelspec": [], "language_info": {"name": 3}}
        report = api.lint_source(json.dumps(book), "a.ipynb", isolated=True)
        assert report.failures == ()
        assert places(report.findings)[-1] == ("BN101", 3, 1)
        assert all(f.code == "BN001" for f in report.findings[:-1])

    def test_numbers_with_many_digits(self) -> None:
        text = notebook(IMPORTS, BARE).replace(b'"outputs": []', b'"outputs": [%s]' % (b"9" * 9999))
        report = api.lint_source(text, "a.ipynb", isolated=True)
        assert places(report.findings) == [("BN101", 2, 1)]


def test_large_outputs_are_no_reason_to_refuse(run: Run, write: Write) -> None:
    book = json.loads(notebook(IMPORTS, BARE))
    book["cells"][1]["outputs"] = [{"data": {"image/png": "iVBORw0K" * 2_000_000}}]
    write("a.ipynb", json.dumps(book))
    assert run("--no-cache").lines[0].startswith("a.ipynb:cell 2:1:1: BN101")
    ran = run("--no-cache", "--config", "max-file-size = 1000000")
    assert ran.status == 2
    assert ran.err == "bnlint: a.ipynb: larger than 10 MB; exclude it, or raise max-file-size\n"


def test_five_bare_ones_in_the_formats_of_others(run: Run, write: Write, project: Path) -> None:
    write("net.ipynb", notebook(*FIVE))
    raw = notebook(*FIVE).decode().split("\n")
    ran = run("--no-cache", "-o", "sarif:net.sarif", "--output-format", "github")
    commands = [line for line in ran.out.splitlines() if line.startswith("::error ")]
    results = json.loads((project / "net.sarif").read_text())["runs"][0]["results"]
    assert len(commands) == len(results) == 5
    for cell, command, result in zip((3, 4, 5, 6, 7), commands, results, strict=True):
        assert f"::net.ipynb:cell {cell}:2:1: BN101 " in command
        (location,) = result["locations"]
        assert location["properties"] == {"cell": cell, "line": 2, "column": 1}
        region = location["physicalLocation"]["region"]
        assert f",line={region['startLine']},col={region['startColumn']}," in command
        assert raw[region["startLine"] - 1][region["startColumn"] - 1 :].startswith(BARE)


@pytest.mark.keras
def test_five_bare_ones_are_repaired_and_the_notebook_runs(run: Run, write: Write) -> None:
    before = reference(notebook(*FIVE))
    path = write("net.ipynb", notebook(*FIVE))

    run("--no-cache", "--fix", "--unsafe-fixes")

    after = reference(path.read_bytes())
    assert "BN" not in run("--no-cache").out.replace("BatchNorm", "")
    assert [cell.cell_type for cell in after.cells] == [cell.cell_type for cell in before.cells]
    assert after.cells[-1] == before.cells[-1]
    names: dict[str, Any] = {}
    exec(Notebook("net.ipynb", path.read_bytes()).program, names)
    kinds = [type(layer).__name__ for layer in names["model"].layers]
    assert kinds.count("BatchNormalization") == 5


def test_comments_for_the_findings_of_today(run: Run, write: Write) -> None:
    path = write("net.ipynb", notebook(*FIVE))
    assert run("--no-cache", "--add-noqa").out == "Added 5 suppressions in 1 file.\n"
    assert path.read_bytes() == notebook(*FIVE).replace(
        b'"BatchNormalization()', b'"BatchNormalization()  # noqa: BN101'
    )
    assert run("--no-cache").status == 0
