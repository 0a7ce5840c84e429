"""Which files are read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from running import Bnlint, Words, Write

BAD = "'BatchNorm'\nx = BIAS\n"


@pytest.fixture
def files(bnlint: Bnlint) -> Words:
    """The names of the files that a run looks at."""

    def run(*arguments: str) -> list[str]:
        ran = bnlint("--show-files", *arguments)
        assert ran.err == ""
        return ran.out.split()

    return run


@pytest.fixture
def repository(project: Path) -> Path:
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    return project


def test_folders_are_walked_for_python_files(files: Words, write: Write) -> None:
    for name in ("a.py", "sub/b.pyw", "sub/deep/c.py", "d.pyi", "e.txt", "f", "g.py.orig"):
        write(name)
    assert files() == ["a.py", "sub/b.pyw", "sub/deep/c.py"] == files(".") == files(".", "sub")


def test_a_named_file_is_read_whatever_its_suffix(bnlint: Bnlint, write: Write) -> None:
    write("script", BAD)
    write("a.pyi", BAD)
    assert len(bnlint("script", "a.pyi").lines) == 2


def test_default_excludes(files: Words, write: Write) -> None:
    for name in (".venv/a.py", "build/b.py", "sub/node_modules/c.py", "site-packages/d.py", "e.py"):
        write(name)
    assert files() == ["e.py"]
    assert files("build", "site-packages") == ["build/b.py", "site-packages/d.py"]


def test_exclude_replaces_and_extend_exclude_adds(files: Words, write: Write) -> None:
    for name in ("build/b.py", "gen/c.py", "pkg/gen/d.py", "pkg/x_pb2.py", "e.py"):
        write(name)
    assert files("--extend-exclude", "gen") == ["e.py", "pkg/x_pb2.py"]
    assert files("--exclude", "gen,*_pb2.py") == ["build/b.py", "e.py"]
    assert files("--extend-exclude", "pkg/gen") == ["e.py", "gen/c.py", "pkg/x_pb2.py"]
    assert files("--extend-exclude", "**/x_*.py") == ["e.py", "gen/c.py", "pkg/gen/d.py"]
    write("pyproject.toml", "[tool.bnlint]\nextend-exclude = ['pkg']\n")
    assert files("--extend-exclude", "gen") == ["e.py"]


def test_a_named_file_is_read_unless_force_exclude(files: Words, write: Write) -> None:
    write("build/b.py")
    assert files("build/b.py") == ["build/b.py"]
    assert files("build/b.py", "--force-exclude") == []


class TestGitignore:
    def test_at_every_level_deeper_ones_first(
        self, files: Words, write: Write, repository: Path
    ) -> None:
        write(".gitignore", "*.gen.py\n/out/\n")
        write("sub/.gitignore", "!keep.gen.py\nlocal.py\n")
        for name in ("a.py", "a.gen.py", "out/b.py", "sub/out/c.py", "sub/keep.gen.py"):
            write(name)
        write("sub/local.py")
        write("local.py")
        assert files() == ["a.py", "local.py", "sub/keep.gen.py", "sub/out/c.py"]

    def test_parents_up_to_the_root_of_the_repository(
        self, files: Words, write: Write, repository: Path
    ) -> None:
        write(".gitignore", "secret.py\n")
        write("sub/secret.py")
        write("sub/a.py")
        assert files("sub") == ["sub/a.py"]

    def test_an_ignored_folder_that_is_named_is_read(
        self, files: Words, write: Write, repository: Path
    ) -> None:
        write(".gitignore", "gen/\n")
        write("gen/a.py")
        assert files() == []
        assert files("gen") == ["gen/a.py"] == files("gen/a.py")
        assert files("gen/a.py", "--force-exclude") == [] == files("gen", "--force-exclude")

    def test_can_be_switched_off(self, files: Words, write: Write, repository: Path) -> None:
        write(".gitignore", "a.py\n")
        write("a.py")
        assert files() == []
        assert files("--no-respect-gitignore") == ["a.py"]
        assert files("--config", "respect-gitignore = false") == ["a.py"]

    def test_without_a_repository_too(self, files: Words, write: Write) -> None:
        write(".gitignore", "a.py\n")
        write("a.py")
        assert files() == []

    def test_agrees_with_git(self, files: Words, write: Write, repository: Path) -> None:
        patterns = (
            "*.log.py\n!a.log.py\nfoo/\n/bar\nx/**/y.py\n\\#z.py\n# no\n[ab]q.py\nsp ace.py \n"
        )
        write(".gitignore", patterns)
        names = (
            "a.log.py", "b.log.py", "foo/a.py", "d/foo/a.py", "bar/a.py", "d/bar/a.py", "x/y.py",
            "x/1/2/y.py", "#z.py", "aq.py", "d/bq.py", "cq.py",
        )  # fmt: skip
        for name in names:
            write(name)
        listed = subprocess.run(
            ["git", "ls-files", "--others", "--exclude-standard", "*.py"],
            cwd=repository,
            capture_output=True,
            check=True,
            text=True,
        )
        assert files() == sorted(listed.stdout.split())


class TestStandardInput:
    def test_is_read(self, bnlint: Bnlint) -> None:
        ran = bnlint("-", stdin=BAD.encode())
        assert ran.lines == ["-:2:5: BN201 the bias of Conv2D does nothing"]
        assert ran.status == 1

    def test_frames_come_from_the_buffer(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "x = 1\n")
        ran = bnlint("-", "--stdin-filename", "a.py", "--output-format", "full", stdin=BAD.encode())
        assert "--> a.py:2:5" in ran.out
        assert "2 | x = BIAS" in ran.out

    def test_settings_come_from_where_it_would_lie(self, bnlint: Bnlint, write: Write) -> None:
        write("sub/pyproject.toml", "[tool.bnlint]\nignore = ['BN2']\n")
        assert bnlint("-", "--stdin-filename", "sub/new.py", stdin=BAD.encode()).status == 0
        assert bnlint("--stdin-filename", "new.py", stdin=BAD.encode()).status == 1

    def test_force_exclude_concerns_it(self, bnlint: Bnlint) -> None:
        arguments = ("-", "--stdin-filename", "build/a.py")
        assert bnlint(*arguments, stdin=BAD.encode()).status == 1
        assert bnlint(*arguments, "--force-exclude", stdin=BAD.encode()).status == 0


class TestFilesThatImportABuilder:
    BUILDER = "def block(x):\n    return keras.layers.BatchNormalization()(x)\n"

    @pytest.fixture
    def read(self, bnlint: Bnlint) -> Words:
        def run(*names: str) -> list[str]:
            return [line.split(":")[0] for line in bnlint(*names).lines]

        return run

    @pytest.mark.parametrize(
        ("statement", "use"),
        [
            ("from blocks import block", "block"),
            ("from pkg.blocks import block", "block"),
            ("from .blocks import block", "block"),
            ("from . import blocks", "blocks.block"),
            ("from . import (\n    other,\n    blocks as b,\n)", "b.block"),
            ("from ..pkg import blocks", "blocks.block"),
            ("import pkg.blocks as b", "b.block"),
            ("if 1:\n    import pkg.other, pkg.blocks", "pkg.blocks.block"),
            ("from pkg.blocks \\\n    import block", "block"),
        ],
    )
    @pytest.mark.parametrize("targets", [["pkg/net.py"], ["."]])
    def test_are_read(
        self, read: Words, write: Write, statement: str, use: str, targets: list[str]
    ) -> None:
        write("pkg/__init__.py", "")
        write("pkg/blocks.py", self.BUILDER)
        write("pkg/net.py", f"import keras\n{statement}\n{use}(BIAS)\n")
        for number in range(30 if targets == ["."] else 0):
            write(f"other/m{number}.py", "x = 1\n")
        assert read(*targets) == ["pkg/net.py"]

    def test_others_are_not(self, read: Words, write: Write) -> None:
        write("pkg/blocks.py", self.BUILDER)
        write("elsewhere/net.py", "import keras\nfrom .blocks import block\nf(BIAS)\n")
        write("net2.py", "import keras\nimport blocks\nfrom other.blocks import x\nf(BIAS)\n")
        assert read(".") == []

    def test_what_uses_none_of_its_names_is_not(self, read: Words, write: Write) -> None:
        write("blocks.py", self.BUILDER + "def other():\n    pass\n")
        write("net.py", "import keras\nfrom blocks import block, other\nother(BIAS)\n")
        assert read("net.py") == [] == read(".")

    def test_a_package_counts_by_its_init(self, read: Words, write: Write) -> None:
        write("pkg/__init__.py", self.BUILDER)
        write("net.py", "import keras\nfrom pkg import block\nblock(BIAS)\n")
        assert read("net.py") == ["net.py"] == read(".")
