"""The formats, field by field."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from running import Bnlint, Write

from bnlint.findings import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    Outcome,
    Related,
    Report,
    Severity,
    Site,
)
from bnlint.project.files.source_lines import Texts
from bnlint.reporters import render
from bnlint.reporters.view import View

PLACE = {
    "type": "object",
    "properties": {"row": {"type": "integer", "minimum": 1}, "column": {"type": "integer"}},
    "required": ["row", "column"],
    "additionalProperties": False,
}
RELATED = {
    "type": "object",
    "properties": {
        "filename": {"type": "string"},
        "location": PLACE,
        "end_location": PLACE,
        "message": {"type": "string"},
    },
    "required": ["filename", "location", "end_location", "message"],
    "additionalProperties": False,
}
FINDING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cell": {"type": ["integer", "null"]},
        "code": {"type": "string", "pattern": "^BN[0-9]{3}$"},
        "name": {"type": "string"},
        "severity": {"enum": ["info", "warning", "error"]},
        "filename": {"type": "string", "pattern": "^/"},
        "location": PLACE,
        "end_location": PLACE,
        "message": {"type": "string"},
        "url": {"type": ["string", "null"]},
        "noqa_row": {"type": "integer"},
        "presumes": {"type": "array", "items": {"type": "string"}},
        "fix": {
            "type": ["object", "null"],
            "properties": {
                "applicability": {"enum": ["safe", "unsafe", "display"]},
                "message": {"type": "string"},
                "edits": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "content": {"type": "string"},
                            "location": PLACE,
                            "end_location": PLACE,
                        },
                        "required": ["content", "location", "end_location"],
                        "additionalProperties": False,
                    },
                },
            },
            "required": ["applicability", "message", "edits"],
            "additionalProperties": False,
        },
        "related": {"type": "array", "items": RELATED},
        "when": {"type": ["string", "null"]},
    },
    "additionalProperties": False,
}
FINDING["required"] = list(FINDING["properties"])


def finding(
    line: int = 2,
    column: int = 5,
    width: int = 4,
    *,
    code: str = "BN201",
    filename: str = "a.py",
    **fields: Any,
) -> Finding:
    where = Location(filename, line, column, line, column + width)
    values: dict[str, Any] = {
        "name": "redundant-bias",
        "severity": Severity.WARNING,
        "message": "the bias does nothing",
        "help": "Pass `use_bias=False`",
        **fields,
    }
    return Finding(code, location=where, **values)


def shown(
    output_format: str,
    *findings: Finding,
    text: str = "",
    statistics: bool = False,
    width: int = 100,
    sites: tuple[Site, ...] = (),
) -> str:
    view = View(Texts({"a.py": text.encode()}), width=width)
    report = Report(findings, sites=sites, files=3)
    return "".join(render(output_format, report, view, statistics=statistics))


class TestJson:
    def test_every_field(self) -> None:
        fix = Fix(Applicability.SAFE, "Remove it", (Edit(Location("a.py", 2, 5, 2, 9), ""),))
        related = (Related(Location("b.py", 7, 1, 7, 3), "absorbed"),)
        full = finding(related=related, when="`x` is true", fix=fix, presumes=("callers",))
        loaded = json.loads(shown("json", full, finding(line=3)))
        jsonschema.validate(loaded, {"type": "array", "items": FINDING})
        assert loaded[0] | {"filename": "", "related": []} == {
            "cell": None,
            "code": "BN201",
            "name": "redundant-bias",
            "severity": "warning",
            "filename": "",
            "location": {"row": 2, "column": 5},
            "end_location": {"row": 2, "column": 9},
            "message": "the bias does nothing",
            "url": None,
            "noqa_row": 2,
            "presumes": ["callers"],
            "fix": {
                "applicability": "safe",
                "message": "Remove it",
                "edits": [
                    {
                        "content": "",
                        "location": {"row": 2, "column": 5},
                        "end_location": {"row": 2, "column": 9},
                    }
                ],
            },
            "related": [],
            "when": "`x` is true",
        }
        assert loaded[0]["related"][0]["filename"].endswith("/b.py")
        assert loaded[1]["fix"] is None
        assert loaded[1]["when"] is None

    def test_has_every_field_of_ruff(self, project: Path, write: Write) -> None:
        write("a.py", "import os\n")
        command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "a.py"]
        done = subprocess.run(
            [*command, "--output-format", "json"], capture_output=True, check=False, cwd=project
        )
        if not done.stdout:
            pytest.skip("no ruff here")
        (theirs,) = json.loads(done.stdout)
        (ours,) = json.loads(shown("json", finding()))
        assert set(theirs) <= set(ours)
        assert theirs["filename"] == str(project / "a.py"), "absolute, as ours"
        assert set(theirs["fix"]) == {"applicability", "edits", "message"}

    def test_nothing_found_is_an_empty_array(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "x = 1\n")
        assert json.loads(bnlint("--output-format", "json").out) == []
        assert bnlint("--output-format", "json-lines").out == ""

    def test_lines(self) -> None:
        lines = shown("json-lines", finding(), finding(line=3)).splitlines()
        assert [json.loads(line)["location"]["row"] for line in lines] == [2, 3]

    def test_statistics(self) -> None:
        sites = (
            Site(Location("a.py", 2, 1, 2, 3), Outcome.UNDERSTOOD),
            Site(Location("a.py", 9, 1, 9, 3), Outcome.UNKNOWN_INPUT),
        )
        loaded = json.loads(shown("json", finding(), statistics=True, sites=sites))
        assert loaded["rules"] == [
            {"code": "BN201", "name": "redundant-bias", "severity": "warning", "count": 1}
        ]
        assert loaded["coverage"]["understood"] == 1
        assert loaded["coverage"]["unknown-input"] == 1
        assert [site["location"]["row"] for site in loaded["not_understood"]] == [9]


class TestConcise:
    def test_a_line_a_finding(self) -> None:
        said = shown("concise", finding(), finding(line=3, when="`x` is true"))
        assert said.splitlines() == [
            "a.py:2:5: BN201 the bias does nothing",
            "a.py:3:5: BN201 the bias does nothing [when `x` is true]",
            "Found 2 problems (2 warnings) in 1 file.",
        ]


class TestSummary:
    def test_counts(self) -> None:
        findings = [
            finding(severity=Severity.ERROR),
            finding(filename="b.py"),
            finding(severity=Severity.INFO),
        ]
        sites = (
            Site(Location("a.py"), Outcome.UNDERSTOOD),
            Site(Location("a.py", 2), Outcome.ESCAPED),
        )
        assert shown("concise", *findings, sites=sites).splitlines()[-1] == (
            "Found 3 problems (1 error, 1 warning, 1 for information) in 2 files; "
            "0 files read, 0 models, 1 of 2 BatchNormalization layers understood."
        )

    def test_nothing(self) -> None:
        assert shown("concise") == "No problems in 3 files.\n"


class TestFull:
    def test_one_finding(self) -> None:
        related = (Related(Location("a.py", 42), "absorbed by BatchNormalization"),)
        said = shown(
            "full", finding(related=related, when="`use_bn` is true"), text="\nx = Conv(8)\n"
        )
        assert said == (
            "warning BN201 (redundant-bias): the bias does nothing\n"
            " --> a.py:2:5\n"
            "  |\n"
            "2 | x = Conv(8)\n"
            "  |     ^^^^ absorbed by BatchNormalization at line 42, when `use_bn` is true\n"
            "  |\n"
            "  = help: Pass `use_bias=False`\n"
            "\n"
            "Found 1 problem (1 warning) in 1 file.\n"
        )

    def test_53_of_a_kind_say_each_thing_once(self) -> None:
        text = "x = Conv(8)\n" * 53
        said = shown("full", *(finding(line=n) for n in range(1, 54)), text=text)
        assert said.count("the bias does nothing") == 1
        assert said.count("help") == 1
        assert said.count("a.py") == 1
        assert said.count("^^^^") == 53
        assert "a.py:1:5 and 52 more places" in said
        assert len(said.splitlines()) < 53 * 2 + 8

    def test_what_differs_after_a_colon_stands_at_the_place(self) -> None:
        said = shown(
            "full",
            *(
                finding(
                    line=line,
                    message=f"the bias is redundant: absorbed at line {line + 1}",
                    related=(Related(Location("a.py", line + 1), "absorbed here"),),
                )
                for line in (1, 3)
            ),
            text="x = Conv(8)\n" * 4,
        )
        assert said.startswith("warning BN201 (redundant-bias): the bias is redundant\n")
        assert "^^^^ absorbed at line 2\n" in said
        assert "^^^^ absorbed at line 4\n" in said
        assert "absorbed here" not in said

    def test_related_places_in_other_files_and_many(self) -> None:
        related = (
            *(Related(Location("a.py", n), "absorbed") for n in range(3, 12)),
            Related(Location("b.py", 7), "absorbed"),
        )
        said = shown("full", finding(related=related), text="\nx = Conv(8)\n")
        assert "absorbed at lines 3, 4, 5, 6 and 5 more and at line 7 of b.py" in said

    @pytest.mark.parametrize(
        ("line", "column", "width", "frame"),
        [
            ("\tx = Conv(8)", 6, 4, "    x = Conv(8)\n        ^^^^"),
            ("x = '日本', Conv(8)", 11, 4, "x = '日本', Conv(8)\n            ^^^^"),
            ("                        x = Conv(8)", 29, 4, "    x = Conv(8)\n        ^^^^"),
        ],
    )
    def test_carets_stand_under_the_code(
        self, line: str, column: int, width: int, frame: str
    ) -> None:
        said = shown("full", finding(line=1, column=column, width=width), text=line)
        body = [part[4:] for part in said.splitlines() if re.match(r"[1 ] \| ", part)]
        assert "\n".join(body) == frame

    def test_long_lines_are_cropped_around_the_finding(self) -> None:
        line = "a, " * 500 + "Conv(8)" + ", b" * 500
        said = shown("full", finding(line=1, column=1501, width=7), text=line, width=80)
        frame = said.splitlines()[3:5]
        assert max(map(len, frame)) <= 80
        start = frame[1].index("^")
        assert frame[0][start : start + 7] == "Conv(8)"

    def test_several_lines_show_the_first(self) -> None:
        where = Location("a.py", 1, 5, 3, 2)
        several = Finding("BN201", "redundant-bias", Severity.WARNING, where, "m")
        said = shown("full", several, text="x = Conv(\n    8,\n)\n")
        assert "1 | x = Conv(\n  |     ^^^^^\n" in said

    def test_a_vanished_file_still_has_its_finding(self) -> None:
        assert "--> gone.py:2:5" in shown("full", finding(filename="gone.py"))


class TestStatistics:
    def test_text(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "'BatchNorm'\nx = BIAS, BIAS  # SITE\ny = LOST  # ODD\n")
        ran = bnlint("--statistics")
        assert ran.status == 1
        assert ran.out == (
            "2  BN201  redundant-bias\n"
            "1  BN101  not-in-model\n"
            "\n"
            "1 file, 1 read; 1 model; 2 BatchNormalization layers\n"
            "1  understood (50.0 %)\n"
            "1  escaped (50.0 %)\n"
            "\n"
            "Not understood, so nothing is said of them:\n"
            "a.py:3:13: escaped\n"
        )
