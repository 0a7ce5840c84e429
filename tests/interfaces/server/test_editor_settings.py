"""Settings of the editor and of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, conversation
from lsprotocol import types
from models import FUNCTIONAL

_ASKS = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        configuration=True,
        did_change_configuration=types.DidChangeConfigurationClientCapabilities(True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(True),
    )
)


@pytest.mark.parametrize(
    "options",
    [
        {"ignore": ["BN201"]},
        {"settings": {"ignore": ["BN201"], "order": None}},
        {"bnlint": {"ignore": ["redundant-bias"]}},
    ],
)
@conversation
async def test_options_of_the_start_count(tmp_path: Path, options: object) -> None:
    async with Editor(tmp_path, options=options) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == []
        assert editor.messages == []


@conversation
async def test_the_configuration_is_asked_for(tmp_path: Path) -> None:
    ignoring = {"ignore": ["BN201"]}
    async with Editor(tmp_path, capabilities=_ASKS, configuration=ignoring) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.until(
            lambda: uri in editor.published and not editor.published[uri].diagnostics
        )
        editor.configuration = {}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(lambda: bool(editor.published[uri].diagnostics))
        assert set(editor.registered) == {
            "workspace/didChangeConfiguration",
            "workspace/didChangeWatchedFiles",
        }


@conversation
async def test_a_client_may_send_its_settings(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"bnlint": {"ignore": ["BN201"]}})
        )
        await editor.until(lambda: not editor.published[uri].diagnostics)


@conversation
async def test_a_wrong_setting_is_told_once_and_the_others_count(tmp_path: Path) -> None:
    options = {"ordr": "off", "ignore": ["BN201"]}
    async with Editor(tmp_path, options=options) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == []
        editor.replace(uri, FUNCTIONAL + "\n")
        await editor.diagnostics(uri)
        (said,) = editor.messages
        assert "editor settings: unknown setting 'ordr'; did you mean order?" in said


@conversation
async def test_a_selector_that_names_no_rule_costs_no_findings(tmp_path: Path) -> None:
    async with Editor(tmp_path, options={"select": ["BN999"]}) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
        (said,) = editor.messages
        assert "BN999" in said


@conversation
async def test_the_project_file_counts_and_is_watched(tmp_path: Path) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text('[tool.bnlint]\nignore = ["BN201"]\n')
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == []
        settings.write_text("[tool.bnlint]\n")
        changed = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([changed])
        )
        await editor.until(lambda: bool(editor.published[uri].diagnostics))


@conversation
async def test_a_broken_project_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.bnlint\n")
    async with Editor(tmp_path) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == []
        (said,) = editor.messages
        assert "pyproject.toml:1" in said


@conversation
async def test_excluded_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.bnlint]\nextend-exclude = ["old"]\n')
    async with Editor(tmp_path) as editor:
        assert await editor.codes(editor.open("old/net.py", FUNCTIONAL)) == []
        assert await editor.codes(editor.open("new/net.py", FUNCTIONAL)) == ["BN201"]


@conversation
async def test_a_workspace_below_a_folder_with_an_excluded_name_is_linted(tmp_path: Path) -> None:
    inside = tmp_path / "build" / "project"
    inside.mkdir(parents=True)
    async with Editor(inside) as editor:
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
