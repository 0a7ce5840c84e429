"""What the server says while somebody types, keystroke by keystroke."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from editor import PATIENCE, Editor, conversation, made
from lsprotocol import types
from models import FUNCTIONAL

from bnlint.interfaces.server.actions import FIX_ALL

NOTE = "note = 'é😀'; "
WIDE = FUNCTIONAL.replace("x = ", NOTE + "x = ")


def _at(line: int, character: int) -> types.Range:
    return types.Range(types.Position(line, character), types.Position(line, character))


@conversation
async def test_no_keystroke_costs_the_finding_above(tmp_path: Path) -> None:
    """Each state on the way to a whole statement is broken, and the rest of the file is read."""
    typed = "y = layers.Conv2D(8, kernel_size=(3, 3), name=f'é{1}')(\n    x\n)\nif y:\n    [y"
    lines = FUNCTIONAL.count("\n")
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        line, column = lines, 0
        for character in typed:
            version = editor.change(
                uri, types.TextDocumentContentChangePartial(_at(line, column), character)
            )
            found = await editor.diagnostics(uri, version)
            codes = [each.code for each in found]
            assert codes[:1] == ["BN201"], (typed, character, codes)
            assert set(codes) <= {"BN201", "BN001"}
            assert len(codes) <= 2
            broken = [each for each in found if each.code == "BN001"]
            assert all(each.range.start.line >= lines - 1 for each in broken)
            line, column = (line + 1, 0) if character == "\n" else (line, column + 1)


@conversation
async def test_one_notification_may_hold_several_changes(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", WIDE)
        start = len(NOTE) + 1  # the emoji counts twice
        (found,) = await editor.diagnostics(uri)
        assert found.range.start == types.Position(3, start + len("x = "))
        number = WIDE.split("\n")[3].index("64") + 1
        editor.change(
            uri,
            types.TextDocumentContentChangePartial(
                types.Range(types.Position(3, number), types.Position(3, number + 2)), "7"
            ),
            types.TextDocumentContentChangePartial(_at(3, number + 1), ", use_bias=False"),
        )
        assert await editor.codes(uri) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@conversation
async def test_fixes_count_columns_as_the_editor_and_keep_its_line_ends(
    tmp_path: Path, end: str
) -> None:
    text = WIDE.replace("\n", end)
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        await editor.diagnostics(uri)
        offered = await editor.actions(uri)
        assert len(offered) == 3
        fix, ignore, everything = offered
        assert everything.kind == FIX_ALL
        for action in (fix, everything):
            assert made(text, uri, action) == text.replace("(64)", "(64, use_bias=False)")
        assert f"(inputs)  # bnlint: ignore[BN201]{end}" in made(text, uri, ignore)
        wide = WIDE.split("\n")[4]
        column = wide.index("BatchNorm") + 1
        assert "subtracts again the bias" in await editor.hover(uri, 4, column)
        assert "subtracts again the bias" in await editor.hover(uri, 4, column + 20)
        assert await editor.hover(uri, 4, column - len("layers.") - 1) == ""


@conversation
async def test_related_places_in_files_that_are_not_open_are_counted_too(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(
        "from keras import layers\n\ndef norm(x):\n"
        "    '😀'; return layers.BatchNormalization()(x)\n",
        encoding="utf-8",
    )
    text = FUNCTIONAL.replace("layers.BatchNormalization()(x)", "norm(x)")
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", "from blocks import norm\n" + text)
        (found,) = await editor.diagnostics(uri)
        (related,) = found.related_information or ()
        assert related.location.uri == editor.uri("blocks.py")
        assert related.location.range.start == types.Position(3, 4 + len("'😀'; return ") + 1)


@conversation
async def test_a_request_that_is_cancelled_leaves_the_others_alone(tmp_path: Path) -> None:
    layers = "".join(f"x = layers.Dense({n})(x)\n" for n in range(400))
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL.replace("model =", layers + "model ="))
        whole = types.Range(types.Position(0, 0), types.Position(900, 0))
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), whole, types.CodeActionContext([])
        )
        asked = [
            asyncio.ensure_future(editor.client.text_document_code_action_async(params))
            for _ in range(5)
        ]
        await asyncio.sleep(0.05)
        for each in asked[:4]:
            each.cancel()
        assert await asyncio.wait_for(asked[4], PATIENCE)
        editor.replace(uri, FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]


@conversation
async def test_an_answer_for_a_text_that_changed_meanwhile_is_none(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        asked = asyncio.ensure_future(editor.actions(uri))
        await asyncio.sleep(0)
        editor.change(uri, types.TextDocumentContentChangePartial(_at(0, 0), "# new\n"))
        for action in await asyncio.wait_for(asked, PATIENCE):
            text = made("# new\n" + FUNCTIONAL, uri, action)
            assert "Dense(64, use_bias=False)" in text or "ignore[BN201]" in text
        (found,) = await editor.diagnostics(uri)
        assert found.range.start.line == 4
