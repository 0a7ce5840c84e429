"""The hook, run by the real pre-commit from a clean checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks import notebook
from running import ROOT

BAD = """\
from tensorflow import keras

inputs = keras.Input((8,))
x = keras.layers.Dense(8)(inputs)
keras.layers.BatchNormalization()(x)
model = keras.Model(inputs, x)
"""


def git(*arguments: str, cwd: Path) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.mark.slow
def test_the_hook_finds_a_mistake(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("benchmarks/", "tests/")):
            (hooks / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, hooks / name)
    for name in ("README.md", "LICENSE"):
        (hooks / name).touch()
    git("init", "-q", ".", cwd=hooks)
    git("add", "-A", cwd=hooks)
    git("commit", "-qm", "all", cwd=hooks)

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    git("init", "-q", ".", cwd=scratch)
    (scratch / "net.py").write_text(BAD)
    (scratch / "notes.txt").write_text(BAD)
    (scratch / "net.ipynb").write_bytes(notebook("#md", BAD))
    git("add", "-A", cwd=scratch)

    def pre_commit() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "bnlint", "--all-files"],
            cwd=scratch,
            capture_output=True,
            text=True,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
            timeout=300,
            check=False,
        )

    failed = pre_commit()
    assert "net.py:5:1: BN101" in failed.stdout, failed.stdout + failed.stderr
    assert "net.ipynb:cell 2:5:1: BN101" in failed.stdout
    assert "notes.txt" not in failed.stdout
    assert failed.returncode == 1

    (scratch / "net.py").write_text("x = 1\n")
    (scratch / "net.ipynb").write_bytes(notebook("#md", "%time x = 1"))
    assert pre_commit().returncode == 0
