"""Folders of a workspace: whose settings count, and what is in none of them."""

from __future__ import annotations

from pathlib import Path

from editor import Editor, conversation
from lsprotocol import types
from models import FUNCTIONAL

ASKS = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(configuration=True, workspace_folders=True)
)


def _folders(top: Path) -> tuple[Path, Path]:
    one, other = top / "one", top / "one and another"
    one.mkdir()
    other.mkdir()
    return one, other


@conversation
async def test_each_folder_has_its_own_project_file(tmp_path: Path) -> None:
    one, other = _folders(tmp_path)
    (one / "pyproject.toml").write_text('[tool.bnlint]\nignore = ["BN201"]\n')
    async with Editor(tmp_path, folders=[one, other]) as editor:
        assert await editor.codes(editor.open("one/net.py", FUNCTIONAL)) == []
        assert await editor.codes(editor.open("one and another/net.py", FUNCTIONAL)) == ["BN201"]


@conversation
async def test_the_client_may_set_them_differently_and_change_its_mind(tmp_path: Path) -> None:
    one, other = _folders(tmp_path)
    ignoring = {one.as_uri()}

    def configured(uri: object) -> object:
        return {"ignore": ["BN201"]} if uri in ignoring else None

    async with Editor(
        tmp_path, capabilities=ASKS, folders=[one, other], configuration=configured
    ) as editor:
        first = editor.open("one/net.py", FUNCTIONAL)
        second = editor.open("one and another/net.py", FUNCTIONAL)
        await editor.until(
            lambda: (
                {first, second} <= set(editor.published)
                and not editor.published[first].diagnostics
                and bool(editor.published[second].diagnostics)
            )
        )
        ignoring.clear()
        ignoring.add(other.as_uri())
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(
            lambda: (
                bool(editor.published[first].diagnostics)
                and not editor.published[second].diagnostics
            )
        )


@conversation
async def test_a_setting_that_becomes_wrong_is_told_and_the_rest_counts(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
        wrong = {"bnlint": {"order": "sideways", "ignore": ["BN201"]}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(wrong))
        await editor.until(lambda: not editor.published[uri].diagnostics)
        (said,) = editor.messages
        assert "order cannot be 'sideways'" in said


@conversation
async def test_a_file_in_none_of_them_is_linted_with_the_settings_around_it(tmp_path: Path) -> None:
    one, _ = _folders(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "blocks.py").write_text(
        "from keras import layers\n\ndef norm(x):\n    return layers.BatchNormalization()(x)\n"
    )
    text = "from blocks import norm\n" + FUNCTIONAL.replace(
        "layers.BatchNormalization()(x)", "norm(x)"
    )
    async with Editor(tmp_path, folders=[one]) as editor:
        uri = editor.open("outside/net.py", text)
        assert await editor.codes(uri) == ["BN201"]
        (outside / "pyproject.toml").write_text('[tool.bnlint]\nignore = ["BN201"]\n')
        editor.save(uri)
        await editor.until(lambda: not editor.published[uri].diagnostics)


@conversation
async def test_a_client_without_folders_is_served(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        gone = types.WorkspaceFolder(tmp_path.as_uri(), tmp_path.name)
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=[], removed=[gone])
            )
        )
        assert await editor.codes(editor.open("net.py", FUNCTIONAL)) == ["BN201"]
