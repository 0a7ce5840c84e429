"""Pictures of programs: which model is drawn, and that all of it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bnlint
from bnlint.project.pictures_from_source import candidates_in
from bnlint.reporters.drawing.choice import chosen
from bnlint.reporters.drawing.picture import Picture

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = """
from keras import Input, Model, layers


def block(x, filters, shortcut=False):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    if shortcut:
        y = layers.Add()([x, y])
    return layers.ReLU()(y)


def small(classes=10):
    inputs = Input((32, 32, 3))
    x = inputs
    for _ in range(7):
        x = block(x, 16)
    x = layers.GlobalAveragePooling2D()(x)
    return Model(inputs, layers.Dense(classes)(x))


def large(classes=10):
    inputs = Input((32, 32, 3))
    x = inputs
    for _ in range(20):
        x = block(x, 16)
    x = layers.GlobalAveragePooling2D()(x)
    return Model(inputs, layers.Dense(classes)(x))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _drawn(text: str, name: str = "net.py") -> list[Picture]:
    data = text.encode()
    report = bnlint.lint_source(data, name, isolated=True)
    return chosen(candidates_in(name, data), report.findings)


def test_models_are_drawn_whole_and_once(project: Path) -> None:
    drawn = _drawn(BLOCKS)

    assert [picture.title for picture in drawn] == ["net.py: small", "net.py: large"]
    for picture, blocks in zip(drawn, (7, 20), strict=True):
        kinds = [box.kind for box in picture.boxes]
        assert kinds.count("Conv2D") == kinds.count("ReLU") == blocks
        assert len(picture.boxes) == 1 + blocks * 3 + 2
        assert sum(bool(box.marks) for box in picture.boxes) == blocks


def test_a_block_alone_is_drawn_with_its_open_end(project: Path) -> None:
    (picture,) = _drawn(BLOCKS.partition("def small")[0])

    assert picture.title == "net.py: block"
    assert picture.boxes[0].kind == "Parameter"


def test_the_models_of_one_script_stand_in_one_picture(project: Path) -> None:
    text = BLOCKS + "\na = small()\nlayers.BatchNormalization()\n"

    drawn = _drawn(text)

    script = next(picture for picture in drawn if picture.title == "net.py")
    kinds = [box.kind for box in script.boxes]
    assert kinds.count("Input") == 1
    lost = [box for box in script.boxes if "never applied" in box.details]
    assert [mark.code for box in lost for mark in box.marks] == ["BN101"]


def test_the_call_of_a_subclassed_model_is_no_open_end(project: Path) -> None:
    text = """
from keras import Model, layers


class Net(Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4)
        self.bn = layers.BatchNormalization()

    def call(self, x, training=None):
        return self.bn(self.dense(x), training=training)


def other():
    return layers.BatchNormalization()
"""
    drawn = _drawn(text)

    assert [picture.title for picture in drawn] == ["net.py: Net"]
    assert [box.kind for box in drawn[0].boxes] == ["Parameter", "Dense", "BatchNormalization"]


def _run(*arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("output_format", ["dot", "mermaid", "svg"])
def test_the_command_draws_the_same_bytes_each_time(project: Path, output_format: str) -> None:
    (project / "net.py").write_text(BLOCKS, encoding="utf-8")
    (project / "other.py").write_text(BLOCKS.replace("small", "tiny"), encoding="utf-8")

    runs = [_run("--output-format", output_format, "net.py", "other.py", seed=s) for s in "123"]

    assert {run.returncode for run in runs} == {1}
    assert len({run.stdout for run in runs}) == 1
    assert "net.py: small" in runs[0].stdout
    assert "other.py: tiny" in runs[0].stdout
    assert "BN201 warning" in runs[0].stdout


def test_nothing_to_draw_is_said(project: Path) -> None:
    (project / "net.py").write_text("x = 1\n", encoding="utf-8")

    ran = _run("--output-format", "dot", "net.py")

    assert ran.returncode == 0
    assert ran.stdout.startswith("digraph bnlint {")
    assert ran.stderr.splitlines() == [
        "bnlint: nothing to draw: no model with BatchNormalization was found"
    ]


def test_counts_are_not_drawn(project: Path) -> None:
    ran = _run("--output-format", "dot", "--statistics")

    assert ran.returncode == 2
    assert ran.stderr == "bnlint: --statistics are counts; dot draws the models\n"


def test_suppressed_findings_are_not_drawn(project: Path) -> None:
    text = BLOCKS.replace('padding="same")(x)', 'padding="same")(x)  # noqa: BN201')
    (project / "net.py").write_text(text, encoding="utf-8")

    ran = _run("--output-format", "dot", "net.py")

    assert ran.returncode == 0
    assert "BN201" not in ran.stdout


@pytest.mark.keras
def test_a_model_is_drawn_alike_from_its_file_and_from_the_function_that_builds_it(
    project: Path,
) -> None:
    keras: Any = pytest.importorskip("keras")
    text = """
from keras import Input, Model, Sequential, layers


def build():
    base = Sequential([layers.Conv2D(4, 3, name="conv"), layers.BatchNormalization()], name="base")
    inputs = Input((8, 8, 3))
    return Model(inputs, layers.ReLU(name="relu")(base(inputs)))
"""
    (project / "nets.py").write_text(text, encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text, names)
    names["build"]().save(project / "net.keras")
    del keras

    saved, built, both = (
        _run("--output-format", "dot", *targets)
        for targets in (["net.keras"], ["nets:build"], ["net.keras", "nets:build"])
    )

    for ran in (saved, built, both):
        assert ran.returncode == 1
        assert 'label="base"' in ran.stdout
        assert "Conv2D conv\\n4, 3x3\\n(?, 6, 6, 4)\\nBN201 warning" in ran.stdout
    assert saved.stdout.count("BN201 warning:") == built.stdout.count("BN201 warning:") == 1
    assert saved.stdout.count(" -> ") == built.stdout.count(" -> ") == 3
    assert both.stdout.count(" -> ") == 6


def test_a_notebook_is_drawn_with_its_cells(project: Path) -> None:
    notebook = ROOT / "rules/BN101-not-in-model/examples/idiom_notebook_five_bare_statements.ipynb"

    ran = _run("--output-format", "dot", str(notebook))

    assert ran.returncode == 1
    assert ran.stdout.count('BN101 error", tooltip') == 5
    assert ".ipynb:cell " in ran.stdout
