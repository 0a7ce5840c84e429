"""The environments of the other linters: created once, separate from the user's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from benchmarks import places


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with the pinned packages of one file of ``requirements/``."""

    folder: Path

    def executable(self, name: str) -> str:
        """The path of a command that is installed in it."""
        scripts = "Scripts" if os.name == "nt" else "bin"
        suffix = ".exe" if os.name == "nt" else ""
        return str(self.folder / scripts / f"{name}{suffix}")

    def versions(self) -> dict[str, str]:
        """Name and version of every package in it."""
        command = [self.executable("python"), "-m", "pip", "list", "--format", "freeze"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return dict(line.split("==", 1) for line in printed.splitlines() if "==" in line)


def environment(name: str, cache: Path | None = None) -> Environment:
    """The environment for ``requirements/NAME.txt``, made on first use and when the pins change."""
    requirements = places.REQUIREMENTS / f"{name}.txt"
    pins = requirements.read_bytes() + sys.version.encode()
    digest = hashlib.sha256(pins).hexdigest()[:12]
    folder = (cache or places.cache_folder()) / "environments" / f"{name}-{digest}"
    made = Environment(folder)
    finished = folder / "finished"
    if not finished.exists():
        print(f"{name}: making its environment", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        install = [made.executable("python"), "-m", "pip", "install", "--quiet"]
        install += ["--disable-pip-version-check", "--requirement", str(requirements)]
        subprocess.run(install, check=True)
        finished.touch()
    return made
