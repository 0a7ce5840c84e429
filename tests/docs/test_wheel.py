"""A wheel is whole: it runs where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bnlint.project.judging.rule_book import load

ROOT = Path(__file__).resolve().parents[2]
BAD = """\
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(64)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, x)
"""


@pytest.mark.slow
def test_wheel_brings_the_rule_book(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)],
        check=True,
        timeout=300,
    )
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        file.extractall(site)
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def bnlint(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bnlint", "--isolated", *arguments],
            cwd=site,
            env=environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=50,
            check=False,
        )

    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    listed = bnlint("--list-rules").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(load().rules)
    assert "# redundant-bias (BN201)" in bnlint("--explain", "BN201").stdout
    found = bnlint("-", stdin=BAD)
    assert found.returncode == 1
    assert "-:4:5: BN201" in found.stdout
