import os
import subprocess
import sys
from pathlib import Path

import fake_reader
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(fake_reader.__file__)


class Ran:
    """A finished run of the program."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    @property
    def lines(self):
        """The findings of the concise format, without the summary."""
        return [line for line in self.out.splitlines() if ": BN" in line]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder that is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def write(project):
    """Write a file of the project, its folders too; returns its path."""

    def write(name, text="# BatchNorm\nx = BIAS\n"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def bnlint(project):
    """Run bnlint with the fake reader in a process of its own."""

    def run(*arguments, stdin=b"", env=None, cache=False, **options):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        extra = [] if cache else ["--no-cache"]
        command = [sys.executable, str(SCRIPT), *map(os.fspath, arguments), *extra]
        return Ran(
            subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                env=environment,
                cwd=project,
                timeout=50,
                check=False,
                **options,
            )
        )

    return run


@pytest.fixture
def reader(monkeypatch):
    """The fake reader in this process."""
    from bnlint import check

    monkeypatch.setattr(check, "check_file", fake_reader.check_file)
    monkeypatch.setattr(check, "settle", fake_reader.settle)
