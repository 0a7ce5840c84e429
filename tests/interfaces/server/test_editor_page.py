"""The page about editors: what it shows is tried."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from launching import PAGE

from bnlint.interfaces.cli.command import main

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted((ROOT / "rules").glob("BN*/examples/*bare*.*"))[:4]


def _tasks() -> dict[str, object]:
    (found,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (task,) = json.loads(found)["tasks"]
    assert isinstance(task, dict)
    return task


def test_the_problem_matcher_takes_every_line_apart(capsys: pytest.CaptureFixture[str]) -> None:
    task = _tasks()
    arguments, matcher = task["args"], task["problemMatcher"]
    assert isinstance(arguments, list)
    assert isinstance(matcher, dict)
    status = main([*arguments, "--isolated", "--no-cache", *map(str, EXAMPLES)])
    assert status == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(": BN101 " in line for line in lines)
    pattern = matcher["pattern"]
    for line in lines:
        match = re.match(pattern["regexp"], line)
        assert match is not None, line
        assert Path(match[pattern["file"]]).is_file()
        assert match[pattern["line"]].isdecimal()
        assert match[pattern["column"]].isdecimal()
        assert re.fullmatch(r"BN\d{3}", match[pattern["code"]])
        assert len(match[pattern["message"]]) > 10


def test_the_patterns_of_flymake_and_vim_fit_the_same_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    example = next(path for path in EXAMPLES if path.suffix == ".py")
    main(["--quiet", "--output-format", "concise", "--isolated", "--no-cache", str(example)])
    lines = capsys.readouterr().out.splitlines()
    assert lines
    (flymake,) = re.findall(r"'\(\"(.*?)\" 1 2 nil 3\)", PAGE)
    emacs = flymake.replace("\\\\(", "(").replace("\\\\)", ")").replace("^-", "^.+?")
    for line in lines:
        assert re.match(emacs, line) is not None
        assert re.match(r"(.+?):(\d+):(\d+): (.*)$", line)  # errorformat=%f:%l:%c:\ %m
