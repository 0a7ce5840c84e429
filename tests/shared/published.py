"""Schemas, type definitions and readers that others publish in npm and PyPI.

They are not copied in: a test takes the package from its index once and keeps it outside of the
checkout. Where the index cannot be reached, or there is no Node.js, the test is skipped and says
so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

_TIMEOUT = 300
_SILENT: dict[str, str] = {}
"""Why an index is not asked again, by its name."""


def npm(*packages: str) -> Path:
    """A folder with ``node_modules`` that holds these packages, each ``name@version``."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs node and npm")

    def install(folder: Path) -> Sequence[str]:
        quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        impatient = ["--fetch-retries", "0", "--fetch-timeout", "60000"]
        return ["npm", "install", *quiet, *impatient, "--prefix", str(folder), *packages]

    return _kept(("npm", *packages), install)


def pypi(*requirements: str) -> Path:
    """A folder for ``PYTHONPATH`` that holds these packages and what they need."""

    def install(folder: Path) -> Sequence[str]:
        return [*_pip("install"), "--target", str(folder), *requirements]

    return _kept(("pypi", *requirements), install)


def pypi_source(requirement: str, member: str) -> bytes:
    """A file of a package's source distribution, by the end of its path."""

    def download(folder: Path) -> Sequence[str]:
        name = requirement.partition("==")[0]
        options = ["--no-deps", "--no-binary", name, "--dest", str(folder)]
        return [*_pip("download"), *options, requirement]

    (archive,) = _kept(("source", requirement), download).glob("*.tar.gz")
    with tarfile.open(archive) as files:
        (found,) = [each for each in files if each.isfile() and each.name.endswith(member)]
        opened = files.extractfile(found)
        assert opened is not None
        return opened.read()


def _pip(command: str) -> list[str]:
    quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "30"]
    return [sys.executable, "-m", "pip", command, *quiet]


def _kept(key: Sequence[str], command: Callable[[Path], Sequence[str]]) -> Path:
    """The folder that ``command`` filled, now or in an earlier run."""
    named = hashlib.sha256("\0".join([*key, sys.version]).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bnlint-tests"
    kept = cache / named
    if kept.is_dir():
        return kept
    if key[0] in _SILENT:
        pytest.skip(_SILENT[key[0]])
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        made = Path(folder) / "made"
        made.mkdir()
        try:
            done = subprocess.run(
                command(made), capture_output=True, text=True, timeout=_TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            _SILENT[key[0]] = f"{' '.join(key)}: the index does not answer"
            pytest.skip(_SILENT[key[0]])
        if done.returncode:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            _SILENT[key[0]] = f"{' '.join(key)}: cannot be installed: {last}"
            pytest.skip(_SILENT[key[0]])
        try:
            made.rename(kept)
        except OSError:  # another run was faster
            assert kept.is_dir()
    return kept
