"""Comments that switch rules off, and those that switch nothing off."""

from __future__ import annotations

import pytest
from running import Bnlint, Write

from bnlint.findings import Finding, Location, Severity
from bnlint.project.suppression.comments import apply

NAMES = {
    "BN001": "syntax-error",
    "BN002": "unused-suppression",
    "BN101": "not-in-model",
    "BN201": "redundant-bias",
    "BN301": "activation-order",
}


def linted(text: str, *, enabled: tuple[str, ...] = tuple(NAMES)) -> list[tuple[str, int]]:
    """``(code, line)`` of what is left of a BN201 at each BIAS and a BN101 at each LOST."""
    lines = text.split("\n")
    findings = []
    for number, line in enumerate(lines, 1):
        for word, code in (("BIAS", "BN201"), ("LOST", "BN101")):
            if word in line:
                column = line.index(word) + 1
                where = Location("a.py", number, column, number, column + 4)
                findings.append(Finding(code, NAMES[code], Severity.WARNING, where, "wrong"))
    return [
        (f.code, f.location.line) for f in apply("a.py", [(None, lines)], findings, NAMES, enabled)
    ]


def messages(text: str) -> list[str]:
    return [f.message for f in apply("a.py", [(None, text.split("\n"))], [], NAMES, tuple(NAMES))]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: BN201",
        "#noqa:BN201",
        "# NOQA: bn201",
        "# noqa: E501, BN201",
        "# noqa: BN201 E501",
        "# noqa: BN201 - the checkpoint has it",
        "# type: ignore # noqa: BN201",
        "# bnlint: ignore[BN201]",
        "# bnlint:ignore[redundant-bias]",
        "# bnlint: ignore[ BN201 ] because",
        "# bnlint: file-ignore[BN201]",
    ],
)
def test_accepted(comment: str) -> None:
    assert linted(f"x = BIAS  {comment}") == []


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: E501", "# bnlint", "# BN201", "# noqa BN201"]
)
def test_of_no_concern(comment: str) -> None:
    assert linted(f"x = BIAS  {comment}") == [("BN201", 1)]


def test_any_line_of_the_statement() -> None:
    call = "x = Conv(\n    BIAS,{}\n    3,{}\n){}"
    for position in range(3):
        comments = ["  # noqa: BN201" if index == position else "" for index in range(3)]
        assert linted(call.format(*comments)) == []


def test_no_line_of_another_statement() -> None:
    assert linted("# noqa: BN201\nx = BIAS") == [("BN201", 2), ("BN002", 1)]
    assert linted("x = BIAS\ny = 1  # noqa: BN201") == [("BN201", 1), ("BN002", 2)]


def test_a_block_is_not_covered_by_its_header() -> None:
    assert linted("def f(\n    x):  # noqa: BN201\n    BIAS") == [("BN201", 3), ("BN002", 2)]
    assert linted("if f(BIAS\n):  # noqa: BN201\n    pass") == []


def test_whole_file_from_anywhere() -> None:
    assert linted("BIAS\nLOST\nBIAS\n# bnlint: file-ignore[BN201]") == [("BN101", 2)]
    assert linted("# bnlint: file-ignore[BN201, BN101]\nBIAS\nLOST") == []


def test_only_real_comments_count() -> None:
    assert linted('x = BIAS, "# noqa: BN201"') == [("BN201", 1)]
    assert linted('"""\n# bnlint: file-ignore[BN201]\n"""\nx = BIAS') == [("BN201", 4)]


@pytest.mark.parametrize(
    "text",
    [
        "def (:\nx = BIAS  # noqa: BN201",
        "x = (((\ny = BIAS  # noqa: BN201",
        "'''\nBIAS # noqa: BN201",
    ],
)
def test_in_a_broken_file(text: str) -> None:
    assert linted(text) == []


def test_codes_are_exact() -> None:
    assert linted("x = BIAS  # bnlint: ignore[BN2]") == [("BN201", 1), ("BN002", 1)]


def test_unused() -> None:
    assert messages("x = 1  # noqa: BN201") == ["`# noqa: BN201` has nothing to suppress"]
    assert linted("x = BIAS  # noqa: BN201, BN101") == [("BN002", 1)]
    assert linted("x = 1  # bnlint: file-ignore[BN201]") == [("BN002", 1)]
    assert linted("x = 1  # noqa: E501") == []


def test_unused_only_for_rules_that_are_on() -> None:
    assert linted("x = 1  # noqa: BN201", enabled=("BN002", "BN101")) == []
    assert linted("x = 1  # noqa: BN201", enabled=("BN201",)) == []


def test_unknown_rules() -> None:
    assert messages("x  # bnlint: ignore[BN999]") == ["no rule is called `BN999`"]
    assert messages("x  # noqa: BN999, E501") == ["no rule is called `BN999`"]
    assert messages("x  # bnlint: ignore[redundnt-bias]") == ["no rule is called `redundnt-bias`"]


def test_bare_ones_are_not_accepted() -> None:
    assert linted("x = BIAS  # bnlint: ignore") == [("BN201", 1), ("BN002", 1)]
    assert messages("x  # bnlint: file-ignore") == ["`# bnlint: file-ignore` names no rule"]
    assert messages("x  # bnlint: ignore[]") == ["`# bnlint: ignore[]` names no rule"]


def test_unused_suppression_can_be_suppressed() -> None:
    assert linted("x = 1  # noqa: BN201, BN002") == []
    assert linted("# bnlint: file-ignore[BN002]\nx = 1  # noqa: BN201") == []


def test_place_of_an_unused_one() -> None:
    text = "y = 'é'  # because # noqa: BN201"
    (finding,) = apply("a.py", [(None, [text])], [], NAMES, tuple(NAMES))
    where = finding.location
    assert text[where.column - 1 : where.end_column - 1] == "# noqa: BN201"


class TestInTheProgram:
    def test_a_file_without_batchnorm_is_looked_at_too(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "import keras\nkeras.f()  # noqa: BN201\n")
        write("b.py", "x = 1  # bnlint: ignore[BN201]\n")
        assert [line.split()[1] for line in bnlint().lines] == ["BN002", "BN002"]

    def test_not_in_a_file_that_could_not_be_read(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "'BatchNorm'\nCRASH  # noqa: BN201\n")
        assert bnlint().lines == []

    def test_suppressed_findings_do_not_fail(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "'BatchNorm'\nx = BIAS  # noqa: BN201\n")
        assert bnlint().status == 0

    def test_crlf(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", b"'BatchNorm'\r\nx = f(\r\n  BIAS,  # noqa: BN201\r\n)\r\n")
        assert bnlint().lines == []
