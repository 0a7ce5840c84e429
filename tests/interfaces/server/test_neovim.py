"""A real editor: Neovim, headless, with the snippet that the documentation shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from launching import PAGE, with_bnlint
from models import FUNCTIONAL

NVIM = shutil.which("nvim")

pytestmark = pytest.mark.skipif(NVIM is None, reason="nvim is not on the path")

# Waits for diagnostics, edits, hovers, takes the first code action, and tells what it saw.
SESSION = """
local seen = {}
local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { tostring(each.code), each.lnum, each.col, each.source })
  end
  return found
end
local function wait_for(count)
  vim.wait(20000, function() return #vim.diagnostic.get(0) == count end, 20)
  return codes()
end
vim.cmd("edit net.py")
vim.bo.filetype = "python"
seen.opened = wait_for(1)
local clients = vim.lsp.get_active_clients()
seen.clients = { clients[1] and clients[1].name, #clients }
local text = vim.api.nvim_buf_get_lines(0, 3, 4, false)[1]
local fixed = text:gsub("64", "64, use_bias=False")
vim.api.nvim_buf_set_lines(0, 3, 4, false, { fixed })
seen.edited = wait_for(0)
vim.api.nvim_buf_set_lines(0, 3, 4, false, { text })
seen.undone = wait_for(1)
vim.api.nvim_win_set_cursor(0, { 5, 12 })
local hover = vim.lsp.buf_request_sync(0, "textDocument/hover",
  vim.lsp.util.make_position_params(0, clients[1].offset_encoding), 20000)
for _, answer in pairs(hover or {}) do
  seen.hover = answer.result and answer.result.contents.value
end
local params = vim.lsp.util.make_range_params(0, clients[1].offset_encoding)
params.range = { start = { line = 3, character = 0 }, ["end"] = { line = 3, character = 20 } }
params.context = { diagnostics = {} }
local actions = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 20000)
for _, answer in pairs(actions or {}) do
  vim.lsp.util.apply_workspace_edit(answer.result[1].edit, clients[1].offset_encoding)
end
seen.acted = wait_for(0)
seen.line = vim.api.nvim_buf_get_lines(0, 3, 4, false)[1]
local file = io.open("seen.json", "w")
file:write(vim.fn.json_encode(seen))
file:close()
vim.cmd("qall!")
"""


def _snippets() -> list[str]:
    """The Lua of the page, for new and for old versions of Neovim."""
    return re.findall(r"```lua\n(.*?)```", PAGE, re.DOTALL)


def _version() -> tuple[int, ...]:
    assert NVIM is not None
    said = subprocess.run([NVIM, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", said)
    assert found is not None
    return int(found[1]), int(found[2])


def test_the_documented_snippet_works_in_a_headless_session(tmp_path: Path) -> None:
    assert NVIM is not None
    new, old = _snippets()
    snippet = new if _version() >= (0, 11) else old
    (tmp_path / "net.py").write_text(FUNCTIONAL)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "init.lua").write_text(snippet + SESSION)
    done = subprocess.run(
        [NVIM, "--headless", "--clean", "-n", "-c", "luafile init.lua"],
        cwd=tmp_path, env=with_bnlint(tmp_path), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    report = tmp_path / "seen.json"
    assert report.exists(), done.stdout + done.stderr
    seen = json.loads(report.read_text())
    assert seen["clients"] == ["bnlint", 1]
    assert seen["opened"] == [["BN201", 3, 4, "bnlint"]]
    assert seen["edited"] == []
    assert seen["undone"] == [["BN201", 3, 4, "bnlint"]]
    assert "subtracts again the bias of `Dense`" in seen["hover"]
    assert seen["acted"] == []
    assert seen["line"] == "x = layers.Dense(64, use_bias=False)(inputs)"
