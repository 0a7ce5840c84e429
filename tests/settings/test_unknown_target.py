"""Where nothing tells the Keras, a run says which findings depend on it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import bnlint
from bnlint.interfaces.cli.command import main

NET: Final = """\
import keras


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = keras.layers.BatchNormalization(fused=True)

    def call(self, x):
        return self.norm(x)


model = Net()
model.compile("adam", "mse")
model.fit(x_train, y_train)
"""
LINE: Final = "2 findings for Keras 3 if that is what you use: --target-keras 3\n"


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["--isolated", "--jobs", "1", *arguments])
    return capsys.readouterr().out


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    return path


def test_closing_line_counts_what_depends_on_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in "read", "from the cache":
        assert output(capsys, str(file)).endswith(LINE)


@pytest.mark.parametrize(
    "arguments", [["--target-keras", "3"], ["--target-keras", "2"], ["--select", "BN2"]]
)
def test_line_is_left_out_where_nothing_depends_on_it(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert "if that is what you use" not in output(capsys, *arguments, str(file))


def test_statistics_name_the_rules_that_were_silent(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert output(capsys, "--statistics", str(file)).endswith(
        "Nothing tells the Keras of 1 file, so these were silent; for --target-keras 3:\n"
        "1  BN501  call-without-training\n"
        "1  BN603  removed-argument\n"
    )


def test_what_a_comment_suppresses_is_not_counted(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NET.replace("self, x):", "self, x):  # noqa: BN501")
    file.write_text(text, encoding="utf-8")

    assert output(capsys, str(file)).endswith(LINE.replace("2 findings", "1 finding"))


def test_findings_are_those_for_keras_3() -> None:
    unknown = bnlint.lint_source(NET, isolated=True)
    known = bnlint.lint_source(NET, isolated=True, target_keras=3)

    assert [(f.code, f.location) for f in unknown.supposed] == [
        (f.code, f.location) for f in known.findings
    ]
    assert not unknown.findings
    assert not known.supposed
    assert unknown.exit_status() == 0
