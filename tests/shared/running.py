"""Running bnlint with the fake reader, for all tests of the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import fake_reader

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(fake_reader.__file__)


class Ran:
    """A finished run of the program."""

    def __init__(self, done: CompletedProcess[bytes]) -> None:
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    @property
    def lines(self) -> list[str]:
        """The findings of the concise format, without the summary."""
        return [line for line in self.out.splitlines() if ": BN" in line]


Bnlint: TypeAlias = Callable[..., Ran]
Write: TypeAlias = Callable[..., Path]
Words: TypeAlias = Callable[..., list[str]]
CachedRun: TypeAlias = Callable[..., tuple[list[str], list[str]]]
"""Gives the findings and the names of the files that were read."""
