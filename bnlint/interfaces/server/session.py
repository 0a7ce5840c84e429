"""One session with an editor: handles its messages and sends it diagnostics."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Sequence

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

import bnlint
from bnlint.findings import Location
from bnlint.interfaces.server import actions, hover, notebooks
from bnlint.interfaces.server.client_settings import SECTION, TRUSTED, settings_in
from bnlint.interfaces.server.diagnostics import diagnostic
from bnlint.interfaces.server.documents import Document, Documents
from bnlint.interfaces.server.lint_process.jobs import Answer, Job, Want
from bnlint.interfaces.server.places import Places, is_file, path_of
from bnlint.interfaces.server.protocol import Protocol
from bnlint.interfaces.server.schedule import DEBOUNCE, Schedule
from bnlint.readers.source.parsing.text import decode, encode

_PARENT_LOOKED_AT = 2.0


class Session(LanguageServer):
    """The language server. Constructed once in a process, by `start.serve`."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            "bnlint",
            bnlint.__version__,
            types.TextDocumentSyncKind.Incremental,
            notebooks.SYNC,
            protocol_cls=Protocol,
            converter_factory=get_converter,
            max_workers=2,
        )
        self.schedule = Schedule(self._job, self._publish)
        self._options: dict[str, object] = {}
        self._is_trusted = False
        self._configured: dict[str, dict[str, object]] = {}
        self._shown: set[str] = set()
        self._published: dict[str, types.PublishDiagnosticsParams] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def documents(self) -> Documents:
        """The open documents."""
        found = self.workspace
        assert isinstance(found, Documents)
        return found

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log an error in the handling of a message, without interrupting the user."""
        del source
        said = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        self.log(f"a message could not be handled: {said}", types.MessageType.Warning)

    def log(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write a line to the client's log."""
        self.window_log_message(types.LogMessageParams(kind, text))

    # Settings

    def take_options(self, params: types.InitializeParams) -> None:
        """Take the options that the client sent when it started the server."""
        self.protocol.adopt_documents()
        self._options = settings_in(params.initialization_options)
        self._is_trusted = self._options.pop(TRUSTED, None) is True

    async def ask_for_settings(self) -> None:
        """Ask the client for the settings of each workspace folder."""
        workspace = self.client_capabilities.workspace
        if workspace is None or not workspace.configuration:
            return
        scopes: list[str | None] = [folder.uri for folder in self.documents.folders.values()]
        scopes = scopes or [None]
        items = [types.ConfigurationItem(scope, SECTION) for scope in scopes]
        answers = await self.workspace_configuration_async(types.ConfigurationParams(items))
        self._configured = {
            scope or "": settings_in(answer)
            for scope, answer in zip(scopes, answers or [], strict=False)
        }
        self.lint_all()

    def take_settings(self, settings: object) -> None:
        """Take new settings that the client sent in its change notification."""
        self._configured = {"": settings_in(settings)}
        self.lint_all()

    def lint_all(self) -> None:
        """Lint all documents again, since everything may have changed."""
        self._shown.clear()
        for uri in self.schedule.uris:
            self.schedule.touch(uri, DEBOUNCE)

    def _settings_for(self, folder: str) -> dict[str, object]:
        configured = self._configured.get(folder, self._configured.get("", {}))
        settings = {**self._options, **configured}
        settings.pop(TRUSTED, None)  # a repository may contain the settings of its workspace
        return settings

    def _folder_of(self, path: str) -> tuple[str, str]:
        """The workspace folder that contains a path: its URI and its path."""
        best = ("", "")
        for folder in self.documents.folders.values():
            top = to_fs_path(folder.uri)
            if top and _is_inside(path, top) and len(top) > len(best[1]):
                best = (folder.uri, os.path.abspath(top))
        if not best[1] and (root := self.documents.root_path) and _is_inside(path, root):
            return "", os.path.abspath(root)
        return best if best[1] else ("", os.path.dirname(path))

    # Linting

    def _job(self, uri: str) -> Job | None:
        if notebooks.notebook_of(self.documents, uri) is not None:
            path, data = notebooks.path_of(uri), notebooks.as_json(self.documents, uri)
        elif (document := self.documents.opened(uri)) is not None:
            path, data = path_of(document), encode(document.source)
        else:
            return None
        scope, folder = self._folder_of(path)
        settings, buffers = self._settings_for(scope), self._buffers(uri)
        return Job(path, data, folder, settings, buffers, is_trusted=self._is_trusted)

    def _buffers(self, besides: str) -> dict[str, bytes]:
        return {
            path_of(document): encode(document.source)
            for document in self.documents.files
            if document.uri != besides and is_file(document)
        }

    def _publish(self, uri: str, answer: Answer) -> None:
        for text in answer.messages:
            if text not in self._shown:
                self._shown.add(text)
                warning = types.MessageType.Warning
                self.window_show_message(types.ShowMessageParams(warning, f"bnlint: {text}"))
        found = self._diagnostics(answer)
        for document in self._parts(uri):
            self._send(document.uri, document.version, found.get(document.uri, []))

    def _parts(self, uri: str) -> list[Document]:
        """The documents that are linted together: the cells of a notebook, or one file."""
        if notebooks.notebook_of(self.documents, uri) is not None:
            return [cell for cell in notebooks.cells(self.documents, uri) if cell is not None]
        document = self.documents.opened(uri)
        return [] if document is None else [document]

    def _diagnostics(self, answer: Answer) -> dict[str, list[types.Diagnostic]]:
        """The diagnostics of an answer, by document or cell."""
        places = Places(self.documents)
        found: dict[str, list[types.Diagnostic]] = {}
        for finding in answer.findings:
            if shown := diagnostic(finding, places, answer.links):
                found.setdefault(shown[0], []).append(shown[1])
        return found

    def _send(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        said = types.PublishDiagnosticsParams(uri, found, version=version)
        if self._published.get(uri) == said:
            return
        if version is None:
            self._published.pop(uri, None)
        else:
            self._published[uri] = said
        self.text_document_publish_diagnostics(said)

    def opened(self, uri: str) -> None:
        """A document was opened."""
        if self._is_ours(uri):
            self.schedule.touch(uri)
            self._touch_dependents(uri)

    def changed(self, uri: str) -> None:
        """A document was edited."""
        if self._is_ours(uri):
            self.schedule.touch(uri, DEBOUNCE)
            self._touch_dependents(uri)

    def saved(self, uri: str) -> None:
        """A document was saved; the files that it imports may have been saved too."""
        if self._is_ours(uri):
            for document in self._parts(uri):
                self._published.pop(document.uri, None)  # after saving, publish again
            self.schedule.touch(uri)

    def closed(self, uri: str, parts: Sequence[str]) -> None:
        """A document was closed: remove the diagnostics of it or of its cells."""
        path = to_fs_path(uri)
        self.schedule.forget(uri)
        for part in parts:
            self._send(part, None, [])
        for dependent in self.schedule.dependents(path) if path else ():
            self.schedule.touch(dependent, DEBOUNCE)

    def files_changed(self, changes: list[types.FileEvent]) -> None:
        """Files on the disk were created, changed or deleted."""
        touched: set[str] = set()
        for change in changes:
            path = to_fs_path(change.uri) or ""
            if change.type == types.FileChangeType.Deleted:
                self._send(change.uri, None, [])
            if os.path.basename(path) in ("pyproject.toml", ".gitignore"):
                self.lint_all()
                return
            touched.update(self.schedule.dependents(path))
        for uri in touched:
            self.schedule.touch(uri, DEBOUNCE)

    def _touch_dependents(self, uri: str) -> None:
        if path := to_fs_path(uri):
            for dependent in self.schedule.dependents(path):
                if dependent != uri:
                    self.schedule.touch(dependent, 4 * DEBOUNCE)

    def cells_removed(self, uris: Iterable[str]) -> None:
        """Cells were removed from an open notebook."""
        for uri in uris:
            self._send(uri, None, [])

    def _is_ours(self, uri: str) -> bool:
        if notebooks.notebook_of(self.documents, uri) is not None:
            return True
        document = self.documents.opened(uri)
        return document is not None and document.language_id in (None, "", "python")

    # Answers

    async def diagnostics_of(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics for the current text of a document."""
        answer = await self._answer(uri)
        return [] if answer is None else self._diagnostics(answer).get(uri, [])

    async def _answer(self, uri: str) -> Answer | None:
        """The answer for the current text of a document, or of the notebook around a cell."""
        return await self.schedule.answer(notebooks.notebook_of(self.documents, uri) or uri)

    async def hover_at(self, uri: str, position: types.Position) -> types.Hover | None:
        """The hover for one place in a document."""
        document = self.documents.opened(uri)
        if document is None or await self._answer(uri) is None:
            return None
        owner = notebooks.notebook_of(self.documents, uri) or uri
        answer = await self.schedule.more(owner, Want.NEIGHBOURS)
        if answer is None:
            return None
        line, column = document.character(position)
        lines = document.split
        places = Places(self.documents)

        def covers(where: Location) -> bool:
            start, end = (where.line, where.column), (where.end_line, where.end_column)
            if not start <= (line, column) <= end:
                return False
            place = places.place(where)
            return place is not None and place.uri == uri

        text_of_line = lines[line - 1] if line <= len(lines) else ""
        found = hover.text_at(answer, covers, text_of_line, column, places.link)
        if found is None:
            return None
        text, where = found
        content = types.MarkupContent(types.MarkupKind.Markdown, text)
        return types.Hover(content, document.columns.range(lines, where))

    async def actions_in(
        self,
        uri: str,
        asked: types.Range,
        only: Sequence[types.CodeActionKind | str] | None,
    ) -> list[types.CodeAction]:
        """The code actions for the findings in a range."""
        document = self.documents.opened(uri)
        answer = await self._answer(uri) if document is not None else None
        if document is None or answer is None:
            return []
        owner = notebooks.notebook_of(self.documents, uri) or uri
        if any(finding.repair is not None for finding in answer.findings):
            answer = await self.schedule.more(owner, Want.FIXES)
        found: list[types.CodeAction] = []
        if answer is None:
            return found
        if actions.wants(only, types.CodeActionKind.QuickFix.value):
            found += actions.quick_fixes(document, asked, answer, Places(self.documents))
        for kind in (actions.FIX_ALL, actions.FIX_NOTEBOOK):
            if actions.wants(only, kind) and (action := await self._fix_all(uri, answer, kind)):
                found.append(action)
        return found

    async def _fix_all(self, uri: str, answer: Answer, kind: str) -> types.CodeAction | None:
        """All safe fixes of a file, a notebook, or one cell, for clients that fix cell by cell."""
        notebook = notebooks.notebook_of(self.documents, uri)
        if notebook is None and kind == actions.FIX_NOTEBOOK:
            return None
        cell = None
        if notebook is not None and kind == actions.FIX_ALL:
            cell = notebooks.number_of(self.documents, notebook, uri)
            if cell is None:
                return None
        if not actions.has_safe_fixes(answer.findings, cell):
            return None
        fixed = await self.schedule.more(notebook or uri, Want.FIXED, cell)
        if fixed is None or fixed.fixed is None:
            return None
        if notebook is not None:
            return actions.fix_all(notebooks.texts(self.documents, notebook, fixed.fixed), kind)
        document = self.documents.opened(uri)
        if document is None:
            return None
        return actions.fix_all([(document, decode(fixed.fixed))], kind)

    async def watch_client(self) -> None:
        """End when the process that started the server has ended, even if its pipes are open."""
        client = self.process_id
        if client is None or os.name != "posix" or not _is_alive(client):
            return
        while _is_alive(client):
            await asyncio.sleep(_PARENT_LOOKED_AT)
        self.end()
        sys.stderr.flush()
        os._exit(1)  # the thread that reads standard input would keep the process alive

    def keep(self, task: asyncio.Task[None]) -> None:
        """Keep a reference to a task until it is done; the event loop itself does not."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """Stop all work."""
        self.schedule.close()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
