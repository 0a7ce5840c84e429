"""Download the public packages by pinned version and unpack them.

``python -m benchmarks.corpus`` fetches only missing packages. A package is unpacked completely or
not at all, and then never changed again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmarks import places

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: A file that matches constructs a BatchNormalization or mentions one.
MENTIONS_BATCHNORM = re.compile(rb"atch_?[nN]orm")

_TEST_FILE = re.compile(r"(?:^|/)tests?/|_test\.py$|(?:^|/)test_[^/]*\.py$")


class CorpusError(Exception):
    """A package could not be downloaded or checked; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package.

    Attributes:
        name: as in the wheel's file name.
        version: the pinned version.
        sha256: the hash of the wheel; ``None`` if any file of that version is accepted.
    """

    name: str
    version: str
    sha256: str | None = None

    @property
    def folder(self) -> str:
        """The name of the folder it is unpacked to."""
        return f"{self.name}-{self.version}"


def packages(description: Path = places.PACKAGES_TOML) -> list[Package]:
    """The packages that ``packages.toml`` pins, in its order."""
    table = tomllib.loads(description.read_text(encoding="utf-8"))
    return [
        Package(entry["name"], entry["version"], entry.get("sha256")) for entry in table["package"]
    ]


def fetch(into: Path, wanted: Iterable[Package]) -> list[Path]:
    """Unpack every package of ``wanted`` in ``into``; return the folders.

    Raises:
        CorpusError: a package cannot be downloaded, or is not the file that was pinned.
    """
    folders = []
    for package in wanted:
        folder = into / package.folder
        if not folder.is_dir():
            print(f"{package.folder}: downloading", file=sys.stderr)
            _fetch_one(package, folder)
        folders.append(folder)
    return folders


def _fetch_one(package: Package, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".incoming-") as incoming:
        archive = _download(package, Path(incoming))
        if archive.suffix == ".whl" and package.sha256 is not None:
            digest = hashlib.sha256(archive.read_bytes()).hexdigest()
            if digest != package.sha256:
                raise CorpusError(f"{archive.name}: not the pinned file (sha256 {digest})")
        unpacked = Path(incoming) / "unpacked"
        unpack(archive, unpacked)
        shutil.move(unpacked, folder)


def _download(package: Package, into: Path) -> Path:
    """The wheel, or the source archive where there is no wheel for this machine."""
    requirement = f"{package.name}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--ignore-requires-python", "--dest", str(into), requirement]
    for form in ("--only-binary", "--no-binary"):
        done = subprocess.run(
            [*command, form, ":all:"], capture_output=True, text=True, check=False
        )
        archives = list(into.iterdir())
        if done.returncode == 0 and archives:
            return archives[0]
    lines = done.stderr.strip().splitlines() or ["pip said nothing"]
    raise CorpusError(f"{requirement}: cannot be downloaded: {lines[-1]}")


def unpack(archive: Path, into: Path) -> None:
    """Unpack a wheel or a source archive; a source archive's single top folder is left out."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(into)  # noqa: S202 (zipfile keeps every member inside)
    else:
        with tarfile.open(archive) as source:
            source.extractall(into, filter="data")
    if archive.suffix != ".whl":
        inside = list(into.iterdir())
        if len(inside) == 1 and inside[0].is_dir():
            for entry in inside[0].iterdir():
                entry.rename(into / entry.name)
            inside[0].rmdir()


def is_test(path: PurePosixPath) -> bool:
    """Whether ``path``, relative to its package's folder, is a test: tests are not measured."""
    return _TEST_FILE.search(path.as_posix()) is not None


def python_files(folder: Path, *, tests: bool = True) -> list[Path]:
    """Every ``.py`` file below ``folder``, sorted; without the tests where ``tests`` is false."""
    found = sorted(path for path in folder.rglob("*.py") if path.is_file())
    if tests:
        return found
    return [path for path in found if not is_test(PurePosixPath(path.relative_to(folder)))]


def mentions_batchnorm(path: Path) -> bool:
    return MENTIONS_BATCHNORM.search(path.read_bytes()) is not None


def add_corpus_option(parser: argparse.ArgumentParser, name: str = "--corpus") -> None:
    """Add the option that sets the folder of the packages."""
    parser.add_argument(
        name,
        type=lambda text: Path(os.path.abspath(text)),  # noqa: PTH100 (links stay as they are)
        default=places.corpus_folder(),
        metavar="DIR",
        help="folder of the unpacked packages (default: %(default)s)",
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    add_corpus_option(parser, "--into")
    options = parser.parse_args(arguments)
    try:
        folders = fetch(options.into, packages())
    except CorpusError as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 2
    for folder in folders:
        files = python_files(folder)
        mentions = sum(map(mentions_batchnorm, files))
        print(f"{folder.name}: {len(files)} files, {mentions} mention BatchNorm")
    return 0


if __name__ == "__main__":
    sys.exit(main())
