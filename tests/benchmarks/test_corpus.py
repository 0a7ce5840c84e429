"""Which packages and files are measured on."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from benchmarks import corpus
from benchmarks.corpus import Package


def test_every_package_is_pinned_once_with_the_hash_of_its_wheel() -> None:
    pinned = corpus.packages()

    assert len({package.folder for package in pinned}) == len(pinned) == 15
    assert all(package.sha256 and len(package.sha256) == 64 for package in pinned)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pkg/tests/data.py", True),
        ("tests/data.py", True),
        ("pkg/layer_test.py", True),
        ("pkg/test_layer.py", True),
        ("pkg/testing/layer.py", False),
        ("pkg/latest.py", False),
        ("pkg/contest_layer.py", False),
    ],
)
def test_tests_are_told_by_their_path(path: str, expected: bool) -> None:
    assert corpus.is_test(PurePosixPath(path)) is expected


def test_files_are_sorted_and_tests_left_out_on_request(tmp_path: Path) -> None:
    # "tests" above the package's folder says nothing about the package.
    folder = tmp_path / "tests" / "pkg-1.0"
    for name in ("b.py", "a.py", "a_test.py", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()

    names = [path.name for path in corpus.python_files(folder, tests=False)]

    assert names == ["a.py", "b.py"]
    assert len(corpus.python_files(folder)) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [(b"layers.BatchNormalization()", True), (b"batch_norm(x)", True), (b"batches", False)],
)
def test_mention_of_batchnorm(text: bytes, expected: bool, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(text)

    assert corpus.mentions_batchnorm(file) is expected


def _wheel(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg/a.py", "x = 1\n")
    return path


def test_wheel_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = []

    def download(package: Package, into: Path) -> Path:
        downloads.append(package.name)
        return _wheel(into / "pkg-1.0-py3-none-any.whl")

    monkeypatch.setattr(corpus, "_download", download)
    wanted = [Package("pkg", "1.0")]

    first = corpus.fetch(tmp_path / "corpus", wanted)
    second = corpus.fetch(tmp_path / "corpus", wanted)

    assert first == second == [tmp_path / "corpus" / "pkg-1.0"]
    assert (first[0] / "pkg" / "a.py").read_text(encoding="utf-8") == "x = 1\n"
    assert downloads == ["pkg"]
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["pkg-1.0"]


def test_another_file_than_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "_download", lambda _, into: _wheel(into / "pkg-1.0.whl"))

    with pytest.raises(corpus.CorpusError, match="not the pinned file"):
        corpus.fetch(tmp_path, [Package("pkg", "1.0", hashlib.sha256(b"").hexdigest())])

    assert list(tmp_path.iterdir()) == []


def test_source_archive_loses_its_top_folder(tmp_path: Path) -> None:
    archive = tmp_path / "pkg-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as source:
        member = tarfile.TarInfo("pkg-1.0/pkg/a.py")
        member.size = 6
        source.addfile(member, io.BytesIO(b"x = 1\n"))

    corpus.unpack(archive, tmp_path / "out")

    assert (tmp_path / "out" / "pkg" / "a.py").is_file()
