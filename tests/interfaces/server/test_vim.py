"""A real editor: Vim, with and without ALE, with the settings that the documentation shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from launching import PAGE, with_bnlint
from models import FUNCTIONAL

VIM = shutil.which("vim")
_PLACES = ("/usr/share/vim-ale", "/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale")
ALE = next((path for path in map(Path, _PLACES) if (path / "plugin" / "ale.vim").is_file()), None)

pytestmark = pytest.mark.skipif(VIM is None, reason="vim is not on the path")

WITH_ALE = """
set nocompatible
filetype plugin on
let &runtimepath = '{ale},' . &runtimepath
let g:ale_linters = {{'python': ['bnlint']}}
runtime plugin/ale.vim
edit net.py
set filetype=python
function! WaitFor(count)
  let left = 300
  while left > 0 && len(ale#engine#GetLoclist(bufnr(''))) != a:count
    sleep 100m
    let left -= 1
  endwhile
  return deepcopy(ale#engine#GetLoclist(bufnr('')))
endfunction
let seen = {{'opened': WaitFor(1)}}
call setline(4, 'x = layers.Dense(64, use_bias=False)(inputs)')
ALELint
let seen.edited = WaitFor(0)
call writefile([json_encode(seen)], 'seen.json')
qall!
"""
WITHOUT = """
set nocompatible
filetype plugin on
{snippet}
edit net.py
set filetype=python
silent make
let seen = map(getqflist(), {{_, each -> extend(each, {{'file': bufname(each.bufnr)}})}})
call writefile([json_encode(seen)], 'seen.json')
qall!
"""


def _snippets() -> list[str]:
    """The Vim script of the page: ALE with the server, ALE without, and no plugin."""
    return re.findall(r"```vim\n(.*?)```", PAGE, re.DOTALL)


def _session(folder: Path, script: str) -> Any:
    assert VIM is not None
    (folder / "net.py").write_text(FUNCTIONAL)
    (folder / "session.vim").write_text(script)
    done = subprocess.run(
        [VIM, "-N", "-u", "NONE", "-n", "-es", "-S", "session.vim"],
        cwd=folder, env=with_bnlint(folder), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    report = folder / "seen.json"
    assert report.exists(), done.stdout + done.stderr
    return json.loads(report.read_text())


@pytest.mark.skipif(ALE is None, reason="ALE is not installed")
@pytest.mark.parametrize("number", [0, 1])
def test_ale(tmp_path: Path, number: int) -> None:
    linter = tmp_path / ".vim" / "ale_linters" / "python" / "bnlint.vim"
    linter.parent.mkdir(parents=True)
    linter.write_text(_snippets()[number])
    seen = _session(tmp_path, WITH_ALE.format(ale=ALE))
    (opened,) = seen["opened"]
    assert (opened["lnum"], opened["col"], opened["type"]) == (4, 5, "W")
    assert "the bias of Dense is redundant" in opened["text"]
    assert opened["linter_name"] == "bnlint"
    assert seen["edited"] == []


def test_make_fills_the_quickfix_list(tmp_path: Path) -> None:
    (seen,) = _session(tmp_path, WITHOUT.format(snippet=_snippets()[2]))
    assert (seen["file"], seen["lnum"], seen["col"]) == ("net.py", 4, 5)
    assert seen["text"].startswith("BN201 the bias of Dense is redundant")
