"""Maps locations of findings to the client's documents."""

from __future__ import annotations

import os

from lsprotocol import types
from pygls.uris import from_fs_path

from bnlint.findings import Location
from bnlint.interfaces.server import notebooks
from bnlint.interfaces.server.documents import Columns, Document, Documents
from bnlint.project.files.source_lines import Texts


class Places:
    """Converts locations to those of the client; constructed again for each answer.

    Args:
        documents: the open documents; others are read from the disk.
    """

    def __init__(self, documents: Documents) -> None:
        self._columns = Columns(documents.position_encoding)
        self._texts = Texts()
        self._open: dict[tuple[str, int | None], tuple[str, list[str]]] = {}
        for document in documents.files:
            self._open[path_of(document), None] = (document.uri, document.split)
        for notebook in documents.notebook_documents.values():
            path = notebooks.path_of(notebook.uri)
            for number, cell in enumerate(notebooks.cells(documents, notebook.uri), 1):
                if cell is not None:
                    self._open[path, number] = (cell.uri, cell.split)

    def place(self, location: Location) -> types.Location | None:
        """The client's location for ``location``; ``None`` where the client can't show it."""
        found = self._open.get((location.filename, location.cell))
        if found is not None:
            uri, lines = found
            return types.Location(uri, self._columns.range(lines, location))
        if location.cell is not None:
            return None
        uri_on_disk = from_fs_path(location.filename)
        if uri_on_disk is None:
            return None
        lines = self._texts.lines(location.filename)
        return types.Location(uri_on_disk, self._columns.range(lines, location))

    def link(self, location: Location) -> str:
        """A location as a Markdown link."""
        found = self._open.get((location.filename, location.cell))
        uri = found[0] if found is not None else from_fs_path(location.filename)
        cell = f"cell {location.cell}, " if location.cell is not None else ""
        anchor = "" if location.cell is not None else f"#L{location.line}"
        return f"[{cell}line {location.line}]({uri}{anchor})"


def is_file(document: Document) -> bool:
    """Whether the document is a file on the disk, not one that was never saved."""
    return document.uri.startswith("file:")


def path_of(document: Document) -> str:
    """The path of a document; in the working directory if it was never saved."""
    if is_file(document):
        return os.path.abspath(document.path)
    return os.path.abspath(document.filename or "untitled")
