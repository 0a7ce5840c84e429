"""Text and positions: encodings, line ends, files that are open and files that are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, conversation
from lsprotocol import types
from models import CLEAN, FUNCTIONAL

_WIDE = 'note = "é😀"; x = layers.Dense(64)(inputs)'


@pytest.mark.parametrize(
    ("offered", "encoding", "column"),
    [
        ([], "utf-16", 18),
        (["utf-8"], "utf-8", 21),
        (["utf-16"], "utf-16", 18),
        (["utf-32", "utf-16"], "utf-32", 17),
        (["utf-7", "utf-8"], "utf-8", 21),
    ],
)
@conversation
async def test_columns_are_counted_as_agreed(
    tmp_path: Path, offered: list[str], encoding: str, column: int
) -> None:
    general = types.GeneralClientCapabilities(position_encodings=offered) if offered else None
    capabilities = types.ClientCapabilities(general=general)
    text = FUNCTIONAL.replace("x = layers.Dense(64)(inputs)", _WIDE)
    async with Editor(tmp_path, capabilities=capabilities) as editor:
        assert editor.can.position_encoding == encoding
        uri = editor.open("net.py", text)
        (found,) = await editor.diagnostics(uri)
        assert found.range.start == types.Position(3, column)
        # The same column back: what stands there is put out of the way.
        place = types.Range(found.range.start, found.range.start)
        editor.change(uri, types.TextDocumentContentChangePartial(place, "y = "))
        editor.change(uri, types.TextDocumentContentChangePartial(place, "inputs #"))
        assert "BN201" not in await editor.codes(uri)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@conversation
async def test_line_ends_and_separators_do_not_shift_lines(tmp_path: Path, end: str) -> None:
    text = ('a = "\u2028 \x0b \x0c \x85"\n\x0c\n' + FUNCTIONAL).replace("\n", end)
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        (found,) = await editor.diagnostics(uri)
        assert found.range.start == types.Position(5, 4)
        behind = types.Range(types.Position(5, 16), types.Position(5, 18))
        assert text.split(end)[5][16:19] == "(64"
        number = types.Range(types.Position(5, 19), types.Position(5, 19))
        editor.change(uri, types.TextDocumentContentChangePartial(number, ", use_bias=False"))
        editor.change(uri, types.TextDocumentContentChangePartial(behind, "(6"))
        assert await editor.codes(uri) == []


@conversation
async def test_a_declared_encoding_does_not_garble_the_buffer(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\n" + FUNCTIONAL.replace(
        "x = layers.Dense", 'é = "ä"; x = layers.Dense'
    )
    async with Editor(tmp_path) as editor:
        (found,) = await editor.diagnostics(editor.open("net.py", text))
        assert found.range.start == types.Position(4, 13)


USER = """\
from keras import Input, Model, layers
from blocks import norm

inputs = Input((4,))
x = norm(layers.Dense(4)(inputs))
model = Model(inputs, layers.ReLU()(x))
"""
IDENTITY = "def norm(x):\n    return x\n"
NORM = """\
from keras import layers

def norm(x):
    return layers.BatchNormalization()(x)
"""


@conversation
async def test_an_unsaved_import_counts_more_than_the_disk(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(IDENTITY)

    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", USER)
        assert await editor.codes(uri) == []
        blocks = editor.open("blocks.py", IDENTITY)
        editor.replace(blocks, NORM)
        await editor.until(lambda: [d.code for d in editor.published[uri].diagnostics] == ["BN201"])
        editor.replace(blocks, IDENTITY)
        await editor.until(lambda: not editor.published[uri].diagnostics)
        editor.replace(blocks, NORM)
        await editor.until(lambda: bool(editor.published[uri].diagnostics))
        editor.close(blocks)
        await editor.until(lambda: not editor.published[uri].diagnostics)


@conversation
async def test_a_deleted_file_loses_its_findings(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        gone = types.FileEvent(uri, types.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([gone]))
        await editor.until(lambda: not editor.published[uri].diagnostics)


@conversation
async def test_names_with_spaces_and_folders_that_change(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("my models/über net.py", FUNCTIONAL)
        (found,) = await editor.diagnostics(uri)
        (related,) = found.related_information or ()
        assert related.location.uri == uri
        added = types.WorkspaceFolder((tmp_path / "my models").as_uri(), "more")
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(added=[added], removed=[])
            )
        )
        editor.replace(uri, CLEAN)
        assert await editor.codes(uri) == []


@conversation
async def test_a_buffer_without_a_file_is_linted(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        item = types.TextDocumentItem("untitled:Untitled-1", "python", 1, FUNCTIONAL)
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await editor.until(lambda: "untitled:Untitled-1" in editor.published)
        (found,) = editor.published["untitled:Untitled-1"].diagnostics
        (related,) = found.related_information or ()
        assert related.location.uri == "untitled:Untitled-1"
