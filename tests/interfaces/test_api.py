"""``bnlint.lint`` and ``bnlint.lint_source``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, Write

import bnlint as package

BAD = "'BatchNorm'\nx = BIAS, LOST, ORDER\n"


def codes(report: package.Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_lint_files_and_folders(reader: None, write: Write) -> None:
    write("a.py", BAD)
    write("sub/b.py", BAD)
    assert len(package.lint(["."]).findings) == 6
    assert len(package.lint("a.py").findings) == 3
    assert len(package.lint([Path("sub"), "a.py"]).findings) == 6


def test_lint_takes_what_the_command_line_takes(reader: None, write: Write) -> None:
    write("a.py", BAD)
    write("pyproject.toml", "[tool.bnlint]\nselect = ['BN201']\n")
    assert codes(package.lint(["."])) == ["BN201"]
    assert codes(package.lint(["."], extend_select=["BN1"])) == ["BN201", "BN101"]
    assert codes(package.lint(["."], isolated=True, ignore=["BN2"])) == ["BN101", "BN301"]
    report = package.lint(["."], select=["BN301"], order="consistent")
    assert report.findings[0].severity is package.Severity.WARNING


def test_a_missing_file_is_a_failure_in_the_report(reader: None, project: Path) -> None:
    report = package.lint(["missing.py"])
    assert report.failures == (package.Failure("missing.py", "no such file or folder"),)
    assert report.exit_status() == 2


def test_a_bad_setting_is_an_exception(reader: None, project: Path) -> None:
    with pytest.raises(package.SettingsError, match="unknown rule 'BN999'"):
        package.lint_source(BAD, select=["BN999"])
    with pytest.raises(package.SettingsError, match="order cannot be"):
        package.lint(["."], order="upside-down")


def test_lint_source(reader: None, project: Path) -> None:
    report = package.lint_source(BAD)
    assert codes(report) == ["BN201", "BN101", "BN301"]
    assert report.findings[0].location.filename == "<stdin>"
    assert report.exit_status() == 1
    assert codes(package.lint_source(BAD.encode(), "pkg/a.py", select=["BN1"])) == ["BN101"]


def test_lint_source_honours_suppressions(reader: None, project: Path) -> None:
    assert codes(package.lint_source("'BatchNorm'\nx = BIAS  # noqa: BN201\n")) == []


def test_nothing_is_written(reader: None, write: Write, project: Path) -> None:
    write("a.py", BAD)
    package.lint(["."])
    assert [path.name for path in project.iterdir()] == ["a.py"]


def test_every_name_can_be_had() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError):
        _ = package.nothing


def test_import_is_free() -> None:
    code = "import sys, bnlint; print(*(n for n in sys.modules if n.startswith('bnlint.')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
