"""Which rules are on: what is in preview only where it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bnlint.project.judging import selection
from bnlint.settings import Layer, Settings

RULE = """\
from bnlint.findings import Severity
from bnlint.rule import Rule


class Mine(Rule):
    code = "XY101"
    name = "mine"
    summary = "Something is wrong"
    severity = Severity.WARNING
    preview = True
"""


@pytest.mark.parametrize(
    ("given", "is_on"),
    [
        ({}, False),
        ({"select": ["XY"]}, False),
        ({"select": ["ALL"]}, False),
        ({"preview": True}, True),
        ({"preview": True, "select": ["XY1"]}, True),
        ({"preview": True, "select": ["BN"]}, False),
        ({"preview": True, "ignore": ["XY101"]}, False),
        ({"select": ["XY101"]}, True),
        ({"extend-select": ["mine"]}, True),
        ({"extend-select": ["mine"], "ignore": ["XY"]}, True),
    ],
)
def test_a_rule_in_preview_is_off_unless_it_is_asked_for(
    given: dict[str, object], is_on: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "rules" / "XY101-mine"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(RULE, encoding="utf-8")
    layer = Layer({"rules": ["rules"], **given}, "the test", str(tmp_path))

    codes = selection.codes(Settings([layer], str(tmp_path)))

    assert ("XY101" in codes) == is_on


def test_a_later_select_starts_anew(tmp_path: Path) -> None:
    project = Layer({"select": ["BN506"]}, "pyproject.toml", str(tmp_path))
    line = Layer({"select": ["BN5"]}, "command line", str(tmp_path))

    assert "BN506" in selection.codes(Settings([project], str(tmp_path)))
    assert "BN506" not in selection.codes(Settings([project, line], str(tmp_path)))
