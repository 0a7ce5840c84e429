"""Full disks, closed outputs, damaged caches, folders that are gone: what is said is what is."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import BAD, Plant, environment, run

import bnlint
from bnlint.interfaces.cli import command
from bnlint.project.files import temporaries

FIXED = BAD.replace("Dense(4)", "Dense(4, use_bias=False)")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing more can be written to the disk."""

    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        yield


@pytest.mark.usefixtures("full_disk")
class TestFullDisk:
    def test_fix_says_what_is_left(
        self,
        plant: Plant,
        repository: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(repository)
        path = plant("net.py", BAD)

        status = command.main(["--fix", "--no-cache", "net.py"])

        said = capsys.readouterr()
        assert status == 2
        assert path.read_text() == BAD
        assert said.err == "bnlint: net.py: it cannot be written: No space left on device\n"
        assert "net.py:4:5: BN201" in said.out
        assert "Found 1 problem (1 warning) in 1 file" in said.out
        assert sorted(p.name for p in repository.iterdir()) == [".git", "net.py"]

    def test_init_leaves_no_empty_file(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(repository)
        assert command.main(["--init"]) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert [p.name for p in repository.iterdir()] == [".git"]


def test_one_file_that_cannot_be_written_costs_no_other(
    plant: Plant,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(repository)
    plant("a.py", BAD)
    plant("b.py", BAD)
    real = temporaries.put

    def put(temporary: str, path: str, *, is_new: bool = False) -> None:
        if path.endswith("a.py"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        real(temporary, path, is_new=is_new)

    monkeypatch.setattr(temporaries, "put", put)
    status = command.main(["--fix", "--no-cache", "."])

    said = capsys.readouterr()
    assert status == 2
    assert ((repository / "a.py").read_text(), (repository / "b.py").read_text()) == (BAD, FIXED)
    assert "Found 2 problems (1 fixed, 1 remaining: 1 warning) in 1 file" in said.out
    assert len(list(repository.iterdir())) == 3


def test_closed_output_gives_the_true_exit_status(plant: Plant, repository: Path) -> None:
    plant("net.py", BAD * 1)
    for output_format in ("concise", "json"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "bnlint", "--output-format", output_format, "net.py"],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=repository,
            env=environment(),
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (1, b"")


def test_closed_errors_give_the_true_exit_status(plant: Plant, repository: Path) -> None:
    plant("net.py", BAD)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "bnlint", "net.py", "nothing.py"],
        stdout=subprocess.PIPE,
        stderr=writing,
        cwd=repository,
        env=environment(),
        check=False,
    )
    os.close(writing)
    assert done.returncode == 2
    assert b"BN201" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use can't be removed")
def test_absolute_target_where_the_current_folder_is_gone(
    plant: Plant, repository: Path, tmp_path: Path
) -> None:
    path = plant("net.py", BAD)
    gone = tmp_path / "gone"
    code = (
        "import os, sys; os.mkdir(sys.argv[1]); os.chdir(sys.argv[1]); os.rmdir(sys.argv[1]);"
        "from bnlint.interfaces.cli.command import main; sys.exit(main(sys.argv[2:]))"
    )
    for extra in ([], ["--output-format", "full"], ["--output-format", "sarif"], ["--diff"]):
        done = subprocess.run(
            [sys.executable, "-c", code, str(gone), str(path), *extra],
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )
        assert done.returncode == 1, done.stderr
        assert "net.py" in done.stdout


def test_damage_to_the_cache_changes_no_answer(
    plant: Plant, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    plant("net.py", BAD)
    plant("other.py", BAD.replace("Dense(4)", "Dense(4, use_bias=False)"))
    expected = bnlint.lint(["."], cache=True).findings
    (cache,) = (repository / ".bnlint_cache").glob("*.cache")
    whole = cache.read_bytes()
    chance = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.2:
            del damaged[chance.randrange(len(damaged)) :]
        cache.write_bytes(damaged)
        assert bnlint.lint(["."], cache=True).findings == expected


def test_change_that_keeps_time_and_size_is_seen(
    plant: Plant, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.chdir(repository)
    plant("net.py", "from helper import BIAS\n" + BAD.replace("(4)", "(4, use_bias=BIAS)"))
    helper = plant("helper.py", "BIAS = 1 == 1\n")
    time.sleep(0.12)  # what changed just now is not trusted by its time
    assert bnlint.lint(["net.py"], cache=True).findings
    old = helper.stat()
    helper.write_text("BIAS = 1 == 0\n")
    os.utime(helper, ns=(old.st_atime_ns, old.st_mtime_ns))
    time.sleep(0.12)
    assert not bnlint.lint(["net.py"], cache=True).findings
    assert run("net.py", cwd=repository).returncode == 0


def test_temporaries_of_processes_that_are_gone_are_swept(plant: Plant, repository: Path) -> None:
    plant("net.py", BAD)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [
        plant(f"{name}.{gone.pid}-0123abcd.bnlint-tmp", "x")
        for name in ("report.txt", "known.json", ".bnlint_cache/0.1.0.cache")
    ]
    run("-o", "report.txt", "net.py", cwd=repository)
    run("--write-baseline", "--baseline", "known.json", "net.py", cwd=repository)
    assert [path.exists() for path in left] == [False, False, False]
