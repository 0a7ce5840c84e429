"""Registers a handler for each message of the client that the server supports."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from bnlint.interfaces.server.actions import KINDS
from bnlint.interfaces.server.session import Session

_WATCHED = ("**/*.py", "**/pyproject.toml", "**/.gitignore")


def new_session() -> Session:
    """A session with a handler for each supported message."""
    session = Session()
    _add_lifecycle(session)
    _add_documents(session)
    _add_notebooks(session)
    _add_answers(session)
    return session


def _add_lifecycle(session: Session) -> None:
    @session.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.take_options(params)

    @session.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        watching = asyncio.create_task(session.watch_client())
        session.keep(watching)
        await _register(session)
        await session.ask_for_settings()

    @session.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def settings_changed(params: types.DidChangeConfigurationParams) -> None:
        workspace = session.client_capabilities.workspace
        if workspace is not None and workspace.configuration:
            await session.ask_for_settings()
        else:
            session.take_settings(params.settings)

    @session.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(_: types.DidChangeWorkspaceFoldersParams) -> None:
        session.lint_all()
        await session.ask_for_settings()

    @session.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        session.files_changed(list(params.changes))

    @session.feature(types.SHUTDOWN)
    def shut_down(_: None) -> None:
        session.end()


def _add_documents(session: Session) -> None:
    @session.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        session.opened(params.text_document.uri)

    @session.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        session.changed(params.text_document.uri)

    @session.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        session.saved(params.text_document.uri)

    @session.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.closed(uri, [uri])


def _add_notebooks(session: Session) -> None:
    @session.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenNotebookDocumentParams) -> None:
        session.opened(params.notebook_document.uri)

    @session.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeNotebookDocumentParams) -> None:
        cells = params.change.cells
        if cells is not None and cells.structure is not None:
            session.cells_removed(cell.uri for cell in cells.structure.did_close or ())
        session.changed(params.notebook_document.uri)

    @session.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveNotebookDocumentParams) -> None:
        session.saved(params.notebook_document.uri)

    @session.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseNotebookDocumentParams) -> None:
        cells = [cell.uri for cell in params.cell_text_documents]
        session.closed(params.notebook_document.uri, cells)


def _add_answers(session: Session) -> None:
    @session.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await session.hover_at(params.text_document.uri, params.position)

    # Protocol.lsp_initialize does not announce it to clients that get diagnostics pushed.
    @session.feature(types.TEXT_DOCUMENT_DIAGNOSTIC)
    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        found = await session.diagnostics_of(params.text_document.uri)
        return types.RelatedFullDocumentDiagnosticReport(found)

    @session.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        return await session.actions_in(params.text_document.uri, params.range, only)


async def _register(session: Session) -> None:
    """Register for notifications that the client sends only on request."""
    workspace = session.client_capabilities.workspace
    wanted: list[tuple[str, object]] = []
    if workspace is None:
        return
    files = workspace.did_change_watched_files
    if files is not None and files.dynamic_registration:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append((types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    configuration = workspace.did_change_configuration
    if configuration is not None and configuration.dynamic_registration:
        section = types.DidChangeConfigurationRegistrationOptions("bnlint")
        wanted.append((types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if wanted:
        registrations = [
            types.Registration(f"bnlint-{number}", method, options)
            for number, (method, options) in enumerate(wanted)
        ]
        await session.client_register_capability_async(types.RegistrationParams(registrations))
