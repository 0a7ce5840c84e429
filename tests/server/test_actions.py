"""What an editor offers to do."""

from __future__ import annotations

from pathlib import Path

from editor import Editor, conversation
from lsprotocol import types
from models import FUNCTIONAL


async def _actions(
    editor: Editor, uri: str, only: list[types.CodeActionKind | str] | None = None
) -> list[types.CodeAction]:
    whole = types.Range(types.Position(0, 0), types.Position(1000, 0))
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), whole, types.CodeActionContext([], only)
    )
    found = await editor.client.text_document_code_action_async(params)
    return [each for each in found or () if isinstance(each, types.CodeAction)]


def _made(text: str, uri: str, action: types.CodeAction) -> str:
    """The text after an action, for edits in plain ASCII."""
    assert action.edit is not None
    assert action.edit.changes is not None
    lines = text.split("\n")
    for edit in sorted(
        action.edit.changes[uri], key=lambda e: (e.range.start.line, e.range.start.character)
    )[::-1]:
        start, end = edit.range.start, edit.range.end
        before = lines[start.line][: start.character]
        behind = lines[end.line][end.character :] if end.line < len(lines) else ""
        lines[start.line : end.line + 1] = (before + edit.new_text + behind).split("\n")
    return "\n".join(lines)


@conversation
async def test_a_finding_can_be_suppressed(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        (action,) = [a for a in await _actions(editor, uri) if "ignore" in a.title]
        (about,) = action.diagnostics or ()
        assert about.code == "BN201"
        text = _made(FUNCTIONAL, uri, action)
        assert "x = layers.Dense(64)(inputs)  # bnlint: ignore[BN201]\n" in text
        editor.replace(uri, text)
        assert await editor.codes(uri) == []


@conversation
async def test_only_what_was_asked_for_is_offered(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await _actions(editor, uri, [types.CodeActionKind.Refactor]) == []
        quick = await _actions(editor, uri, [types.CodeActionKind.QuickFix])
        assert {each.kind for each in quick} == {types.CodeActionKind.QuickFix}
