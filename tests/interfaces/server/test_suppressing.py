"""Where the comment goes that says "this is meant so"."""

from __future__ import annotations

import pytest

from bnlint.interfaces.api import lint_source
from bnlint.project.suppression.comment_places import suppression

PROGRAM = """\
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(64)(inputs){comment}
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
"""
SPREAD = PROGRAM.replace("layers.Dense(64)(inputs)", "layers.Dense(\n    64,\n)(\n    inputs\n)")
AFTER_STRING = PROGRAM.replace("inputs = ", 'note = """\n# bnlint: ignore[BN301]"""\ninputs = ')


@pytest.mark.parametrize("program", [PROGRAM, SPREAD, AFTER_STRING])
@pytest.mark.parametrize(
    "comment", ["", "  # wide", "   ", "  # bnlint: ignore[BN301]", "  # noqa: E501"]
)
def test_the_comment_silences_the_finding(program: str, comment: str) -> None:
    text = program.format(comment=comment)
    (finding,) = [f for f in lint_source(text).findings if f.code == "BN201"]
    lines = text.split("\n")
    found = suppression(lines, finding.location.line, "BN201")
    assert found is not None
    line, column, inserted = found
    lines[line - 1] = lines[line - 1][: column - 1] + inserted + lines[line - 1][column - 1 :]
    left = [f.code for f in lint_source("\n".join(lines)).findings]
    assert "BN201" not in left
    assert "BN001" not in left


def test_a_second_rule_joins_the_comment_that_is_there() -> None:
    lines = ["x = f()  # bnlint: ignore[BN301]"]
    assert suppression(lines, 1, "BN201") == (1, 32, ", BN201")


def test_a_broken_file_gets_the_comment_on_the_line_itself() -> None:
    lines = ["x = f()", "y = (", "z = g()"]
    assert suppression(lines, 1, "BN201") == (1, 8, "  # bnlint: ignore[BN201]")
    assert suppression(lines, 3, "BN201") == (3, 8, "  # bnlint: ignore[BN201]")
