"""Edits of cells are edits of the JSON, and of nothing else in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import notebook, reference
from running import ROOT, Write

import bnlint
from bnlint.findings import Edit, Location
from bnlint.readers.source.parsing.notebook import Notebook

TEXT = st.text(st.sampled_from('ab\n\n"\\é\u2028😀\t/'), max_size=30)


def offsets(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset) - 1 + 1


def edit_of(source: str, start: int, end: int, content: str) -> Edit:
    return Edit(Location("a.ipynb", *offsets(source, start), *offsets(source, end), 2), content)


def parts(data: bytes) -> tuple[str, str]:
    """The text of a notebook around the source of its second cell."""
    text = data.decode("utf-8")
    found = re.search(r'"before".*?"source": (.*?), "outputs": "after"', text, re.DOTALL)
    assert found
    return text[: found.start(1)], text[found.end(1) :]


@given(
    TEXT, st.lists(st.tuples(st.integers(0, 30), TEXT), max_size=3), st.booleans(), st.booleans()
)
def test_any_edits(
    source: str, changes: list[tuple[int, str]], as_list: bool, is_ascii: bool
) -> None:
    said = re.findall(r"[^\n]*\n|[^\n]+", source) if as_list else source
    cells = [
        {"cell_type": "code", "source": ["x\n", "y"]},
        {"cell_type": "code", "metadata": "before", "source": said, "outputs": "after"},
        {"cell_type": "code", "source": "\\u00e9"},
    ]
    data = json.dumps({"cells": cells, "metadata": {}}, ensure_ascii=is_ascii).encode()
    edits: list[Edit] = []
    expected, done = "", 0
    for wanted, content in sorted(changes):
        start = min(wanted, len(source))
        end = min(start + 2, len(source))
        if not source or start < done or (start == done and edits):
            continue
        edits.append(edit_of(source, start, end, content))
        expected += source[done:start] + content
        done = end
    expected += source[done:]

    new = Notebook("a.ipynb", data).with_source_edits(edits)

    assert parts(new) == parts(data)
    cell = json.loads(new)["cells"][1]["source"]
    assert isinstance(cell, list) is as_list
    assert "".join(cell) == expected
    if as_list:
        assert all(line.endswith("\n") for line in cell[:-1])
        assert "" not in cell
    if not edits:
        assert new == data


def edited(*lines: str, edits: list[Edit], indent: int | None = 1) -> list[str]:
    """The lines of the file that differ."""
    data = notebook("#md", "".join(lines), indent=indent)
    old = data.decode().split("\n")
    new = Notebook("a.ipynb", data).with_source_edits(edits).decode().split("\n")
    reference("\n".join(new))
    return [f"-{line.strip()}" for line in old if line not in new] + [
        f"+{line.strip()}" for line in new if line not in old
    ]


def test_the_changed_line_alone_differs() -> None:
    edit = Edit(Location("a.ipynb", 2, 5, 2, 8, 2), 'Dense(1, name="é")')
    assert edited("x = 1\n", "y = f(2)\n", "z = 3", edits=[edit]) == [
        '-"y = f(2)\\n",',
        '+"y = Dense(1, name=\\"é\\"))\\n",',
    ]


def test_inserted_and_deleted_lines_are_strings_of_the_list() -> None:
    before = Edit(Location("a.ipynb", 1, 1, 1, 1, 2), "import os\n")
    assert edited("x = 1\n", "y = 2", edits=[before]) == ['+"import os\\n",']
    middle = Edit(Location("a.ipynb", 2, 1, 3, 1, 2), "")
    assert edited("x = 1\n", "y = 2\n", "z = 3", edits=[middle]) == ['-"y = 2\\n",']
    last = Edit(Location("a.ipynb", 1, 6, 2, 6, 2), "")
    assert edited("x = 1\n", "y = 2", edits=[last]) == ['-"x = 1\\n",', '-"y = 2"', '+"x = 1"']
    whole = Edit(Location("a.ipynb", 1, 1, 2, 1, 2), "")
    assert edited("x = 1\n", "y = 2", edits=[whole]) == ['-"x = 1\\n",']


def test_characters_that_were_escaped_stay_so() -> None:
    data = b'{"cells": [{"cell_type": "code", "source": "a\\u00e9\\ud83d\\ude00\\/b = 1"}]}'
    edit = Edit(Location("a.ipynb", 1, 9, 1, 10, 1), "é")
    assert Notebook("a.ipynb", data).with_source_edits([edit]) == data.replace(b"1", b"\\u00e9", 1)


@pytest.mark.parametrize(
    "where",
    [
        Location("a.ipynb", 1, 1, 1, 2, 1),
        Location("a.ipynb", 1, 1, 1, 2, 9),
        Location("a.ipynb", 1, 1, 1, 2),
        Location("a.ipynb", 1, 1, 1, 90, 2),
    ],
)
def test_an_edit_of_no_cell_is_refused(where: Location) -> None:
    with pytest.raises(ValueError, match="cell"):
        Notebook("a.ipynb", notebook("#md", "x = 1")).with_source_edits([Edit(where, "")])


CELLS = (
    "#md # `é`",
    "%matplotlib inline\nfrom keras import layers, Input, Model\n\ninputs = Input((8,))",
    "!ls\n%time x = layers.Dense(4)(inputs)\nx = layers.BatchNormalization()(x)",
    "x = (1,",
    "    x = layers.Dense(64)(x)\n    y = (\n        3)\n    x = layers.BatchNormalization()(x)",
    (
        "x = layers.Dense(\n    64,\n    name='é',\n)(x)\nx = layers.BatchNormalization()(x)\n"
        "Model(inputs, x)"
    ),
)


def test_fixes_are_written_into_the_cells(write: Write) -> None:
    data = notebook(*CELLS)
    path = write("net.ipynb", data)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "bnlint", "--no-cache", "net.ipynb", *arguments]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment, check=False
        )
        return done.stdout

    assert run("--diff") == (
        "--- net.ipynb:cell 3\n+++ net.ipynb:cell 3\n@@ -1,3 +1,3 @@\n !ls\n"
        "-%time x = layers.Dense(4)(inputs)\n"
        "+%time x = layers.Dense(4, use_bias=False)(inputs)\n"
        " x = layers.BatchNormalization()(x)\n"
        "--- net.ipynb:cell 5\n+++ net.ipynb:cell 5\n@@ -1,4 +1,4 @@\n"
        "-    x = layers.Dense(64)(x)\n+    x = layers.Dense(64, use_bias=False)(x)\n"
        "     y = (\n         3)\n     x = layers.BatchNormalization()(x)\n"
        "--- net.ipynb:cell 6\n+++ net.ipynb:cell 6\n@@ -1,6 +1,7 @@\n"
        " x = layers.Dense(\n     64,\n     name='é',\n+    use_bias=False,\n"
        " )(x)\n x = layers.BatchNormalization()(x)\n Model(inputs, x)\n"
    )
    assert path.read_bytes() == data
    assert "net.ipynb:cell 4:1:5: BN001" in run("--fix")
    new = path.read_bytes()
    before, after = "    name='é',\\n\",\n", '    "    use_bias=False,\\n",\n'
    assert new.decode() == (
        data.decode()
        .replace("Dense(4)", "Dense(4, use_bias=False)")
        .replace("Dense(64)", "Dense(64, use_bias=False)")
        .replace(before, before + after)
    )
    reference(new)
    assert "fixed" not in run("--fix")
    assert path.read_bytes() == new


def test_a_fix_in_an_indented_cell_leaves_one_that_ipython_reads() -> None:
    indented = "    x = layers.Dense(\n        4,\n    )(inputs)"
    data = notebook(CELLS[1], indented, "x = layers.BatchNormalization()(x)\nModel(inputs, x)")
    (finding,) = bnlint.lint_source(data, "a.ipynb", isolated=True).findings
    assert finding.fix is not None

    new = Notebook("a.ipynb", data).with_source_edits(finding.fix.edits)

    cell = json.loads(new)["cells"][1]["source"]
    lines = "".join(cell).splitlines()
    assert "use_bias=False" in "".join(lines)
    compile("\n".join(line.removeprefix("    ") for line in lines), "cell", "exec")
    assert bnlint.lint_source(new, "a.ipynb", isolated=True).findings == ()
