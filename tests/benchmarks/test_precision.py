"""The recorded readings and the precision they give."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import places, precision
from benchmarks.findings import FoundLine
from benchmarks.precision import Reading, ReadingsError

ONE = FoundLine("pkg-1.0", "pkg/a.py", 3, "BN201", "m")
TWO = FoundLine("pkg-1.0", "pkg/a.py", 4, "BN201", "m")
THREE = FoundLine("pkg-1.0", "pkg/a.py", 5, "BN201", "m")


def read(finding: FoundLine, verdict: str, reason: str = "seen") -> Reading:
    return Reading(*precision.key_of(finding), scope="f", verdict=verdict, reason=reason)


def test_the_recorded_readings_can_be_read() -> None:
    precision.load(places.READINGS)


def test_readings_are_kept_sorted_and_come_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "readings.csv"
    readings = [read(TWO, "wrong", 'a "quoted", long reason'), read(ONE, "right")]

    precision.save(file, readings)

    assert precision.load(file) == [readings[1], readings[0]]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("p,a.py,x,BN201,f,right,because", "'x' is not a line"),
        ("p,a.py,1,BN201,f,good,because", "no verdict 'good'"),
        ("p,a.py,1,BN201,f,right,", "needs its reason"),
        ("p,a.py,1,BN201,f,right", "7 columns"),
        ("p,a.py,1,BN201,f,,\np,a.py,1,BN201,g,,", "read before"),
    ],
)
def test_a_row_that_is_not_as_described_is_refused(
    row: str, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "readings.csv"
    file.write_text(f"{','.join(precision.COLUMNS)}\n{row}\n", encoding="utf-8")

    with pytest.raises(ReadingsError, match=complaint):
        precision.load(file)


def test_findings_take_the_verdict_of_their_place() -> None:
    gone = FoundLine("pkg-1.0", "pkg/b.py", 1, "BN101", "m")

    judged = precision.join([ONE, TWO, THREE], [read(ONE, "right"), read(gone, "right")])

    assert judged.verdicts == {("BN201", "right"): 1, ("BN201", ""): 2}
    assert judged.unread == (TWO, THREE)
    assert judged.stale == (read(gone, "right"),)


def test_a_row_without_verdict_is_no_reading() -> None:
    judged = precision.join([ONE], [read(ONE, "", "")])

    assert judged.unread == (ONE,)


def test_precision_leaves_debatable_out_and_strict_counts_it_wrong() -> None:
    readings = [read(ONE, "right"), read(TWO, "wrong"), read(THREE, "debatable")]

    rows = precision.table(precision.join([ONE, TWO, THREE], readings))

    assert rows[2] == "| BN201 | 3 | 1 | 1 | 1 | 0 | 50.0 % | 33.3 % | **missed** |"
    assert rows[3].startswith("| all | 3 |")


def test_scope_is_the_dotted_name_around_the_line() -> None:
    source = "class A:\n    def f(self):\n        if x:\n            y = 1\nz = 2\n"

    assert precision.scope(source, 4) == "A.f"
    assert precision.scope(source, 5) == ""
    assert precision.scope("def f(:\n", 1) == ""


def test_unread_findings_become_rows_to_fill_in(tmp_path: Path) -> None:
    file = tmp_path / "pkg-1.0" / "pkg" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text("def f():\n    a\n    b\n    c\n", encoding="utf-8")

    rows = precision.unread_rows([ONE, TWO, TWO], {precision.key_of(ONE)}, tmp_path)

    assert rows == [read(TWO, "", "")]
