"""What the sweep takes for an internal error, and how it finds the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import sweep
from benchmarks.sweep import Breakage
from bnlint.readers.source.parsing.lowering import templates
from bnlint.readers.source.parsing.lowering.libcst_parser import Unreadable, parse


@pytest.mark.parametrize(
    ("status", "errors", "why"),
    [
        (0, "", None),
        (2, "bnlint: a.py: permission denied\n", None),
        (2, "bnlint: a.py: internal error: x\nmore\n", "bnlint: a.py: internal error: x"),
        (1, "Traceback (most recent call last):\n  File\nKeyError: 1\n", "KeyError: 1"),
        (-11, "", "ended by signal 11"),
        (70, "odd\n", "exit status 70: odd"),
    ],
)
def test_what_counts_as_broken(status: int, errors: str, why: str | None) -> None:
    assert sweep.breakage(status, errors) == why


def test_a_batch_is_narrowed_to_the_file_that_breaks() -> None:
    files = [Path(f"{number}.py") for number in range(10)]
    bad = files[6]

    def check(batch: Sequence[Path]) -> str | None:
        return "boom" if bad in batch else None

    assert sweep.sweep(files, check, batch=4) == [Breakage((bad,), "boom")]


def test_files_that_break_only_together_are_reported_together() -> None:
    files = [Path("a.py"), Path("b.py")]

    broken = sweep.sweep(files, lambda batch: "boom" if len(batch) > 1 else None)

    assert broken == [Breakage(tuple(files), "boom")]


def test_each_file_is_swept_once(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").touch()

    found = sweep.files_below([tmp_path, tmp_path / "inner"])

    assert found == [tmp_path / "inner" / "a.py"]


def test_statements_that_libcst_cannot_parse_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def picky(text: str) -> object:
        if "odd" in text:
            raise Unreadable("a bug of its own")
        return parse(text)

    monkeypatch.setattr(templates, "parse", picky)
    bad, binary = tmp_path / "bad.py", tmp_path / "binary.py"
    bad.write_text("def f():\n    return odd_one()\n")
    binary.write_bytes(b"\0")

    assert sweep.sweep_lowering([bad, binary]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"{bad}:2"
