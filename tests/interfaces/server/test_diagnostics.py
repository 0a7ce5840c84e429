"""What an editor sees, and when."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from editor import Editor, conversation
from lsprotocol import types
from models import BARE, CLEAN, FUNCTIONAL


@conversation
async def test_opening_shows_findings(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        (found,) = await editor.diagnostics(uri)
    assert found.code == "BN201"
    assert found.source == "bnlint"
    assert found.severity == types.DiagnosticSeverity.Warning
    assert found.range == types.Range(types.Position(3, 4), types.Position(3, 20))
    assert found.message.splitlines()[1].startswith("help: write `use_bias=False`")
    (related,) = found.related_information or ()
    assert related.location.uri == uri
    assert related.location.range.start == types.Position(4, 4)
    assert found.code_description is not None
    page = Path(found.code_description.href.removeprefix("file://"))
    assert "BN201" in page.read_text(encoding="utf-8")


@conversation
async def test_a_published_page_is_linked_rather_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "bnlint-9.dist-info"
    info.mkdir(parents=True)
    urls = "Project-URL: Rules, https://example.org/rules"
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: bnlint\nVersion: 9\n{urls}\n")
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(info.parent), known]))
    async with Editor(tmp_path) as editor:
        (found,) = await editor.diagnostics(editor.open("net.py", FUNCTIONAL))
    assert found.code_description is not None
    assert found.code_description.href == "https://example.org/rules/BN201-redundant-bias"


@conversation
async def test_a_layer_that_does_nothing_is_shown_as_unnecessary(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        (found,) = await editor.diagnostics(editor.open("net.py", BARE))
    assert found.code == "BN101"
    assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]


@conversation
async def test_editing_clears_and_brings_back(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
        editor.replace(uri, CLEAN)
        assert await editor.codes(uri) == []
        editor.replace(uri, FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]


@conversation
async def test_closing_takes_everything_back(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
        editor.close(uri)
        await editor.until(lambda: not editor.published[uri].diagnostics)


@conversation
async def test_a_broken_line_does_not_hide_the_rest(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL + "y = layers.Dense(\n")
        assert await editor.codes(uri) == ["BN001", "BN201"]


@conversation
async def test_stale_findings_are_never_published(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        for _ in range(20):
            editor.change(uri, types.TextDocumentContentChangePartial(start, "#\n"))
        (found,) = await editor.diagnostics(uri)
        assert found.range.start.line == 23
        for said in editor.history:
            for each in said.diagnostics:
                assert each.range.start.line == 2 + (said.version or 0)


@conversation
async def test_a_client_may_ask_but_is_not_told_to(tmp_path: Path) -> None:
    shown = types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(),
        diagnostic=types.DiagnosticClientCapabilities(),
    )
    both = types.ClientCapabilities(text_document=shown)
    async with Editor(tmp_path, capabilities=both) as editor:
        assert editor.can.diagnostic_provider is None
        uri = editor.open("net.py", FUNCTIONAL)
        report = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [each.code for each in report.items] == ["BN201"]


@conversation
async def test_other_languages_are_left_alone(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        item = types.TextDocumentItem(editor.uri("a.md"), "markdown", 1, FUNCTIONAL)
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await editor.diagnostics(editor.open("net.py", FUNCTIONAL))
        assert editor.uri("a.md") not in editor.published


@conversation
async def test_saving_says_it_again(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        await editor.diagnostics(uri)
        editor.save(uri)
        await editor.until(lambda: len(editor.history) == 2)
        assert [each.code for each in editor.history[-1].diagnostics] == ["BN201"]
