"""Open notebooks: the cells that the client syncs, as the JSON that bnlint reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from lsprotocol import types
from pygls.uris import to_fs_path

from bnlint.interfaces.server.documents import Document, Documents

SYNC = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            notebook=types.NotebookDocumentFilterNotebookType("jupyter-notebook"),
            cells=[types.NotebookCellLanguage("python")],
        )
    ],
    save=True,
)


def cells(documents: Documents, notebook: str) -> list[Document | None]:
    """The cells of an open notebook in order; ``None`` for a cell that is not Python."""
    found = documents.get_notebook_document(notebook_uri=notebook)
    listed: list[Document | None] = []
    for cell in found.cells if found is not None else ():
        document = documents.opened(cell.document)
        is_code = cell.kind == types.NotebookCellKind.Code
        is_python = document is not None and document.language_id in (None, "", "python")
        listed.append(document if is_code and is_python else None)
    return listed


def notebook_of(documents: Documents, uri: str) -> str | None:
    """The URI of the notebook, given its own URI or that of a cell; else ``None``."""
    found = documents.get_notebook_document(notebook_uri=uri)
    found = found or documents.get_notebook_document(cell_uri=uri)
    return None if found is None else found.uri


def number_of(documents: Documents, notebook: str, cell: str) -> int | None:
    """The number of a cell, from 1, by its URI."""
    listed = enumerate(cells(documents, notebook), 1)
    return next((n for n, found in listed if found is not None and found.uri == cell), None)


def path_of(notebook: str) -> str:
    """The path of a notebook; it always gets the suffix of a notebook."""
    path = os.path.abspath(to_fs_path(notebook) or os.path.basename(notebook) or "untitled")
    return path if path.endswith(".ipynb") else f"{path}.ipynb"


def as_json(documents: Documents, notebook: str) -> bytes:
    """The notebook as a file of format 4 with the current text of the cells."""
    listed: list[dict[str, object]] = [
        {"cell_type": "raw", "metadata": {}, "source": ""}
        if cell is None
        else {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": _clean(cell.source),
        }
        for cell in cells(documents, notebook)
    ]
    whole = {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole).encode()


def texts(documents: Documents, notebook: str, data: bytes) -> Iterator[tuple[Document, str]]:
    """The cells with their text in ``data``, a changed result of :func:`as_json`."""
    changed = json.loads(data)["cells"]
    for cell, new in zip(cells(documents, notebook), changed, strict=True):
        if cell is not None and cell.source == _clean(cell.source):
            yield cell, new["source"]


def _clean(text: str) -> str:
    """The text without lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode()
