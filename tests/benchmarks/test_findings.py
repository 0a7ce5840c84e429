"""The printed findings: what they hold, how they are read back and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

import bnlint
from benchmarks import findings
from benchmarks.findings import FoundLine, PackageReading
from bnlint.findings import Failure, Finding, Location, Outcome, Report, Severity, Site

ONE = FoundLine("pkg-1.0", "pkg/a.py", 3, "BN201", "the bias is redundant: no effect")
TWO = FoundLine("pkg-1.0", "pkg/a.py", 12, "BN101", "never applied")


def reading(*found: FoundLine, missed: tuple[str, ...] = ()) -> PackageReading:
    outcomes = dict.fromkeys(Outcome, 0) | {Outcome.UNDERSTOOD: 9, Outcome.ESCAPED: len(missed)}
    return PackageReading("pkg-1.0", tuple(sorted(found)), outcomes, missed)


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A package whose reading by bnlint is fixed."""
    folder = tmp_path / "pkg-1.0"
    (folder / "pkg").mkdir(parents=True)
    for name in ("a.py", "a_test.py"):
        (folder / "pkg" / name).write_text("x = 1\n  y = BN()(x)\n", encoding="utf-8")

    def lint(paths: list[str]) -> Report:
        (file,) = paths
        place = Location(file, 2, 3, 2, 6)
        return Report(
            findings=(
                Finding("BN201", "n", Severity.WARNING, place, "said", when="`use_bn` is true"),
            ),
            failures=(Failure(file, "too large"),),
            sites=(Site(place, Outcome.UNDERSTOOD), Site(place, Outcome.ESCAPED)),
        )

    monkeypatch.setitem(vars(bnlint), "lint", lint)  # it is loaded on first use
    return folder


def test_a_package_is_read_without_its_tests_and_printed_without_its_folder(linted: Path) -> None:
    read = findings.read_package(linted)

    assert list(map(str, read.findings)) == [
        "pkg-1.0 pkg/a.py:2 BN201 said [when `use_bn` is true]"
    ]
    assert read.not_understood == ("pkg-1.0 pkg/a.py:2 escaped | y = BN()(x)",)
    assert read.failures == ("pkg-1.0 pkg/a.py too large",)
    assert read.outcomes[Outcome.UNDERSTOOD] == 1


def test_findings_are_read_back_as_they_were_printed() -> None:
    text = findings.render([reading(TWO, ONE)])

    assert findings.saved_findings(text) == [ONE, TWO]


def test_a_line_that_is_no_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finding"):
        FoundLine.parse("pkg-1.0 pkg/a.py BN201 no line number")


def test_coverage_has_a_total_and_the_target() -> None:
    missed = ("pkg-1.0 pkg/a.py:2 escaped | y",)

    rows = findings.coverage_table([reading(), reading(missed=missed)])

    assert rows[-2].split() == ["total", "19", "18", "0", "1", "0", "0", "94.7"]
    assert rows[-1].endswith("missed")
    assert findings.coverage_table([reading()])[-1].endswith("reached")


def test_rules_are_counted_by_package() -> None:
    rows = findings.rule_table([reading(ONE, TWO)])

    assert rows[0].split() == ["package", "BN101", "BN201"]
    assert rows[-1].split() == ["total", "1", "1"]


def test_equal_outputs_have_no_difference() -> None:
    text = findings.render([reading(ONE, TWO)])

    assert findings.difference(text, text) == []


def test_difference_names_what_is_gone_and_new_in_order_of_place() -> None:
    missed = ("pkg-1.0 pkg/a.py:7 escaped | y",)
    changed = FoundLine("pkg-1.0", "pkg/a.py", 3, "BN201", "other words")
    old = findings.render([reading(ONE, TWO)])
    new = findings.render([reading(changed, missed=missed)])

    assert findings.difference(old, new) == [
        "# findings: 2 gone, 1 new",
        f"- {ONE}",
        f"+ {changed}",
        f"- {TWO}",
        "# not understood: 0 gone, 1 new",
        "+ pkg-1.0 pkg/a.py:7 escaped | y",
    ]


def test_a_second_finding_of_the_same_text_is_a_difference() -> None:
    old, new = (findings.render([reading(*found)]) for found in ((ONE,), (ONE, ONE)))

    assert findings.difference(old, new) == ["# findings: 0 gone, 1 new", f"+ {ONE}"]


def test_diff_command_exits_with_1_on_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(findings.render([reading(ONE)]), encoding="utf-8")
    new.write_text(findings.render([reading()]), encoding="utf-8")

    assert findings.main(["--diff", str(old), str(new)]) == 1
    assert f"- {ONE}" in capsys.readouterr().out
    assert findings.main(["--diff", str(old), str(old)]) == 0
