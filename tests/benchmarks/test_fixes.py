"""What the check of fixed packages takes for a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fixes

MODEL = (
    "from keras import Sequential\n"
    "from keras.layers import BatchNormalization, Dense\n\n"
    "model = Sequential([Dense(4), BatchNormalization()])\n"
)


def test_a_package_is_repaired_without_fault(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "other.py").write_text("x = 1\n")

    outcome = fixes.repaired(tmp_path, ("--fix",), ("safe",))

    assert (outcome.before["BN201"], outcome.after["BN201"], outcome.changed) == (1, 0, 1)
    assert outcome.faults == []


def test_what_fixes_must_not_do_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other = tmp_path / "model.py", tmp_path / "other.py"
    path.write_text(MODEL)
    other.write_text("x = 1\n")
    run = fixes._bnlint
    written = iter(["x = 0\n", "x = (\n", "x = 2\n"])

    def clumsy(folder: Path, *options: str) -> str:
        if "--fix" not in options:
            return run(folder, *options)
        other.write_text(next(written))
        return ""

    monkeypatch.setattr(fixes, "_bnlint", clumsy)
    outcome = fixes.repaired(tmp_path, ("--fix",), ("safe",))
    assert outcome.faults == [
        "other.py: does not parse",
        "other.py: changed without a finding",
        "model.py:4: its fix was not applied",
        "other.py: changed by a second run",
    ]


def test_lines_that_no_finding_is_about_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.py"
    path.write_text(MODEL + "\nepochs = 3\n")
    run = fixes._bnlint

    def careless(folder: Path, *options: str) -> str:
        said = run(folder, *options)
        if "--fix" in options:
            text = path.read_text().replace("epochs = 3", "epochs = 4")
            path.write_text(f"{text}Sequential([Dense(4), BatchNormalization()])\n")
        return said

    monkeypatch.setattr(fixes, "_bnlint", careless)
    outcome = fixes.repaired(tmp_path, ("--fix",), ("safe",))
    assert "model.py:6: changed, and no finding is about it" in outcome.faults
    assert not any(fault.startswith("model.py:4: changed") for fault in outcome.faults)
