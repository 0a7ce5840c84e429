"""A project's own rules run in an editor where the client says that the workspace is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, conversation
from lsprotocol import types
from models import FUNCTIONAL

ASKS = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=True))
RULE = """\
import pathlib

from bnlint.findings import Severity
from bnlint.rule import Rule

pathlib.Path({mark!r}).touch()


class Mine(Rule):
    code = "XY101"
    name = "mine"
    summary = "What it finds"
    severity = Severity.WARNING

    def applies(self, layer, graph, options):
        return False

    def check(self, layer, graph, options):
        return iter(())
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    rule = folder / "lint" / "XY101-mine" / "rule.py"
    rule.parent.mkdir(parents=True)
    rule.write_text(RULE.format(mark=str(tmp_path / "mark")))
    (folder / "pyproject.toml").write_text('[tool.bnlint]\nrules = ["lint"]\n')
    return folder


@conversation
async def test_it_runs_where_the_client_says_so(workspace: Path, tmp_path: Path) -> None:
    async with Editor(workspace, options={"trusted": True}) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
    assert (tmp_path / "mark").exists()


@conversation
async def test_it_does_not_otherwise(workspace: Path, tmp_path: Path) -> None:
    async with Editor(workspace) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
        assert any("its `rules` are code" in message for message in editor.messages)
    assert not (tmp_path / "mark").exists()


@conversation
async def test_the_settings_of_the_workspace_cannot_say_so(workspace: Path, tmp_path: Path) -> None:
    said = {"trusted": True, "rules": [str(workspace / "lint")]}
    async with Editor(workspace, capabilities=ASKS, configuration=said) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
    assert not (tmp_path / "mark").exists()
