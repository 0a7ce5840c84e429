"""Every example of the rule book that can be fixed has its fixed form beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fixing import SUFFIX, beside, examples, fixed_forms

from bnlint.project.judging.rule_book import load
from bnlint.readers.source.parsing.notebook import Notebook

EXAMPLES = examples()


@pytest.mark.parametrize(
    ("code", "example"), EXAMPLES, ids=[f"{code}/{path.stem}" for code, path in EXAMPLES]
)
def test_example_becomes_its_fixed_form(code: str, example: Path) -> None:
    forms = fixed_forms(code, example)

    shown = {name: path for name, path in beside(example).items() if path.exists()}
    assert set(forms) == set(shown), "run tools/fix-examples, and read what it wrote"
    for name, path in shown.items():
        assert forms[name].decode() == path.read_bytes().decode()
        notebook = Notebook(name, forms[name]) if path.suffixes[0] == ".ipynb" else None
        ast.parse(forms[name] if notebook is None else notebook.program)


def test_no_fixed_form_is_left_of_an_example_that_is_gone() -> None:
    for info in load().rules.values():
        for path in (info.folder / "examples").rglob(f"*{SUFFIX}"):
            assert path.with_name(path.name.removesuffix(SUFFIX)).exists()


def test_clean_examples_have_nothing_to_fix() -> None:
    for _, example in EXAMPLES:
        if example.name.startswith("clean_"):
            assert not any(path.exists() for path in beside(example).values())
