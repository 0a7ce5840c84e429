"""Notebooks in an editor: several documents that are one program."""

from __future__ import annotations

from pathlib import Path

from editor import NotebookEditor, conversation
from lsprotocol import types

IMPORTS = "%matplotlib inline\nfrom keras import Input, Model, layers\n"
FIRST = "inputs = Input((8,))\nx = layers.Dense(64)(inputs)\n"
LAST = "!ls\nx = layers.BatchNormalization()(x)\nmodel = Model(inputs, layers.ReLU()(x))"


@conversation
async def test_a_finding_stands_in_its_cell(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        assert isinstance(editor.can.notebook_document_sync, types.NotebookDocumentSyncOptions)
        editor.open_cells(IMPORTS, FIRST, LAST)
        (found,) = await editor.diagnostics(editor.cell(1))
        assert found.code == "BN201"
        assert found.range.start == types.Position(1, 4)
        (related,) = found.related_information or ()
        assert related.location.uri == editor.cell(2)
        assert related.location.range.start == types.Position(1, 4)
        assert await editor.diagnostics(editor.cell(0)) == []
        assert await editor.diagnostics(editor.cell(2)) == []


@conversation
async def test_an_edit_in_one_cell_settles_another(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST, LAST)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        editor.change_cell(2, "model = Model(inputs, x)")
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)
        editor.change_cell(2, LAST + "\nx = (")
        assert await editor.codes(editor.cell(2)) == ["BN001"]


@conversation
async def test_a_cell_that_goes_takes_its_findings_along(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST + "layers.BatchNormalization()", LAST)
        assert await editor.codes(editor.cell(1)) == ["BN101", "BN201"]
        editor.remove_cell(1, 1)
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)


@conversation
async def test_closing_takes_everything_back(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST, LAST)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        editor.close_notebook(3)
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)


@conversation
async def test_hover_and_suppression_work_in_cells(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST, LAST)
        await editor.diagnostics(editor.cell(1))
        hover = await editor.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(editor.cell(2)), types.Position(1, 12))
        )
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert f"`Dense` at [cell 2, line 2]({editor.cell(1)})" in hover.contents.value
        whole = types.Range(types.Position(0, 0), types.Position(9, 0))
        found = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(editor.cell(1)), whole, types.CodeActionContext([])
            )
        )
        actions = [each for each in found or () if "ignore" in each.title]
        (action,) = actions
        assert isinstance(action, types.CodeAction)
        assert action.edit is not None
        (edit,) = (action.edit.changes or {})[editor.cell(1)]
        editor.change_cell(1, FIRST.rstrip("\n") + edit.new_text)
        assert await editor.codes(editor.cell(1)) == []
