"""What an editor offers to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor, conversation, made
from lsprotocol import types
from models import FUNCTIONAL

from bnlint.interfaces.server.actions import FIX_ALL


@conversation
async def test_a_finding_can_be_suppressed(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        (action,) = [a for a in await editor.actions(uri) if "ignore" in a.title]
        (about,) = action.diagnostics or ()
        assert about.code == "BN201"
        text = made(FUNCTIONAL, uri, action)
        assert "x = layers.Dense(64)(inputs)  # bnlint: ignore[BN201]\n" in text
        editor.replace(uri, text)
        assert await editor.codes(uri) == []


@conversation
async def test_a_safe_fix_is_offered_first_and_mends_the_finding(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        first = (await editor.actions(uri))[0]
        assert first.is_preferred
        assert first.kind == types.CodeActionKind.QuickFix
        (about,) = first.diagnostics or ()
        assert about.code == "BN201"
        editor.replace(uri, made(FUNCTIONAL, uri, first))
        assert await editor.codes(uri) == []


@conversation
async def test_an_unsafe_fix_says_so_and_is_not_preferred(tmp_path: Path) -> None:
    text = FUNCTIONAL + 'model.load_weights("old.h5")\n'
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        await editor.diagnostics(uri)
        found = await editor.actions(uri)
        assert not any(each.is_preferred for each in found)
        assert "unsafe" in found[0].title
        assert FIX_ALL not in {each.kind for each in found}
        editor.replace(uri, made(text, uri, found[0]))
        assert await editor.codes(uri) == []


@pytest.mark.parametrize("only", [["source.fixAll"], ["source.fixAll.bnlint"], ["source"], None])
@pytest.mark.parametrize("behind", ["", "\n", "\n# ends without a line end"])
@conversation
async def test_fix_all_mends_all_that_is_safe(
    tmp_path: Path, only: list[types.CodeActionKind | str] | None, behind: str
) -> None:
    more = FUNCTIONAL.replace(
        "model =", "x = layers.Dense(8)(x)\nx = layers.BatchNormalization()(x)\nmodel ="
    )
    text = more.rstrip("\n") + behind
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        assert await editor.codes(uri) == ["BN201", "BN201"]
        (action,) = [each for each in await editor.actions(uri, only) if each.kind == FIX_ALL]
        new = made(text, uri, action)
        assert new.count("use_bias=False") == 2
        assert new.replace(", use_bias=False", "") == text
        editor.replace(uri, new)
        assert await editor.codes(uri) == []


@conversation
async def test_only_what_was_asked_for_is_offered(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.actions(uri, [types.CodeActionKind.Refactor]) == []
        quick = await editor.actions(uri, [types.CodeActionKind.QuickFix])
        assert {each.kind for each in quick} == {types.CodeActionKind.QuickFix}
