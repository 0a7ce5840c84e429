"""Notebooks in an editor: several documents that are one program."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import NotebookEditor, conversation, made
from lsprotocol import types

from bnlint.interfaces.server.actions import FIX_ALL, FIX_NOTEBOOK

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
        hover = await editor.hover(editor.cell(2), 1, 12)
        assert f"`Dense` at [cell 2, line 2]({editor.cell(1)})" in hover
        offered = await editor.actions(editor.cell(1))
        (action,) = [each for each in offered if "ignore" in each.title]
        assert action.edit is not None
        (edit,) = (action.edit.changes or {})[editor.cell(1)]
        editor.change_cell(1, FIRST.rstrip("\n") + edit.new_text)
        assert await editor.codes(editor.cell(1)) == []


SECOND = "x = layers.Dense(32)(x)\nx = layers.BatchNormalization()(x)\n"


@conversation
async def test_all_safe_fixes_of_the_notebook_or_of_one_cell(tmp_path: Path) -> None:
    cells = [IMPORTS, FIRST, "%%time\n" + SECOND.replace("\n", "\r\n"), LAST]
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(*cells)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        assert await editor.codes(editor.cell(2)) == ["BN201"]
        (one,) = await editor.actions(editor.cell(2), ["source.fixAll"])
        assert one.kind == FIX_ALL
        assert one.edit is not None
        assert list(one.edit.changes or ()) == [editor.cell(2)]
        assert await editor.actions(editor.cell(3), ["source.fixAll"]) == []
        (whole,) = await editor.actions(editor.cell(0), ["notebook.source.fixAll"])
        assert whole.kind == FIX_NOTEBOOK
        for number, text in enumerate(cells):
            new = made(text, editor.cell(number), whole)
            assert new.replace(", use_bias=False", "") == text
            assert (new != text) == (number in (1, 2))
            if new != text:
                editor.change_cell(number, new)
        assert await editor.codes(editor.cell(1)) == []
        assert await editor.codes(editor.cell(2)) == []
        assert await editor.actions(editor.cell(0), ["notebook", "source"]) == []


@conversation
async def test_a_plain_file_is_no_notebook(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        uri = editor.open("net.py", IMPORTS.partition("\n")[2] + FIRST + LAST.partition("\n")[2])
        assert await editor.codes(uri) == ["BN201"]
        assert await editor.actions(uri, ["notebook.source.fixAll"]) == []


@conversation
async def test_cells_that_are_added_and_moved(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST, LAST)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        # A second Dense between them: it is now the one whose bias is redundant.
        editor.insert_cell(9, 2, "x = layers.Dense(3)(layers.ReLU()(x))")
        assert await editor.codes(editor.cell(9)) == ["BN201"]
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)
        assert "[cell 3, line 1]" in await editor.hover(editor.cell(2), 1, 12)
        editor.remove_cell(9, 2)
        await editor.until(lambda: bool(editor.published[editor.cell(1)].diagnostics))
        editor.insert_cell(10, 0, "# first")
        editor.run_cell(10)
        assert "[cell 3, line 2]" in await editor.hover(editor.cell(2), 1, 12)
        # The model before its layers: nothing is known of x.
        editor.reorder_cells(10, 0, 2, 1)
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)
        editor.reorder_cells(10, 0, 1, 2)
        await editor.until(lambda: bool(editor.published[editor.cell(1)].diagnostics))


@conversation
async def test_columns_of_cells_are_utf_16(tmp_path: Path) -> None:
    wide = 'inputs = Input((8,))\nnote = "é😀"; x = layers.Dense(64)(inputs)'
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, wide, LAST)
        (found,) = await editor.diagnostics(editor.cell(1))
        assert found.range.start == types.Position(1, 18)
        assert "over axis -1" in await editor.hover(editor.cell(2), 1, 12)
        (fix, *_) = await editor.actions(editor.cell(1))
        assert "Dense(64, use_bias=False)(" in made(wide, editor.cell(1), fix)
        behind = types.Range(types.Position(1, 33), types.Position(1, 33))
        editor.edit_cell(1, behind, ", use_bias=False")
        assert await editor.codes(editor.cell(1)) == []


@conversation
async def test_a_notebook_sees_the_unsaved_module_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text("def norm(x):\n    return x\n")
    norm = "from keras import layers\n\ndef norm(x):\n    return layers.BatchNormalization()(x)\n"
    async with NotebookEditor(tmp_path) as editor:
        last = "from blocks import norm\nmodel = Model(inputs, layers.ReLU()(norm(x)))"
        editor.open_cells(IMPORTS, FIRST, last)
        assert await editor.codes(editor.cell(1)) == []
        blocks = editor.open("blocks.py", norm)
        await editor.until(lambda: bool(editor.published[editor.cell(1)].diagnostics))
        (found,) = editor.published[editor.cell(1)].diagnostics
        (related,) = found.related_information or ()
        assert related.location.uri == blocks


@pytest.mark.parametrize("uri", ["untitled:Untitled-1.ipynb", "untitled:Untitled-1"])
@conversation
async def test_a_notebook_that_was_never_saved(tmp_path: Path, uri: str) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.notebook_uri = uri
        editor.open_cells(IMPORTS, FIRST, LAST)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        assert await editor.actions(editor.cell(1), ["source.fixAll"])


@conversation
async def test_markdown_cells_count_and_a_cell_may_become_one(tmp_path: Path) -> None:
    async with NotebookEditor(tmp_path) as editor:
        editor.open_cells(IMPORTS, FIRST, LAST)
        assert await editor.codes(editor.cell(1)) == ["BN201"]
        editor.insert_text_cell(0)
        assert "[cell 3, line 2]" in await editor.hover(editor.cell(2), 1, 12)
        editor.remove_cell(2, 3)
        editor.insert_text_cell(3)
        await editor.until(lambda: not editor.published[editor.cell(1)].diagnostics)
