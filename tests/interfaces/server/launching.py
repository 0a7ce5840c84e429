"""Real editors: what they are to be told, and the bnlint that they start."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SERVER = Path(__file__).resolve().parents[3] / "bnlint" / "interfaces" / "server"
PAGE = (SERVER / "README.md").read_text(encoding="utf-8")


def with_bnlint(home: Path) -> dict[str, str]:
    """An environment in which ``bnlint`` is the one of this checkout, and nobody has settings."""
    launcher = home / "bin" / "bnlint"
    launcher.parent.mkdir()
    launcher.write_text(f'#!/bin/sh\nexec {sys.executable} -m bnlint "$@"\n')
    launcher.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{launcher.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
