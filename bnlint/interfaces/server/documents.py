"""The text of open documents, and positions in it.

In the protocol, lines end at a line feed, a carriage return or both, as in Python; pygls also
splits at form feeds and Unicode separators. The protocol counts columns in code units, agreed on
at the start; a :class:`~bnlint.findings.Location` counts Unicode characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from bnlint.findings import Location
from bnlint.readers.source.parsing.text import split_lines

_LINE_END = re.compile(r"\r\n|\r|\n")

_WIDTHS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Columns:
    """Converts columns of a line between characters and the client's code units.

    Args:
        encoding: the encoding that client and server agreed on.
    """

    def __init__(self, encoding: types.PositionEncodingKind | str | None) -> None:
        kind = types.PositionEncodingKind(encoding or types.PositionEncodingKind.Utf16)
        self._codec, self._width = _WIDTHS[kind]

    def units(self, text: str) -> int:
        """How many code units ``text`` has."""
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._width

    def characters(self, line: str, units: int) -> int:
        """How many characters of ``line`` its first ``units`` code units contain.

        A place inside a character counts as its start; one after the line's end as the end.
        """
        if line.isascii():
            return min(units, len(line))
        seen = 0
        for index, character in enumerate(line):
            seen += self.units(character)
            if seen > units:
                return index
        return len(line)

    def position(self, lines: Sequence[str], line: int, column: int) -> types.Position:
        """The client's position for a line and a column in characters, both counted from 1."""
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return types.Position(max(line - 1, 0), self.units(text[: max(column - 1, 0)]))

    def range(self, lines: Sequence[str], where: Location) -> types.Range:
        """The client's range of ``where`` in a text of these lines."""
        return types.Range(
            self.position(lines, where.line, where.column),
            self.position(lines, where.end_line, where.end_column),
        )


class Document(TextDocument):
    """An open document.

    Attributes:
        columns: converts columns of its lines.
    """

    def __init__(
        self, uri: str, source: str, version: int | None, language: str | None, columns: Columns
    ) -> None:
        super().__init__(uri, source, version, language)
        self.columns = columns

    @property
    def split(self) -> list[str]:
        """The lines without their ends."""
        return split_lines(self.source)

    @property
    def end(self) -> types.Position:
        """The position after the last character."""
        lines = self.split
        return types.Position(len(lines) - 1, self.columns.units(lines[-1]))

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Apply an edit of the client."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            self._source = change.text
            return
        text = self.source
        starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        start = self._offset(text, starts, change.range.start)
        end = max(self._offset(text, starts, change.range.end), start)
        self._source = text[:start] + change.text + text[end:]

    def character(self, position: types.Position) -> tuple[int, int]:
        """Line and column in characters, both counted from 1, for a client's position."""
        lines = self.split
        text = lines[position.line] if position.line < len(lines) else ""
        return position.line + 1, self.columns.characters(text, position.character) + 1

    def _offset(self, text: str, starts: list[int], position: types.Position) -> int:
        if position.line >= len(starts):
            return len(text)
        start = starts[position.line]
        end = starts[position.line + 1] if position.line + 1 < len(starts) else len(text)
        line = text[start:end].rstrip("\r\n")
        return start + self.columns.characters(line, position.character)


class Documents(Workspace):
    """The document store of pygls, with our :class:`Document` in it."""

    @classmethod
    def like(cls, other: Workspace) -> Documents:
        """An empty store with the folders and the encoding of ``other``."""
        return cls(
            other.root_uri,
            workspace_folders=list(other.folders.values()),
            position_encoding=other.position_encoding,
        )

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> Document:
        columns = Columns(self.position_encoding)
        return Document(doc_uri, source or "", version, language_id, columns)

    @property
    def files(self) -> list[Document]:
        """The open documents that are not notebook cells."""
        return [
            document
            for document in self.text_documents.values()
            if isinstance(document, Document)
            and self.get_notebook_document(cell_uri=document.uri) is None
        ]

    def opened(self, uri: str) -> Document | None:
        """The open document or notebook cell with this ``uri``."""
        found = self.text_documents.get(unquote(uri))
        return found if isinstance(found, Document) else None
