"""The whole program on what somebody hostile wrote: a process of its own, as at a prompt."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from running import ROOT

BAD = """\
from keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4)(inputs)
x = layers.BatchNormalization()(x)
model = Model(inputs, layers.ReLU()(x))
"""
"""Has one finding, a BN201 in line 4."""

MARK = """\
import pathlib
pathlib.Path({mark!r}).write_text("it ran")
"""
"""Code that tells that it was run."""


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    left_out = ("GITHUB_ACTIONS", "TF_BUILD", "NO_COLOR", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT), **(extra or {})}


def run(
    *arguments: str | Path,
    cwd: Path,
    stdin: str = "",
    seconds: float = 60,
    variables: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``bnlint``; what hangs fails the test."""
    return subprocess.run(
        [sys.executable, "-m", "bnlint", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(variables),
        timeout=seconds,
        check=False,
    )


Plant: TypeAlias = Callable[..., Path]


def rule(mark: Path, code: str = "XY101", name: str = "mine") -> str:
    """A rule of somebody's own that tells that it was imported."""
    return (
        MARK.format(mark=str(mark))
        + f"""
from bnlint.findings import Severity
from bnlint.rule import Rule


class Mine(Rule):
    code = "{code}"
    name = "{name}"
    summary = "What it finds"
    severity = Severity.WARNING

    def applies(self, layer, graph, options):
        return False

    def check(self, layer, graph, options):
        return iter(())
"""
    )
