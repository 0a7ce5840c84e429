"""The lines of the files that findings lie in, for code frames and suppressions."""

from __future__ import annotations

import os

from bnlint.source.text import Undecodable, decode, split_lines


class Texts:
    """Reads files again when a line of theirs is wanted; keeps what it read.

    Args:
        buffers: by name as printed, the bytes of files that are not as on the disk (stdin).
    """

    def __init__(self, buffers: dict[str, bytes] | None = None) -> None:
        self._buffers = buffers or {}
        self._lines: dict[str, list[str]] = {}

    def lines(self, filename: str) -> list[str]:
        """The lines of a file without their ends; none if it can't be read any more."""
        found = self._lines.get(filename)
        if found is None:
            found = self._lines[filename] = self._read(filename)
        return found

    def line(self, filename: str, number: int) -> str | None:
        """Line ``number``, from 1; ``None`` where the file has none."""
        lines = self.lines(filename)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def _read(self, filename: str) -> list[str]:
        data = self._buffers.get(filename)
        if data is None:
            try:
                if not os.path.isfile(filename):
                    return []
                with open(filename, "rb") as file:
                    data = file.read()
            except OSError:
                return []
        try:
            return split_lines(decode(data))
        except Undecodable:
            return split_lines(data.decode("utf-8", "replace"))
