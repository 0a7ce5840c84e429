"""An editor as far as the protocol goes: a client of its own process, over standard streams."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 30.0
"""Seconds. Far more than anything takes; a test that waits this long has failed."""


_Editor = TypeVar("_Editor", bound="Editor")


class Editor:
    """A client that remembers what the server said.

    Args:
        folder: the workspace folder.
        capabilities: what the client says it can do.
        options: its ``initializationOptions``.
        configuration: what it answers when it is asked for the section ``bnlint``; for one that
            differs by folder, a function of the folder's URI.
        folders: the workspace folders, where they are others than ``folder``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        capabilities: types.ClientCapabilities | None = None,
        options: object = None,
        configuration: object = None,
        folders: Sequence[Path] = (),
    ) -> None:
        self.folder = folder
        self.folders = list(folders) or [folder]
        self.configuration = configuration
        self.client = LanguageClient("test", "1")
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.history: list[types.PublishDiagnosticsParams] = []
        self.messages: list[str] = []
        self.log: list[str] = []
        self.registered: list[str] = []
        self._versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self._capabilities = capabilities or types.ClientCapabilities(
            notebook_document=types.NotebookDocumentClientCapabilities(
                types.NotebookDocumentSyncClientCapabilities()
            )
        )
        self._options = options
        self._listen()

    async def __aenter__(self: _Editor) -> _Editor:  # noqa: PYI019  Self is of Python 3.11
        await self.client.start_io(sys.executable, "-m", "bnlint", "--lsp", cwd=self.folder)
        params = types.InitializeParams(
            capabilities=self._capabilities,
            process_id=os.getpid(),
            workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in self.folders],
            initialization_options=self._options,
        )
        answer = await asyncio.wait_for(self.client.initialize_async(params), PATIENCE)
        self.can = answer.capabilities
        self.client.initialized(types.InitializedParams())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self.process.returncode is None:
            await asyncio.wait_for(self.client.shutdown_async(None), PATIENCE)
            self.client.exit(None)
            await asyncio.wait_for(self.process.wait(), PATIENCE)
        await self.client.stop()  # type: ignore[no-untyped-call]

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server."""
        found = self.client._server
        assert isinstance(found, asyncio.subprocess.Process)
        return found

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, version: int = 1) -> str:
        uri = self.uri(name)
        self._versions[uri] = version
        item = types.TextDocumentItem(uri, "python", version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, *changes: types.TextDocumentContentChangeEvent) -> int:
        """Edit; returns the new version."""
        version = self._versions[uri] = self._versions[uri] + 1
        identity = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identity, list(changes))
        )
        return version

    def replace(self, uri: str, text: str) -> int:
        """Replace the whole text."""
        return self.change(uri, types.TextDocumentContentChangeWholeDocument(text))

    def save(self, uri: str) -> None:
        identity = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identity))

    def close(self, uri: str) -> None:
        identity = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identity))

    async def actions(
        self, uri: str, only: list[types.CodeActionKind | str] | None = None
    ) -> list[types.CodeAction]:
        """What the server offers to do anywhere in a document."""
        whole = types.Range(types.Position(0, 0), types.Position(1000, 0))
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), whole, types.CodeActionContext([], only)
        )
        found = await self.client.text_document_code_action_async(params)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> str:
        """The Markdown shown at a place; empty where nothing is."""
        found = await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        )
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until the server has said what makes ``is_so`` true."""

        async def wait() -> None:
            while not is_so():
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), PATIENCE)

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """What the server says of a version of a document, the present one by default."""
        wanted = self._versions[uri] if version is None else version
        await self.until(lambda: uri in self.published and self.published[uri].version == wanted)
        return list(self.published[uri].diagnostics)

    async def codes(self, uri: str) -> list[str]:
        """The codes alone, sorted."""
        return sorted(str(each.code) for each in await self.diagnostics(uri))

    def _listen(self) -> None:
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.history.append(params)
            self._news.set()

        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

        def log(params: types.LogMessageParams) -> None:
            self.log.append(params.message)
            self._news.set()

        def configuration(params: types.ConfigurationParams) -> list[object]:
            answer = self.configuration
            return [answer(i.scope_uri) if callable(answer) else answer for i in params.items]

        def register(params: types.RegistrationParams) -> None:
            self.registered += [each.method for each in params.registrations]
            self._news.set()

        listen = self.client.protocol.fm.feature
        listen(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        listen(types.WINDOW_SHOW_MESSAGE)(show)
        listen(types.WINDOW_LOG_MESSAGE)(log)
        listen(types.WORKSPACE_CONFIGURATION)(configuration)
        listen(types.CLIENT_REGISTER_CAPABILITY)(register)


def made(text: str, uri: str, action: types.CodeAction) -> str:
    """The text of a document after an action, as an editor with UTF-16 makes it."""
    assert action.edit is not None
    assert action.edit.changes is not None
    lines = re.split("(?<=\n)", text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(place: types.Position) -> int:
        if place.line >= len(lines):
            return len(text)
        units = lines[place.line].encode("utf-16-le")[: 2 * place.character]
        return starts[place.line] + len(units.decode("utf-16-le"))

    edits = [
        (offset(edit.range.start), offset(edit.range.end), edit.new_text)
        for edit in action.edit.changes.get(uri, ())
    ]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def conversation(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an ``async`` test."""

    @wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        async def awaited() -> None:
            await test(*args, **kwargs)

        asyncio.run(awaited())

    return run


class NotebookEditor(Editor):
    """An editor with one notebook open."""

    notebook = "nb.ipynb"
    notebook_uri = ""
    """Of a notebook without a file."""

    def cell(self, number: int) -> str:
        """The URI of a cell, in the way of VS Code."""
        return f"vscode-notebook-cell:{(self.folder / self.notebook).as_posix()}#W{number}"

    def open_cells(self, *texts: str) -> None:
        """Open the notebook with such cells of Python."""
        documents = []
        cells = []
        for number, text in enumerate(texts):
            uri = self.cell(number)
            self._versions[uri] = 1
            documents.append(types.TextDocumentItem(uri, "python", 1, text))
            cells.append(types.NotebookCell(types.NotebookCellKind.Code, uri))
        notebook = types.NotebookDocument(self._whole, "jupyter-notebook", 1, cells)
        self.client.notebook_document_did_open(
            types.DidOpenNotebookDocumentParams(notebook, documents)
        )

    def change_cell(self, number: int, text: str) -> None:
        """Replace the text of a cell."""
        uri = self.cell(number)
        self._versions[uri] += 1
        identity = types.VersionedTextDocumentIdentifier(uri=uri, version=self._versions[uri])
        whole = types.TextDocumentContentChangeWholeDocument(text)
        content = types.NotebookDocumentCellContentChanges(identity, [whole])
        self._change(types.NotebookDocumentCellChanges(text_content=[content]))

    def remove_cell(self, number: int, index: int) -> None:
        """Take the cell that stands at ``index`` out."""
        structure = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(start=index, delete_count=1),
            did_close=[types.TextDocumentIdentifier(self.cell(number))],
        )
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def insert_cell(self, number: int, index: int, text: str) -> None:
        """Put a new cell of Python at ``index``."""
        uri = self.cell(number)
        self._versions[uri] = 1
        structure = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(
                index, 0, [types.NotebookCell(types.NotebookCellKind.Code, uri)]
            ),
            did_open=[types.TextDocumentItem(uri, "python", 1, text)],
        )
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def reorder_cells(self, *numbers: int) -> None:
        """Put all cells in another order, as a client does that moves one: none is closed."""
        cells = [types.NotebookCell(types.NotebookCellKind.Code, self.cell(n)) for n in numbers]
        array = types.NotebookCellArrayChange(0, len(cells), cells)
        structure = types.NotebookDocumentCellChangeStructure(array)
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def edit_cell(self, number: int, where: types.Range, text: str) -> None:
        """Change a part of a cell."""
        uri = self.cell(number)
        self._versions[uri] += 1
        identity = types.VersionedTextDocumentIdentifier(uri=uri, version=self._versions[uri])
        part = types.TextDocumentContentChangePartial(where, text)
        content = types.NotebookDocumentCellContentChanges(identity, [part])
        self._change(types.NotebookDocumentCellChanges(text_content=[content]))

    def insert_text_cell(self, index: int) -> None:
        """Put a cell of Markdown at ``index``, of which only the place is synced."""
        cell = types.NotebookCell(types.NotebookCellKind.Markup, f"{self.cell(index)}-text")
        array = types.NotebookCellArrayChange(index, 0, [cell])
        structure = types.NotebookDocumentCellChangeStructure(array)
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def run_cell(self, number: int) -> None:
        """Say that a cell was executed."""
        summary = types.ExecutionSummary(1, success=True)
        cell = types.NotebookCell(
            types.NotebookCellKind.Code, self.cell(number), execution_summary=summary
        )
        self._change(types.NotebookDocumentCellChanges(data=[cell]))

    def close_notebook(self, cells: int) -> None:
        identities = [types.TextDocumentIdentifier(self.cell(number)) for number in range(cells)]
        self.client.notebook_document_did_close(
            types.DidCloseNotebookDocumentParams(
                types.NotebookDocumentIdentifier(self._whole), identities
            )
        )

    @property
    def _whole(self) -> str:
        return self.notebook_uri or self.uri(self.notebook)

    def _change(self, cells: types.NotebookDocumentCellChanges) -> None:
        identity = types.VersionedNotebookDocumentIdentifier(2, self._whole)
        self.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                identity, types.NotebookDocumentChangeEvent(cells=cells)
            )
        )
