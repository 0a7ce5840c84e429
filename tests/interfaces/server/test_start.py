"""``bnlint --lsp`` itself: what it needs, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bnlint.interfaces.cli.command import main

_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pygls", "lsprotocol"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from bnlint.interfaces.cli.command import main
sys.exit(main(["--lsp"]))
"""


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "pip install 'bnlint[lsp]'" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--lsp", "src"], "--lsp takes no targets"), (["--stdio"], "--stdio goes with --lsp")],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_what_clients_add_to_the_command_is_taken(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bnlint", "--lsp", "--stdio", "--clientProcessId=1"],
        check=False, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")  # the client is gone without a word
