"""The formats of other programs, each read by that program's schema or by a reader of it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema  # type: ignore[import-untyped]
import junitparser
import pytest
from notebooks import notebook
from running import Bnlint, Write
from schemas import schema

from bnlint.findings import (
    Applicability,
    Edit,
    Failure,
    Finding,
    Fix,
    Location,
    Related,
    Report,
    Severity,
)
from bnlint.project.files.source_lines import Texts
from bnlint.project.judging.rule_book import load
from bnlint.reporters import render
from bnlint.reporters.ci.sarif import artifact, folder_uri
from bnlint.reporters.places import slashed
from bnlint.reporters.view import View

FORMATS = ("github", "gitlab", "sarif", "junit", "rdjson", "pylint", "azure")
TEXT = "x = 1\nxé = Dense(8)(x)\n\nx = BatchNormalization()(x)\n"
BOOK = notebook("#md intro", "x = 1\ny = Dense(3)", indent=1)
ODD = 'sub/\tö, %:;]"<&>\x1b\udcff.py'


def finding(
    filename: str = "a.py", line: int = 2, message: str = "the bias does nothing", **more: Any
) -> Finding:
    where = Location(filename, line, 6, line, 14, more.pop("cell", None))
    code, name = more.pop("rule", ("BN201", "redundant-bias"))
    severity = more.pop("severity", Severity.WARNING)
    return Finding(code, name, severity, where, message, **more)


FIX = Fix(
    Applicability.SAFE,
    "Write `use_bias=False`",
    (Edit(Location("a.py", 2, 12, 2, 12), ", use_bias=False"),),
)
FULL = finding(
    help="write `use_bias=False`",
    when="`use_bn` is true",
    related=(Related(Location("a.py", 4, 5, 4, 25), "absorbed here"),),
    fix=FIX,
)
ODD_ONE = finding(ODD, 3, "odd\r\n\x00\x1b[31m, %;]: <&>\"'\u202e\ud800", severity=Severity.ERROR)
IN_CELL = finding("n.ipynb", cell=2, rule=("BN101", "not-in-model"), severity=Severity.INFO)
FAILED = Failure("gone, %.py", "cannot be read: no: %\nTraceback")


def shown(output_format: str, *findings: Finding, failures: tuple[Failure, ...] = ()) -> str:
    texts = Texts({"a.py": TEXT.encode(), "n.ipynb": BOOK, ODD: TEXT.encode()})
    report = Report(findings, failures)
    text = "".join(render(output_format, report, View(texts), statistics=False))
    text.encode("utf-8")  # no half characters in what others read
    return text


def everything(output_format: str) -> str:
    return shown(output_format, FULL, ODD_ONE, IN_CELL, failures=(FAILED,))


class TestSarif:
    def log(self, *findings: Finding, failures: tuple[Failure, ...] = ()) -> Any:
        log = json.loads(shown("sarif", *findings, failures=failures))
        jsonschema.validate(log, schema("sarif-2.1.0"))
        (run,) = log["runs"]
        return run

    def test_follows_the_schema(self) -> None:
        self.log()
        run = self.log(FULL, ODD_ONE, IN_CELL, failures=(FAILED,))
        assert [result["level"] for result in run["results"]] == ["warning", "error", "note"]

    def test_rules_carry_their_pages(self) -> None:
        run = self.log(FULL)
        rules = run["tool"]["driver"]["rules"]
        book = load().rules
        assert [rule["id"] for rule in rules] == list(book)
        assert [rule["help"]["markdown"] for rule in rules] == [i.page() for i in book.values()]
        assert all(rule["help"]["text"] for rule in rules)
        assert rules[run["results"][0]["ruleIndex"]]["id"] == "BN201"
        bias = rules[list(book).index("BN201")]
        assert bias["fullDescription"]["text"].startswith("Reports a Dense or convolution")

    def test_a_finding(self) -> None:
        (result,) = self.log(FULL)["results"]
        assert result["message"]["text"] == (
            "the bias does nothing [when `use_bn` is true]. write `use_bias=False`"
        )
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "a.py", "uriBaseId": "%SRCROOT%"}
        assert physical["region"] == {
            "startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 14,
        }  # fmt: skip
        (related,) = result["relatedLocations"]
        assert related["message"]["text"] == "absorbed here"
        assert related["physicalLocation"]["region"]["startLine"] == 4
        (fix,) = result["fixes"]
        assert fix["description"]["text"] == "Write `use_bias=False`"
        (replacement,) = fix["artifactChanges"][0]["replacements"]
        assert replacement["insertedContent"]["text"] == ", use_bias=False"
        assert replacement["deletedRegion"]["startColumn"] == 12

    def test_a_cell(self) -> None:
        (result,) = self.log(IN_CELL)["results"]
        (location,) = result["locations"]
        line = location["physicalLocation"]["region"]["startLine"]
        assert BOOK.decode().split("\n")[line - 1].strip() == '"y = Dense(3)"'
        assert location["properties"] == {"cell": 2, "line": 2, "column": 6}
        assert location["logicalLocations"][0]["fullyQualifiedName"] == "n.ipynb:cell 2:2:6"
        assert result["message"]["text"].endswith("(cell 2, line 2)")

    def test_failures_are_notifications(self) -> None:
        (invocation,) = self.log(failures=(FAILED,))["invocations"]
        assert invocation["executionSuccessful"] is False
        (notification,) = invocation["toolExecutionNotifications"]
        assert notification["message"]["text"] == "cannot be read: no: %"
        assert self.log()["invocations"][0]["executionSuccessful"] is True

    def test_paths_are_uris(self) -> None:
        uri = str(artifact(ODD)["uri"])
        assert re.fullmatch(r"[A-Za-z0-9_.\-~/%]+", uri)
        assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == ODD
        assert artifact("/elsewhere/ü.py") == {"uri": "file:///elsewhere/%C3%BC.py"}
        assert folder_uri(PureWindowsPath("C:\\a b\\c")) == "file:///C:/a%20b/c/"
        assert folder_uri(PurePosixPath("/")) == "file:///"


class TestFingerprints:
    @staticmethod
    def names(output_format: str, *findings: Finding) -> list[str]:
        loaded = json.loads(shown(output_format, *findings))
        if output_format == "gitlab":
            return [issue["fingerprint"] for issue in loaded]
        results = loaded["runs"][0]["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    @pytest.mark.parametrize("output_format", ["gitlab", "sarif"])
    def test_stay_when_lines_move_and_are_never_the_same(
        self, output_format: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        twice = (finding(), finding(message="absorbed at line 9"), finding(line=4), ODD_ONE)
        before = self.names(output_format, *twice)
        assert len(set(before)) == 4
        monkeypatch.setitem(globals(), "TEXT", "\n\n  " + TEXT)
        moved = (finding(line=4), finding(line=4, message="absorbed at line 11"))
        assert self.names(output_format, *moved) == before[:2]
        assert self.names(output_format, finding(rule=("BN301", "x"), line=4))[0] not in before


def test_gitlab_has_what_gitlab_reads() -> None:
    issues = json.loads(everything("gitlab"))
    expected = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string"},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "positions"],
                    "properties": {
                        "path": {"type": "string", "pattern": "^[^/.]"},
                        "positions": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": {
                                "type": "object",
                                "required": ["line"],
                                "additionalProperties": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                },
            },
        },
    }
    jsonschema.validate(issues, expected)
    assert [issue["severity"] for issue in issues] == ["minor", "major", "info"]
    assert issues[2]["description"] == "BN101: the bias does nothing (cell 2, line 2)"
    assert issues[2]["location"]["positions"]["begin"]["line"] > 10
    assert json.loads(shown("gitlab")) == []


class TestJunit:
    def test_is_read_by_a_reader_of_it(self) -> None:
        read = junitparser.JUnitXml.fromstring(everything("junit").encode())
        suites = list(read)
        assert (read.tests, read.failures, read.errors) == (4, 3, 1)
        assert [len(list(suite)) for suite in suites] == [1, 1, 1, 1]
        case = next(iter(suites[0]))
        assert case.name == "org.bnlint.BN201"
        assert case.result[0].message == "the bias does nothing [when `use_bn` is true]"
        assert "line 2, col 6" in case.result[0].text
        assert "cell 2, line 2, col 6" in next(iter(suites[2])).result[0].text
        assert isinstance(next(iter(suites[3])).result[0], junitparser.Error)

    def test_nothing_found_is_a_test_that_passed(self) -> None:
        read = junitparser.JUnitXml.fromstring(shown("junit").encode())
        (suite,) = list(read)
        (case,) = list(suite)
        assert case.is_passed

    def test_holds_no_character_that_xml_forbids(self) -> None:
        text = everything("junit")
        ET.fromstring(text)
        assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)


class TestRdjson:
    # https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto, with nothing
    # besides: a misspelt key would go unnoticed in reviewdog.
    POSITION: Mapping[str, Any] = {
        "type": "object",
        "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}},
        "required": ["line"],
        "additionalProperties": False,
    }
    RANGE: Mapping[str, Any] = {
        "type": "object",
        "properties": {"start": POSITION, "end": POSITION},
        "required": ["start"],
        "additionalProperties": False,
    }
    LOCATION: Mapping[str, Any] = {
        "type": "object",
        "properties": {"path": {"type": "string"}, "range": RANGE},
        "required": ["path"],
        "additionalProperties": False,
    }
    DIAGNOSTIC: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "message": {"type": "string"},
            "location": LOCATION,
            "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
            "code": {
                "type": "object",
                "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
                "additionalProperties": False,
            },
            "suggestions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"range": RANGE, "text": {"type": "string"}},
                    "required": ["range", "text"],
                    "additionalProperties": False,
                },
            },
            "related_locations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"message": {"type": "string"}, "location": LOCATION},
                    "required": ["location"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["message", "location", "severity", "code"],
        "additionalProperties": False,
    }
    RESULT: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "diagnostics": {"type": "array", "items": DIAGNOSTIC},
            "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
            "source": {"type": "object"},
        },
        "required": ["diagnostics"],
        "additionalProperties": False,
    }

    def test_follows_the_definition(self) -> None:
        jsonschema.validate(json.loads(shown("rdjson")), self.RESULT)
        jsonschema.validate(json.loads(everything("rdjson")), self.RESULT)

    def test_columns_count_bytes(self) -> None:
        (found,) = json.loads(shown("rdjson", FULL))["diagnostics"]
        assert found["location"]["range"]["start"] == {"line": 2, "column": 7}
        (suggestion,) = found["suggestions"]
        assert suggestion["range"]["start"] == {"line": 2, "column": 13}
        assert found["related_locations"][0]["message"] == "absorbed here"

    def test_a_suggestion_in_a_cell_is_one_of_the_file(self) -> None:
        edit = Edit(Location("n.ipynb", 2, 5, 2, 10, 2), 'Dense("x",')
        fixed = finding("n.ipynb", cell=2, fix=Fix(Applicability.SAFE, "", (edit,)))
        (found,) = json.loads(shown("rdjson", fixed))["diagnostics"]
        (suggestion,) = found["suggestions"]
        start = suggestion["range"]["start"]
        line = BOOK.decode().split("\n")[start["line"] - 1]
        assert line[start["column"] - 1 :].startswith("Dense(3)")
        assert suggestion["text"] == 'Dense(\\"x\\",'


class TestGithub:
    def test_commands(self) -> None:
        full, odd, in_cell = shown("github", FULL, ODD_ONE, IN_CELL).splitlines()
        assert full == (
            f"::warning title=bnlint (BN201),file={Path.cwd()}/a.py,line=2,col=6,endLine=2,"
            "endColumn=14::a.py:2:6: BN201 the bias does nothing [when `use_bn` is true]"
            "%0A  help: write `use_bias=False`"
        )
        assert odd.startswith("::error title=")
        assert in_cell.startswith("::notice title=")
        assert "::n.ipynb:cell 2:2:6: BN101 the bias" in in_cell

    def test_properties_and_messages_are_escaped(self) -> None:
        (line,) = shown("github", ODD_ONE).splitlines()
        head, _, message = line[2:].partition("::")
        properties = dict(part.split("=") for part in head.partition(" ")[2].split(","))
        assert set(properties) == {"title", "file", "line", "col", "endLine", "endColumn"}
        file = properties["file"]
        assert re.search(r"%(?!25|0D|0A|3A|2C)", file) is None
        assert file.endswith(".py")
        assert "%25" in message
        assert not re.search("[\r\n\x1b]", line)

    def test_a_range_of_lines_has_no_columns(self) -> None:
        long = Finding("BN201", "x", Severity.ERROR, Location("a.py", 2, 3, 4, 5), "x")
        assert ",line=2,endLine=4::" in shown("github", long)

    def test_failures(self) -> None:
        (line,) = shown("github", failures=(FAILED,)).splitlines()
        assert line.startswith("::error title=bnlint,file=")
        assert line.endswith("gone%2C %25.py::gone, %25.py: cannot be read: no: %25")


def test_azure() -> None:
    failed, full, odd, in_cell = everything("azure").splitlines()
    pattern = re.compile(
        r"##vso\[task\.logissue type=(error|warning);sourcepath=([^;\]]*);linenumber=(\d+);"
        r"columnnumber=(\d+);code=(BN\d{3});\](.*)"
    )
    found = pattern.fullmatch(full)
    assert found
    assert found.groups() == (
        "warning", f"{Path.cwd()}/a.py", "2", "6", "BN201",
        "the bias does nothing [when `use_bn` is true]",
    )  # fmt: skip
    assert failed == "##vso[task.logissue type=error;]gone, %AZP25.py: cannot be read: no: %AZP25"
    match = pattern.fullmatch(odd)
    assert match
    assert "%AZP25%3A" not in match[2]
    assert "%3B%5D" in match[2]
    assert in_cell.endswith("the bias does nothing (cell 2, line 2)")


def test_pylint() -> None:
    full, odd, in_cell = everything("pylint").splitlines()
    assert full == "a.py:2: [BN201] the bias does nothing [when `use_bn` is true]"
    assert odd.startswith('sub/\\tö, %:;]"<&>\\x1b')
    assert re.fullmatch(r"n\.ipynb:\d+: \[BN101\] the bias .* \(cell 2, line 2\)", in_cell)


def test_windows_paths_have_slashes() -> None:
    assert slashed(PureWindowsPath("sub\\net.py")) == "sub/net.py"


class TestSeveralOutputs:
    def test_besides_the_main_one(self, bnlint: Bnlint, write: Write, project: Path) -> None:
        write("a.py")
        usual = bnlint(".")
        ran = bnlint(".", "-o", "sarif:out.sarif", "--output-file", "junit:out.xml")
        assert (ran.status, ran.out, ran.err) == (1, usual.out, "")
        assert json.loads((project / "out.sarif").read_text())["runs"][0]["results"]
        assert junitparser.JUnitXml.fromfile(str(project / "out.xml")).failures == 1
        assert sorted(path.name for path in project.iterdir()) == ["a.py", "out.sarif", "out.xml"]

    def test_where_nothing_is_found(self, bnlint: Bnlint, project: Path) -> None:
        for output_format in FORMATS:
            ran = bnlint(".", "-o", f"{output_format}:out")
            assert (ran.status, ran.out) == (0, "No Python files found.\n")
            assert (project / "out").read_text() == shown(output_format)
            (project / "out").unlink()

    def test_with_a_main_file(self, bnlint: Bnlint, write: Write, project: Path) -> None:
        write("a.py")
        ran = bnlint(".", "-o", "main.txt", "-o", "gitlab:q.json", "--statistics")
        assert (ran.status, ran.out) == (1, "")
        assert "1 file, 1 read" in (project / "main.txt").read_text()
        assert len(json.loads((project / "q.json").read_text())) == 1

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["-o", "a", "-o", "b"], "there is a already; write FORMAT:FILE for a second one"),
            (["-o", "sarif:"], "names no file"),
            (["-o", "sarif:x", "-o", "junit:./x"], "./x is written already"),
            (["-o", "sarif:no/such/x"], "No such file or directory"),
        ],
    )
    def test_what_cannot_be(
        self, bnlint: Bnlint, write: Write, arguments: list[str], message: str
    ) -> None:
        write("a.py")
        ran = bnlint(".", *arguments)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert message in ran.err
