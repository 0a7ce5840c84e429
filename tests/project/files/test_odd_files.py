"""Files that are none, or have no end, under each name that is looked for; and numbers so."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hostile import BAD, Plant, run

import bnlint
from bnlint.project.files import gitignore
from bnlint.settings import SettingsError, parse_toml
from bnlint.settings.patterns import Patterns
from bnlint.settings.reach import regular_files
from bnlint.settings.target_keras.requirements import requirement

NAMES = (
    "pyproject.toml",
    ".gitignore",
    ".git/info/exclude",
    "requirements.txt",
    "setup.cfg",
    "requirements-gpu.txt",
    "bnlint-baseline.json",
    f".bnlint_cache/{bnlint.__version__}.cache",
    "helper.py",
    "package/__init__.py",
)


@pytest.mark.parametrize("what", ["pipe", "endless", "folder"])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_file_is_not_waited_for(
    plant: Plant, repository: Path, name: str, what: str
) -> None:
    plant("net.py", "import helper, package\nprint(helper.x, package.y)\n" + BAD)
    path = repository / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    arguments = ["--baseline", name] if "baseline" in name else []

    ran = run("net.py", *arguments, cwd=repository, seconds=30)

    assert ran.stderr.count("\n") <= 1, ran.stderr
    if name in ("pyproject.toml", "bnlint-baseline.json") and what != "folder":
        assert ran.returncode == 2
    elif "baseline" not in name:
        assert "BN201" in ran.stdout


def test_file_that_grows_or_hides_its_size_is_read_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    assert regular_files.read(str(path), 1000) == b"x" * 1000
    with pytest.raises(regular_files.TooLarge):
        regular_files.read(str(path), 999)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux has it")
def test_file_that_says_it_is_empty_is_read_to_the_limit() -> None:
    assert len(regular_files.read("/proc/self/maps")) > 100
    with pytest.raises(regular_files.TooLarge):
        regular_files.read("/proc/self/maps", 100)


@pytest.mark.parametrize("digits", ["9" * 5000, ".".join("9" * 5000), "1" * 20])
@pytest.mark.parametrize("form", ["keras>={}", "keras=={}", "tensorflow<{}", "tf_keras~={}"])
def test_version_of_thousands_of_digits_is_passed_over(digits: str, form: str) -> None:
    requirement(form.format(digits), "requirements.txt")


def test_number_of_thousands_of_digits_costs_no_finding(plant: Plant, repository: Path) -> None:
    plant("net.py", BAD)
    plant("requirements.txt", "keras>=" + "9" * 5000 + "\n")
    ran = run("net.py", cwd=repository)
    assert (ran.returncode, ran.stderr) == (1, "")


def cost(work: object) -> float:
    """CPU seconds."""
    start = time.process_time()
    assert callable(work)
    work()
    return time.process_time() - start


def test_key_of_many_parts_is_refused() -> None:
    for text in (
        ".".join("a" * 50_000) + " = 1",
        "[" + ".".join(["'a'"] * 50_000) + "]",
        "x = {" + " . ".join(['"a"'] * 50_000) + " = 1}",
    ):
        with pytest.raises(SettingsError, match="a key of more than a hundred parts"):
            parse_toml(text, "pyproject.toml")
    long = "a" * 300_000
    assert cost(lambda: parse_toml(f'x = "{long}"\n# {long}\n', "pyproject.toml")) < 2
    assert parse_toml("a.b.c = 1.5", "x") == {"a": {"b": {"c": 1.5}}}


@pytest.mark.parametrize(
    "pattern",
    ["*a" * 40 + "b", "**/a" * 40 + "b", "a*" * 30 + "/b", "[a-b]*" * 30 + "z", "/**" * 60 + "/b"],
)
def test_pattern_of_many_stars_costs_little(tmp_path: Path, pattern: str) -> None:
    (tmp_path / ".gitignore").write_text(pattern + "\n")
    rules = gitignore.extended(None, str(tmp_path))
    assert rules is not None
    name = "/".join(["a" * 120] * 12)
    assert cost(lambda: rules.ignores(f"{tmp_path}/{name}c", is_folder=False)) < 2


@pytest.mark.parametrize("glob", ["**/a" * 40 + "b", "a/**/" * 40 + "b", "*a" * 40 + "b"])
def test_path_pattern_of_many_stars_costs_little(glob: str) -> None:
    patterns = Patterns(((glob, "/r"),))
    assert cost(lambda: patterns.match("/r/" + "a/" * 1500 + "c", "c")) < 2


def test_stars_between_folders_mean_what_they_meant() -> None:
    patterns = Patterns((("src/**/tests/**/data*", "/r"), ("**/old/**", "/r")))
    for path in ("src/tests/data", "src/a/tests/b/c/data1", "old/x", "a/old/x"):
        assert patterns.match(f"/r/{path}", "x"), path
    for path in ("src/test/data", "tests/src/data", "src/a/tests/b", "old"):
        assert not patterns.match(f"/r/{path}", "x"), path
