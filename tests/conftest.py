from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import fake_reader
import pytest
from hostile import Plant
from running import ROOT, SCRIPT, Bnlint, Ran, Write

# What the tests start in processes of their own is this checkout, installed or not.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])

TABLES_ARE_OF = (3, 15)
"""The Keras that ``bnlint/keras_api`` describes. Older ones lack layers and arguments of it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Keras where there is none, or one that is older than the tables."""
    try:
        installed = metadata.version("keras")
        metadata.version("tensorflow")
    except metadata.PackageNotFoundError as error:
        reason, fits_any = f"{error.name} is not installed", False
    else:
        if tuple(map(int, re.findall(r"\d+", installed)[:2])) >= TABLES_ARE_OF:
            return
        reason, fits_any = f"Keras {installed} is older than the tables", True
    for item in items:
        if fits_any and item.get_closest_marker("any_keras"):
            continue
        if item.get_closest_marker("keras"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _settings_of_keras() -> Iterator[None]:
    """Put back what a test or an example sets for the whole process, such as the data format."""
    before = _keras_settings()
    yield
    for name, value in _keras_settings().items():
        if value != before.get(name, _KERAS_DEFAULTS[name]):
            setter = getattr(sys.modules["keras"].config, f"set_{name}")
            setter(before.get(name, _KERAS_DEFAULTS[name]))


_KERAS_DEFAULTS = {"image_data_format": "channels_last", "floatx": "float32"}


def _keras_settings() -> dict[str, str]:
    """The settings of Keras by name; empty while Keras is not imported."""
    config = getattr(sys.modules.get("keras"), "config", None)
    return {name: getattr(config, name)() for name in _KERAS_DEFAULTS} if config else {}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def write(project: Path) -> Write:
    """Write a file of the project, its folders too; returns its path."""

    def write(name: str, text: str | bytes = "'BatchNorm'\nx = BIAS\n") -> Path:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def bnlint(project: Path) -> Bnlint:
    """Run bnlint with the fake reader in a process of its own."""

    def run(
        *arguments: str | Path,
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
        cache: bool = False,
    ) -> Ran:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        extra = [] if cache else ["--no-cache"]
        command = [sys.executable, str(SCRIPT), *map(str, arguments), *extra]
        return Ran(
            subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                env=environment,
                cwd=project,
                timeout=50,
                check=False,
            )
        )

    return run


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the user's that is no business of the repository's."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The root of a repository that somebody else filled."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def plant(repository: Path) -> Plant:
    """Write a file of the repository."""

    def plant(name: str, text: str | bytes) -> Path:
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return plant


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake reader in this process."""
    from bnlint.project.judging import file_check

    monkeypatch.setattr(file_check, "check_file", fake_reader.check_file)
