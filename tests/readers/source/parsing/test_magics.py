"""IPython's syntax is masked, Python is left alone."""

from __future__ import annotations

import ast

import pytest

from bnlint.readers.source.parsing.broken import PLACEHOLDER
from bnlint.readers.source.parsing.magics import mask_cell, mask_script
from bnlint.readers.source.parsing.outline import outline


def masked(text: str) -> str:
    lines = mask_cell(text.split("\n"))
    assert lines is not None
    assert len(lines) == text.count("\n") + 1
    ast.parse("\n".join(lines))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%load_ext autoreload",
        "%cd 'it's here",
        "!pip install -q keras",
        "!echo \"it's (",
        "!!ls",
        "?help",
        "help?",
        "Dense??",
        "keras.layers.Dense?",
        "%timeit?",
        "x = keras.Model?",
        "/print 1",
        ",print a b",
        ";print a b",
        "%pip install keras",
        "pip install keras==2.0",
        "conda install -y keras",
        "cd ..",
        "ls -l data",
        "%%time",
    ],
)
def test_a_line_of_ipython_becomes_pass(line: str) -> None:
    assert masked(f"a = 1\n{line}\nb = 2") == "a = 1\npass\nb = 2"
    assert masked(f"if a:\n    {line}\nb = 2") == "if a:\n    pass\nb = 2"


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n% b)",
        "x = [a,\n 'b?']",
        'x = """what?\n%matplotlib inline\n!ls\n"""',
        "x = a  # why?",
        "# why?",
        'print("a=%d" % x)',
        'print("a=!" + x)',
        "ls = 3",
        "cat(3)",
        "run.it()",
        "time: int = 3",
        "pip, cd = 1, 2",
        "x = a \\\n% b",
        "@decorator\ndef f(): pass",
        "x = y != z",
        "await something()",
    ],
)
def test_python_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("command", ["!ls", "%time 1", "!ls | grep '(' \\\n  | wc", "%env HOME"])
def test_what_is_assigned_from_a_command_is_unknown(command: str) -> None:
    first, *rest = masked(f"files = {command}\nb = 2").split("\n")
    assert first == f"files = {PLACEHOLDER}"
    assert rest[-1] == "b = 2"


def test_a_command_goes_on_behind_a_backslash_only() -> None:
    assert masked("!pip install \\\n   keras (\nb = 2") == "pass\n\nb = 2"


def test_a_timed_statement_is_read_where_it_stands() -> None:
    line = "%time model.add(BatchNormalization())"
    found = masked(line)
    assert found.index("model") == line.index("model")
    assert [type(node) for node in ast.parse(found).body] == [ast.Pass, ast.Expr]
    assert masked("%time x = f(") == "pass"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%timeit -n 3", "\n%%prun"])
def test_cell_magics_whose_cell_is_python(magic: str) -> None:
    assert masked(f"{magic}\nx = f()").endswith("\nx = f()")
    assert masked(f"{magic}\n%%time\nx = f()").strip() == "x = f()"


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%html", "%%writefile net.py", "%%javascript", "%%latex", "%%R", "%%sql x"]
)
def test_cells_of_other_languages_are_no_python(magic: str) -> None:
    assert mask_cell([magic, "x = BatchNormalization()"]) is None


def test_percent_scripts() -> None:
    text = (
        "# %% first\n%matplotlib inline\nx = f()\n# %%\n%%bash\nls -l (\n#%% [markdown]\n# hm\n!ls"
    )
    assert mask_script(text.split("\n")) == (
        ["# %% first", "pass", "x = f()", "# %%", "", "", "#%% [markdown]", "# hm", "pass"]
    )
    assert outline(text).problems == []
    assert [s.binds for s in outline(text).statements if s.binds] == [frozenset({"x"})]
    assert mask_script(["%matplotlib inline"]) is None
    assert outline("%matplotlib inline").problems != []
