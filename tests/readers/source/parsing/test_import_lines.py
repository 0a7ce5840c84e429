"""Import statements told from text are those of the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bnlint
from bnlint.readers.source.parsing.import_lines import import_lines

TEXTS = [
    "import a\n",
    "import a.b as c, d.e\n",
    "from a import b\n",
    "from .a import b as c, d\n",
    "from . import b\n",
    "from ..a.b import (\n    c,  # import this\n    d as e,\n)\n",
    "from a import *\n",
    "if x:\n    import a\n    from b import c\n",
    "try:\n\tfrom a import b # c\nexcept ImportError:\n\tpass\n",
    "x = importlib.import_module(name)\n",
    "important = 3\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_one(text: str) -> None:
    assert list(import_lines(text)) == list(_of_tree(text))


def test_our_own_files() -> None:
    files = sorted(Path(bnlint.__file__).parent.rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    found = {path: set(import_lines(text)) for path, text in zip(files, texts, strict=True)}
    assert sum(map(len, found.values())) > 1000
    for path, text in zip(files, texts, strict=True):
        assert found[path] >= set(_of_tree(text)), path


def _of_tree(text: str) -> Iterator[tuple[int, str, str, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield 0, each.name, "", each.asname or each.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                name = "" if each.name == "*" else each.name
                yield node.level, node.module or "", name, each.asname or each.name
