"""Nothing outside of the project is written, read or shown, unless the user names it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import BAD, Plant, run

from bnlint.project.cache import Cache
from bnlint.project.files import temporaries
from bnlint.project.suppression.baseline import Baseline
from bnlint.reporters.outputs import write_file

PRECIOUS = "the user's own\n"


@pytest.fixture
def precious(outside: Path) -> Path:
    path = outside / ".profile"
    path.write_text(PRECIOUS)
    return path


@pytest.fixture
def untouched(precious: Path, outside: Path) -> Iterator[None]:
    yield
    assert precious.read_text() == PRECIOUS
    assert list(outside.iterdir()) == [precious]


@pytest.fixture
def planted(repository: Path, precious: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository, whose author knows the number of the process and guesses all else."""
    monkeypatch.setattr(os, "urandom", lambda count: b"\0" * count)
    return repository


def plant_links(target: Path, precious: Path) -> None:
    """Links under each name that a temporary file for ``target`` ever had."""
    for name in (
        f"{target.name}.{os.getpid()}",
        f"{target.name}.{os.getpid()}.bnlint-tmp",
        f"{target.name}.{os.getpid()}-00000000.bnlint-tmp",
        f"{target.name}.{os.getpid()}-00000000.bnlint-tmp.keras",
    ):
        (target.parent / name).symlink_to(precious)


@pytest.mark.usefixtures("untouched")
class TestTemporaries:
    def test_of_any_file(self, planted: Path, precious: Path) -> None:
        plant_links(planted / "file", precious)
        with pytest.raises(FileExistsError), temporaries.replacing(str(planted / "file")) as file:
            file.write(b"x")
        assert not (planted / "file").exists()

    def test_of_a_model(self, planted: Path, precious: Path) -> None:
        plant_links(planted / "m.keras", precious)
        name = str(planted / "m.keras")
        with pytest.raises(FileExistsError), temporaries.replacing_by_name(name, ".keras"):
            pass

    def test_of_the_cache(self, planted: Path, precious: Path) -> None:
        from bnlint import __version__
        from bnlint.project.cache import Entry

        folder = planted / ".bnlint_cache"
        folder.mkdir()
        plant_links(folder / f"{__version__}.cache", precious)
        cache = Cache(str(folder))
        cache.put(str(planted / "a.py"), Entry("", 1, 0, "-", result="x"))
        cache.save()
        assert not (folder / f"{__version__}.cache").is_symlink()

    def test_of_a_report_and_of_a_baseline(
        self, planted: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(planted)
        plant_links(planted / "report", precious)
        plant_links(planted / "baseline.json", precious)
        write_file(["x"], "report")
        Baseline(str(planted / "baseline.json"), Counter()).write()
        assert (planted / "report").read_text() == "x"

    def test_nobody_knows_their_names(self, repository: Path) -> None:
        names = {temporaries.beside(str(repository / "a")) for _ in range(20)}
        assert len(names) == 20


@pytest.mark.usefixtures("untouched")
class TestLinks:
    def test_that_a_walk_meets_is_not_read(
        self, plant: Plant, repository: Path, precious: Path
    ) -> None:
        plant("net.py", BAD)
        (repository / "a.py").symlink_to(precious)

        ran = run(".", "--output-format", "full", cwd=repository)

        assert ran.returncode == 2
        assert "a.py: a link that leads out of the project" in ran.stderr
        assert PRECIOUS.strip() not in ran.stdout
        assert "net.py:4:5" in ran.stdout

    def test_that_is_named_is_read(self, repository: Path, precious: Path) -> None:
        (repository / "a.py").symlink_to(precious)
        for arguments in (["a.py"], [".", "--allow-outside"]):
            ran = run(*arguments, cwd=repository)
            assert (ran.returncode, ran.stdout) == (0, "No problems in 1 file.\n")

    def test_in_the_project_are_followed(self, plant: Plant, repository: Path) -> None:
        plant("deep/net.py", BAD)
        (repository / "also").mkdir()
        (repository / "also" / "net.py").symlink_to("../deep/net.py")
        assert run("also", cwd=repository).returncode == 1

    def test_from_which_is_imported(
        self, plant: Plant, repository: Path, outside: Path, precious: Path
    ) -> None:
        plant("net.py", "from helper import BIAS\n" + BAD.replace("(4)", "(4, use_bias=BIAS)"))
        (repository / "helper.py").symlink_to(precious)
        precious.write_text("BIAS = True\n")
        inside = run("net.py", "--allow-outside", cwd=repository)
        (repository / "helper.py").unlink()
        (repository / "helper.py").symlink_to(outside / "nothing")
        without = run("net.py", cwd=repository)
        (repository / "helper.py").unlink()
        (repository / "helper.py").symlink_to(precious)
        assert run("net.py", cwd=repository).stdout == without.stdout
        assert inside.stdout == without.stdout  # a module is never named by the user
        precious.write_text(PRECIOUS)

    def test_nothing_is_fixed_or_silenced_behind_one(
        self, repository: Path, outside: Path, precious: Path
    ) -> None:
        precious.write_text(BAD)
        (repository / "a.py").symlink_to(precious)
        for option in ("--fix", "--add-noqa"):
            ran = run(".", option, cwd=repository)
            assert ran.returncode == 2
            assert precious.read_text() == BAD
        precious.write_text(PRECIOUS)

    @pytest.mark.parametrize("name", ["pyproject.toml", ".pre-commit-config.yaml"])
    def test_nothing_is_added_behind_one(self, repository: Path, precious: Path, name: str) -> None:
        (repository / name).symlink_to(precious)
        ran = run("--init", "--pre-commit", cwd=repository)
        assert ran.returncode == 2
        assert ran.stderr.count("\n") == 1

    def test_no_report_is_written_behind_one(
        self, plant: Plant, repository: Path, precious: Path
    ) -> None:
        plant("net.py", BAD)
        (repository / "report.txt").symlink_to(precious)
        for value in ("report.txt", "sarif:report.txt"):
            ran = run("--output-file", value, cwd=repository)
            assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
            assert "leads out of the project" in ran.stderr

    def test_no_cache_lies_behind_one(self, plant: Plant, repository: Path, outside: Path) -> None:
        plant("net.py", BAD)
        (repository / ".bnlint_cache").symlink_to(outside)
        ran = run("net.py", cwd=repository)
        assert ran.returncode == 1
        assert ran.stderr.count("\n") == 1
        assert "the cache would lie outside of the project" in ran.stderr


@pytest.mark.usefixtures("untouched")
class TestSettings:
    def test_cache_outside(self, plant: Plant, repository: Path, outside: Path) -> None:
        plant("net.py", BAD)
        plant("pyproject.toml", f"[tool.bnlint]\ncache-dir = '{outside}/cache'\n")
        ran = run("net.py", cwd=repository)
        assert ran.returncode == 1
        assert "the cache would lie outside of the project" in ran.stderr

        ran = run("--clean", cwd=repository)
        assert (ran.returncode, ran.stdout) == (2, "")

    def test_file_to_extend_outside(
        self, plant: Plant, repository: Path, precious: Path, outside: Path
    ) -> None:
        plant("net.py", BAD)
        for name in (str(precious), "linked.toml"):
            plant("bnlint.toml", f"extend = '{name}'\n")
            if name == "linked.toml":
                (repository / name).symlink_to(precious)
            ran = run("net.py", cwd=repository)
            assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
            assert "lies outside of the project" in ran.stderr

    def test_baseline_outside(self, plant: Plant, repository: Path, precious: Path) -> None:
        plant("net.py", BAD)
        plant("pyproject.toml", f"[tool.bnlint]\nbaseline = '{precious}'\n")
        for arguments in (["net.py"], ["--write-baseline", "net.py"]):
            ran = run(*arguments, cwd=repository)
            assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
            assert "lies outside of the project" in ran.stderr


def test_place_outside_that_the_user_names_is_used(
    plant: Plant, repository: Path, outside: Path
) -> None:
    plant("net.py", BAD)
    run("--cache-dir", outside / "cache", "-o", outside / "report", "net.py", cwd=repository)
    assert "BN201" in (outside / "report").read_text()
    assert list((outside / "cache").glob("*.cache"))
    run("--write-baseline", "--baseline", outside / "known.json", "net.py", cwd=repository)
    assert run("--baseline", outside / "known.json", "net.py", cwd=repository).returncode == 0
