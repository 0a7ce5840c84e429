"""The lines of the files that findings lie in, for code frames and suppressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bnlint.findings import Edit, Location
from bnlint.project.files.targets import is_notebook
from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bnlint.readers.source.parsing.notebook import Notebook


# The real limit on the size was checked earlier, before anything was found in the file.
_MOST_BYTES: Final = 1_000_000_000


class Texts:
    """Reads files again when one of their lines is needed; keeps what it read.

    Args:
        buffers: by name as printed, the bytes of files that differ from the disk (stdin).
    """

    def __init__(self, buffers: dict[str, bytes] | None = None) -> None:
        self._buffers = buffers or {}
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self._notebooks: dict[str, Notebook | None] = {}

    def lines(self, filename: str) -> list[str]:
        """The lines of a file without their ends; empty if it can't be read any more."""
        found = self._lines.get(filename)
        if found is None:
            from bnlint.readers.source.parsing.text import split_lines

            text = self.text(filename)
            found = self._lines[filename] = split_lines(text) if text else []
        return found

    def text(self, filename: str) -> str:
        """The text of a file, without its byte order mark; empty if it can't be read any more."""
        found = self._texts.get(filename)
        if found is None:
            found = self._texts[filename] = self._read(filename)
        return found

    def line(self, place: Location) -> str | None:
        """The line that a place starts on; ``None`` where its file or cell has no such line."""
        if not place.in_text:
            return None
        if place.cell is None:
            lines: Sequence[str] = self.lines(place.filename)
        else:
            lines = self.cells(place.filename).get(place.cell, ())
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None

    def cells(self, filename: str) -> dict[int, tuple[str, ...]]:
        """The lines of a notebook's Python cells, by number; empty if it can't be read any more."""
        notebook = self.notebook(filename)
        return notebook.cell_lines if notebook is not None else {}

    def blocks(self, filename: str) -> list[tuple[int | None, Sequence[str]]]:
        """The lines of a file; for a notebook, those of each Python cell, with magics masked."""
        if not is_notebook(filename):
            return [(None, self.lines(filename))]
        notebook = self.notebook(filename)
        return [(cell.number, cell.code) for cell in notebook.cells] if notebook else []

    def in_file(self, place: Location) -> Location:
        """The same place in lines of the whole file, for tools that do not know cells."""
        if place.cell is None:
            return place
        notebook = self.notebook(place.filename)
        return notebook.in_file(place) if notebook is not None else Location(place.filename)

    def edit_in_file(self, edit: Edit) -> Edit | None:
        """An edit in lines of the whole file; ``None`` if it can't be expressed that way."""
        if edit.location.cell is None:
            return edit
        notebook = self.notebook(edit.location.filename)
        return notebook.file_edit(edit) if notebook is not None else None

    def notebook(self, filename: str) -> Notebook | None:
        """The notebook of that name; ``None`` if it can't be read any more, or is none."""
        from bnlint.readers.source.parsing.notebook import NotANotebook, Notebook

        if filename not in self._notebooks:
            try:
                self._notebooks[filename] = Notebook(filename, self._bytes(filename) or b"")
            except NotANotebook:
                self._notebooks[filename] = None
        return self._notebooks[filename]

    def _bytes(self, filename: str) -> bytes | None:
        data = self._buffers.get(filename)
        if data is not None:
            return data
        try:
            return regular_files.read(filename, _MOST_BYTES)
        except OSError:
            return None

    def _read(self, filename: str) -> str:
        from bnlint.readers.source.parsing.text import Undecodable, decode

        data = self._bytes(filename)
        if data is None:
            return ""
        try:
            return decode(data)
        except Undecodable:
            return data.decode("utf-8", "replace")
