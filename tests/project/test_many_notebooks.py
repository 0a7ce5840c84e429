"""Notebooks made of the rule book's examples say what the examples say."""

from __future__ import annotations

import ast
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from notebooks import reference
from running import ROOT

import bnlint
from bnlint.readers.source.parsing.notebook import Notebook

EXAMPLES = [
    path
    for path in sorted((ROOT / "rules").glob("*/examples/*.py"))
    if not path.parts[-3].startswith("BN001")  # those do not parse, and can't be cut up
]
HOW_MANY = 200
MAGICS = (
    "%matplotlib inline", "!pip install -q keras  # it's (quoted", "%%time", "%%capture out",
    "?print", "files = !ls | grep '('", "%config X.y = {'a': 1}", "!!ls \\\n  -l [",
)  # fmt: skip
OTHER_CELLS = (
    "%%bash\nfor x in (; do BatchNormalization(; done",
    "%%writefile net.py\nBatchNormalization()\n",
    "%%html\n<b>BatchNormalization()</b>",
)
OUTPUTS: tuple[dict[str, Any], ...] = (
    {"output_type": "stream", "name": "stdout", "text": ["BatchNormalization()\n", "é\u2028\n"]},
    {
        "output_type": "display_data",
        "metadata": {},
        "data": {
            "image/png": "iVBORw0KGgo" * 500,
            "application/vnd.jupyter.widget-view+json": {"model_id": "ab", "version_major": 2},
        },
    },
    {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "\u001b[0m",
        "traceback": ["x = (BatchNormalization"],
    },
)
WIDGETS = {"application/vnd.jupyter.widget-state+json": {"state": {"ab": {}}, "version_major": 2}}


def pieces(text: str, chance: random.Random) -> list[list[int]]:
    """The lines of a program, from 1, in cells that part it between top-level statements."""
    starts = [
        min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        for node in ast.parse(text).body
    ]
    lines = text.split("\n")
    cuts = sorted(
        start for start in starts[1:] if chance.random() < 0.5 and ";" not in lines[start - 1]
    )
    edges = [1, *dict.fromkeys(cuts), len(lines) + 1]
    return [list(range(a, b)) for a, b in pairwise(edges) if b > a]


def made(text: str, chance: random.Random) -> tuple[bytes, dict[int, tuple[int, int]]]:
    """A notebook of a program, and where each line of the program is in it: cell and line."""
    is_3 = chance.random() < 0.3
    as_list = chance.random() < 0.5
    lines = text.split("\n")
    places: dict[int, tuple[int, int]] = {}
    cells: list[dict[str, Any]] = []

    def add(kind: str, source: str, **more: Any) -> None:
        said: Any = source.splitlines(keepends=True) if as_list else source
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, **more}
        if kind == "code":
            outputs = [] if is_3 else chance.sample(OUTPUTS, chance.randrange(3))
            count = {"prompt_number": 3} if is_3 else {"execution_count": chance.choice([None, 3])}
            cell |= {"outputs": outputs, **count}
        if is_3 and kind == "code":
            cell |= {"input": said, "language": "python", "collapsed": False}
        else:
            cell["source"] = said
        cells.append(cell)

    for part in pieces(text, chance):
        if chance.random() < 0.3:
            image = {} if is_3 else {"attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}}
            add("markdown", '# BatchNormalization()\n\n"é" 𐐀', **image)
        if chance.random() < 0.2:
            add("code", chance.choice(OTHER_CELLS))
        magic = chance.choice(MAGICS).split("\n") if chance.random() < 0.5 else []
        for number, line in enumerate(part, len(magic) + 1):
            places[line] = (len(cells) + 1, number)
        add("code", "\n".join([*magic, *(lines[line - 1] for line in part)]))
    book: dict[str, Any] = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    if is_3:
        book["worksheets"] = [{"cells": cells, "metadata": {}}]
    else:
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        book |= {"nbformat": 4, "nbformat_minor": chance.choice([0, 2, 4]), "cells": cells}
        book["metadata"] = {"kernelspec": kernel, "widgets": WIDGETS, "x": 1.50}
    items = list(book.items())
    chance.shuffle(items)
    data = json.dumps(
        dict(items),
        indent=chance.choice([None, 1, 4, "\t"]),
        ensure_ascii=chance.random() < 0.5,
    )
    return (data + chance.choice(["", "\n"])).encode("utf-8"), places


def found(text: str | bytes, name: Path) -> bnlint.Report:
    report = bnlint.lint_source(text, name, isolated=True)
    assert report.failures == ()
    return report


@pytest.mark.parametrize("part", range(8))
def test_they_say_what_the_examples_say(part: int, tmp_path: Path) -> None:
    count = findings = 0
    for index in range(part, HOW_MANY, 8):
        example = EXAMPLES[index * len(EXAMPLES) // HOW_MANY]
        text = example.read_text(encoding="utf-8")
        data, places = made(text, random.Random(f"{example.name} {index}"))

        plain = found(text, tmp_path / "net.py")
        book = found(data, tmp_path / "net.ipynb")

        assert [
            (f.location.cell, f.location.line, f.location.column, f.code, f.when, f.severity)
            for f in book.findings
        ] == [
            (*places[f.location.line], f.location.column, f.code, f.when, f.severity)
            for f in plain.findings
        ], example
        assert [(s.location.cell, s.location.line, s.outcome) for s in book.sites] == [
            (*places[s.location.line], s.outcome) for s in plain.sites
        ], example
        count += 1
        findings += len(plain.findings)

        notebook = Notebook("net.ipynb", data)
        assert notebook.problems == []
        assert notebook.with_source_edits([]) == data
        assert_is_what_nbformat_reads(notebook, data)
    assert count == HOW_MANY // 8
    assert findings > 5


def assert_is_what_nbformat_reads(notebook: Notebook, data: bytes) -> None:
    """The reference reader has the same cells with the same sources."""
    read = reference(data)
    if read.nbformat == 3:
        cells = [cell for sheet in read.worksheets for cell in sheet.cells]
    else:
        cells = read.cells
    for cell in notebook.cells:
        assert cells[cell.number - 1].cell_type == "code"
        source = cells[cell.number - 1].get("source", cells[cell.number - 1].get("input"))
        assert "\n".join(cell.lines) == source
    skipped = {n for n, cell in enumerate(cells, 1) if cell.cell_type == "code"} - {
        cell.number for cell in notebook.cells
    }
    for number in skipped:
        source = cells[number - 1].get("source", cells[number - 1].get("input"))
        assert source in OTHER_CELLS
