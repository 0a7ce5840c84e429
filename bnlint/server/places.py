"""Where findings are in the client's documents."""

from __future__ import annotations

import os

from lsprotocol import types
from pygls.uris import from_fs_path

from bnlint.findings import Location
from bnlint.server.documents import Columns, Document, Documents
from bnlint.texts import Texts


class Places:
    """Turns locations into what the client understands; made anew for each answer.

    Args:
        documents: the open ones; others are looked at on the disk.
    """

    def __init__(self, documents: Documents) -> None:
        self._columns = Columns(documents.position_encoding)
        self._texts = Texts()
        self._open = {
            path_of(document): (document.uri, document.split)
            for document in documents.text_documents.values()
            if isinstance(document, Document)
        }

    def place(self, location: Location) -> types.Location | None:
        """Where ``location`` is; ``None`` where the client can't show it."""
        if location.filename in self._open:
            uri, lines = self._open[location.filename]
            return types.Location(uri, self._columns.range(lines, location))
        found = from_fs_path(location.filename)
        if found is None:
            return None
        lines = self._texts.lines(location.filename)
        return types.Location(found, self._columns.range(lines, location))


def link(location: Location) -> str:
    """A location as a Markdown link."""
    return f"[line {location.line}]({from_fs_path(location.filename)}#L{location.line})"


def is_file(document: Document) -> bool:
    """Whether it is one on the disk, and not one that was never saved."""
    return document.uri.startswith("file:")


def path_of(document: Document) -> str:
    """Where a document lies; one that was never saved lies in the working directory."""
    if is_file(document):
        return os.path.abspath(document.path)
    return os.path.abspath(document.filename or "untitled")
