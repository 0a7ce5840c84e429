"""The cache: what it spares, and what makes it forget."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Bnlint, CachedRun, Write

from bnlint.project.cache import stored_result
from bnlint.project.judging.file_check import FileResult

BAD = "'BatchNorm'\nx = BIAS\n"


@pytest.fixture
def run(bnlint: Bnlint, project: Path, tmp_path: Path) -> CachedRun:
    """Run with the cache; returns the findings and the names of the files that were read."""

    def go(*arguments: str) -> tuple[list[str], list[str]]:
        log = tmp_path / "log"
        log.unlink(missing_ok=True)
        ran = bnlint(*arguments, cache=True, env={"FAKE_READER_LOG": str(log)})
        assert ran.err == ""
        return ran.lines, sorted(log.read_text().split()) if log.exists() else []

    return go


@pytest.fixture(params=["few", "many"])
def tree(request: pytest.FixtureRequest, write: Write) -> None:
    """Three files that have findings, alone or among many that have not."""
    for number in range(30 if request.param == "many" else 0):
        write(f"other/m{number}.py", "import keras\nkeras.f()\n")
    for name in "abc":
        write(f"{name}.py")
    time.sleep(0.12)  # a file that changed just now is not trusted by its time


def test_an_unchanged_file_is_not_read_again(run: CachedRun, tree: None) -> None:
    first, read = run()
    assert read == ["a.py", "b.py", "c.py"]
    assert run() == (first, [])


def test_only_a_changed_file_is_read_again(run: CachedRun, tree: None, write: Write) -> None:
    run()
    write("b.py", BAD + "y = LOST\n")
    lines, read = run()
    assert (len(lines), read) == (4, ["b.py"])
    assert run()[1] == []


def test_a_change_within_the_same_time_and_size(run: CachedRun, tree: None, project: Path) -> None:
    run()
    status = (project / "b.py").stat()
    (project / "b.py").write_text("'BatchNorm'\nx = LOST\n")
    run()
    (project / "b.py").write_text("'BatchNorm'\nx = BIAS\n")
    os.utime(project / "b.py", ns=(status.st_atime_ns, time.time_ns()))
    assert len(run()[0]) == 3


def test_a_touched_file_is_known_by_its_content(run: CachedRun, tree: None, project: Path) -> None:
    run()
    os.utime(project / "b.py")
    assert run()[1] == []


def test_settings_are_part_of_the_key(run: CachedRun, tree: None) -> None:
    run()
    assert run("--select", "BN1")[1] == ["a.py", "b.py", "c.py"]
    assert run("--order", "off")[1] == ["a.py", "b.py", "c.py"]


class TestDependencies:
    @pytest.fixture
    def pair(self, tree: None, write: Write) -> None:
        write("a.py", "'BatchNorm'\n# depends: helper.txt\n")
        write("helper.txt", "nothing")
        time.sleep(0.12)

    def test_a_changed_one(self, run: CachedRun, pair: None, write: Write) -> None:
        assert run()[1] == ["a.py", "b.py", "c.py"]
        write("helper.txt", "now FLIP")
        lines, read = run()
        assert read == ["a.py"]
        assert any("FLIP" in line for line in lines)

    def test_a_touched_one(self, run: CachedRun, pair: None, project: Path) -> None:
        run()
        os.utime(project / "helper.txt")
        assert run()[1] == []

    def test_one_that_goes_and_one_that_comes(
        self,
        run: CachedRun,
        pair: None,
        project: Path,
        write: Write,
    ) -> None:
        run()
        (project / "helper.txt").unlink()
        assert run()[1] == ["a.py"]
        assert run()[1] == []
        write("helper.txt", "FLIP")
        assert run()[1] == ["a.py"]


def test_a_new_builder_makes_its_importer_a_candidate(run: CachedRun, write: Write) -> None:
    for number in range(30):
        write(f"m{number}.py", "x = 1\n")
    write("net.py", "import keras\nfrom blocks import block\nblock(BIAS)\n")
    assert run()[0] == []
    write("blocks.py", "def block(x):\n    return BatchNormalization()(x)\n")
    assert [line.split(":")[0] for line in run()[0]] == ["net.py"]


def test_linting_one_file_keeps_the_others(run: CachedRun, tree: None) -> None:
    run()
    run("a.py")
    assert run()[1] == []


def test_a_file_that_is_gone_is_dropped(
    run: CachedRun, tree: None, project: Path, write: Write
) -> None:
    run()
    (project / "b.py").unlink()
    write("c.py", BAD + "\n")
    run()
    (cache,) = (project / ".bnlint_cache").glob("*.cache")
    assert "b.py\t" not in cache.read_text()


def test_it_lies_in_the_project_and_git_ignores_it(
    run: CachedRun, write: Write, project: Path
) -> None:
    write("pyproject.toml", "[tool.bnlint]\n")
    write("sub/a.py")
    run("sub")
    assert (project / ".bnlint_cache" / ".gitignore").read_text().endswith("*\n")


def test_cache_dir(run: CachedRun, tree: None, project: Path, tmp_path: Path) -> None:
    run("--cache-dir", str(tmp_path / "elsewhere"))
    assert not (project / ".bnlint_cache").exists()
    assert list((tmp_path / "elsewhere").glob("*.cache"))
    assert run("--cache-dir", str(tmp_path / "elsewhere"))[1] == []


def test_no_cache_writes_and_reads_nothing(bnlint: Bnlint, tree: None, project: Path) -> None:
    bnlint()
    assert not (project / ".bnlint_cache").exists()


def test_a_folder_that_cannot_be_made_is_no_failure(
    run: CachedRun, tree: None, project: Path
) -> None:
    (project / ".bnlint_cache").write_text("in the way")
    assert len(run()[0]) == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda _: "garbage\n" * 5,
        lambda text: text[: text.index("b.py\t") + 20],
        lambda text: text.replace("\t", "\t\t"),
        lambda text: text.replace('"result"', '"rslt"'),
        lambda text: text.replace("bnlint.findings:Finding", "os:system"),
        lambda text: text.replace("bnlint.findings:Finding", "bnlint.findings:Report"),
        lambda text: text.replace("[", "{"),
        lambda text: text.replace("BN201", '",["'),
        lambda text: text.replace('"value":', '"value":' + "[" * 5000),
        lambda text: "\0\ud800" + text,
    ],
)
def test_a_damaged_cache_is_as_good_as_none(
    run: CachedRun,
    tree: None,
    project: Path,
    damage: Callable[[str], str],
) -> None:
    first, _ = run()
    (cache,) = (project / ".bnlint_cache").glob("*.cache")
    cache.write_text(damage(cache.read_text()), errors="surrogatepass")
    lines, read = run()
    assert lines == first
    assert {"b.py", "c.py"} <= set(read), "half a file may keep its first entry"


def test_cached_names_follow_the_working_directory(
    bnlint: Bnlint, write: Write, project: Path
) -> None:
    write("sub/a.py")
    write("sub/pyproject.toml", "[tool.bnlint]\ncache-dir = '../cache'\n")
    assert bnlint("sub", cache=True).lines[0].startswith("sub/a.py:")
    ran = bnlint(project / "sub", "--config", f"cache-dir='{project}/cache'", cache=True)
    assert ran.lines[0].startswith("sub/a.py:")


def test_encoding_keeps_all_there_is(project: Path, write: Write) -> None:
    import fake_reader

    from bnlint.rule import Options

    write("a.py", BAD + "y = LOST, WHEN, BIAS  # SITE\nz = ORDER  # ODD\n")
    codes = frozenset({"BN201", "BN101", "BN301"})
    result = fake_reader.check_file("a.py", Path("a.py").read_bytes(), Options(), codes)
    import json

    loaded = json.loads(json.dumps(stored_result.encode(result)))
    assert stored_result.decode(loaded, "a.py") == result


def test_what_is_not_data_is_not_kept() -> None:
    with pytest.raises(TypeError):
        stored_result.encode(FileResult("a.py", verdicts=(object(),)))  # type: ignore[arg-type]
