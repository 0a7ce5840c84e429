"""``--add-noqa`` and ``--baseline``: a large project starts today, and hears of what is new."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, Ran, Write
from test_fix import BIASED, HEAD, run

import bnlint

LATER = (
    "\n\ndef later(x):\n    x = layers.Dense( 5 )(x)\n    return layers.BatchNormalization()(x)\n"
)
WHOLE = BIASED + LATER


def written(*arguments: str) -> None:
    ran = run("--baseline", "base.json", "--write-baseline", *arguments)
    assert (ran.status, ran.err) == (0, "")


def configured(*arguments: str) -> Ran:
    """A run that looks at ``pyproject.toml``."""
    command = [sys.executable, "-m", "bnlint", "--no-cache", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Ran(subprocess.run(command, capture_output=True, env=environment, check=False))


def known(*arguments: str) -> tuple[int, list[str], str]:
    ran = run("--baseline", "base.json", *arguments)
    return ran.status, [line.partition(": ")[0] for line in ran.lines], ran.err


def test_comments_silence_what_is_there(write: Write) -> None:
    path = write("net.py", WHOLE)

    ran = run("--add-noqa", ".")

    assert (ran.status, ran.out) == (0, "Added 2 suppressions in 1 file.\n")
    assert "layers.Dense(4)(x)  # noqa: BN201\n" in path.read_text()
    assert run(".").status == 0


def test_reason_stands_behind_the_comment(write: Write) -> None:
    path = write("net.py", BIASED)

    run("--add-noqa=old weights need it", ".")

    assert "layers.Dense(4)(x)  # noqa: BN201  old weights need it\n" in path.read_text()
    assert run(".").status == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  # noqa: E501", "  # noqa: E501, BN201"),
        ("  # bnlint: ignore[BN101]", "  # bnlint: ignore[BN101, BN201]"),
        ("  # wide", "  # wide  # noqa: BN201"),
    ],
)
def test_comments_that_are_there_are_joined(write: Write, before: str, after: str) -> None:
    line = "x = layers.Dense(4)(x)"
    path = write("net.py", BIASED.replace(line, line + before))

    run("--add-noqa", ".")

    assert f"{line}{after}\n" in path.read_text()
    assert not any(": BN201 " in line for line in run(".").lines)


def test_statement_of_many_lines_gets_its_comment_at_the_end(write: Write) -> None:
    path = write("net.py", BIASED.replace("Dense(4)", "Dense(\n    4,\n)"))

    run("--add-noqa", ".")

    assert ")(x)  # noqa: BN201\n" in path.read_text()
    assert run(".").status == 0


def test_statement_with_many_findings_gets_one_comment_for_each_rule(write: Write) -> None:
    path = write("net.py", "from keras import Sequential, layers\n\nm = Sequential([\n"
        + "    layers.Dense(4),\n    layers.BatchNormalization(),\n    layers.ReLU(),\n" * 2
        + "])\n")  # fmt: skip

    ran = run("--add-noqa", ".")

    assert ran.out == "Added 1 suppression in 1 file.\n"
    assert path.read_text().endswith("\n])  # noqa: BN201\n")
    assert run(".").status == 0


def test_encoding_and_line_ends_stay(write: Write) -> None:
    data = b"# coding: latin-1\r\n# \xe9\r\n" + BIASED.replace("\n", "\r\n").encode()
    path = write("net.py", data)

    run("--add-noqa", ".")

    assert path.read_bytes() == data.replace(b"Dense(4)(x)", b"Dense(4)(x)  # noqa: BN201")


def test_known_findings_stay_quiet(write: Write) -> None:
    write("net.py", WHOLE)
    written(".")

    assert known(".") == (0, [], "")


def test_known_finding_may_move_and_be_formatted_anew(write: Write) -> None:
    write("net.py", WHOLE)
    written(".")

    write("net.py", "# a comment\n\n" + WHOLE.replace("Dense( 5 )", "Dense(\n        5,\n    )"))

    assert known(".") == (0, [], "")


def test_new_finding_is_told(write: Write) -> None:
    write("net.py", BIASED)
    written(".")

    write("net.py", WHOLE)

    assert known(".") == (1, ["net.py:9:9"], "")


def test_same_source_again_is_new(write: Write) -> None:
    write("net.py", BIASED)
    written(".")

    write("net.py", BIASED + "x = layers.Dense(4)(x)\nx = layers.BatchNormalization()(x)\n")

    status, lines, _ = known(".")
    assert (status, len(lines)) == (1, 1)


def test_stale_entries_are_named(write: Write) -> None:
    write("net.py", BIASED)
    written(".")

    write("net.py", HEAD)

    assert known(".") == (
        0,
        [],
        "bnlint: stale in base.json: net.py: BN201 in the module: layers.Dense(4)\n",
    )


def test_entries_of_files_that_were_not_looked_at_are_not_stale(write: Write) -> None:
    write("net.py", BIASED)
    write("other.py", LATER.replace("\n\ndef", "from keras import layers\n\ndef", 1))
    written(".")

    assert known("net.py") == (0, [], "")


def test_file_says_what_it_keeps(write: Write, project: Path) -> None:
    write("deep/net.py", WHOLE)
    written(".")

    assert json.loads((project / "base.json").read_text()) == {
        "version": 1,
        "findings": [
            {"file": "deep/net.py", "rule": "BN201", "scope": "", "source": "layers.Dense(4)"},
            {"file": "deep/net.py", "rule": "BN201", "scope": "later", "source": "layers.Dense(5)"},
        ],
    }


def test_settings_name_the_baseline(write: Write, project: Path) -> None:
    """From any folder of the project, without an option, and in the language of the settings."""
    write("pyproject.toml", '[tool.bnlint]\nbaseline = "quality/known.json"\n')
    (project / "quality").mkdir()
    write("src/net.py", WHOLE)

    made = configured("--write-baseline", ".")
    quiet = configured("src")
    write("src/net.py", WHOLE + LATER.replace("later", "new"))
    told = configured("src")

    assert (made.status, made.out) == (0, "Wrote 2 findings to quality/known.json.\n")
    assert (quiet.status, quiet.lines, quiet.err) == (0, [], "")
    assert [line.partition(": ")[0] for line in told.lines] == ["src/net.py:14:9"]
    report = bnlint.lint(["src"])
    assert [finding.location.line for finding in report.findings] == [14]


def test_baseline_goes_to_the_project_and_the_hint_says_how_to_use_it(
    write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyproject.toml", "[tool.bnlint]\n")
    write("src/net.py", BIASED)
    monkeypatch.chdir(project / "src")

    ran = configured("--write-baseline", ".")

    assert "Name it as `baseline` in [tool.bnlint]." in ran.out
    assert (project / "bnlint-baseline.json").exists()


def test_known_finding_is_not_fixed(write: Write) -> None:
    write("net.py", BIASED)
    written(".")
    path = write("net.py", WHOLE)

    ran = run("--baseline", "base.json", "--fix", ".")

    assert (ran.status, ran.err) == (0, "")
    assert path.read_text() == WHOLE.replace("Dense( 5 )", "Dense( 5, use_bias=False )")
    assert run("--baseline", "base.json", "--diff", ".").status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file or directory; --write-baseline makes it"),
        ("[]", "not a baseline of bnlint"),
        ("{", "not a baseline of bnlint"),
        ('{"version": 7, "findings": []}', "made by another version"),
        ('{"version": 1, "findings": [1]}', "not a baseline of bnlint"),
    ],
)
def test_bad_baseline_is_one_line_and_2(write: Write, text: str | None, message: str) -> None:
    write("net.py", BIASED)
    if text is not None:
        write("base.json", text)

    status, lines, err = known(".")

    assert (status, lines, err.count("\n")) == (2, [], 1)
    assert message in err
