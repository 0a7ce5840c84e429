"""Jupyter notebooks: from JSON to one program, and from edits of the program back to the JSON.

The JSON is walked once, with the standard library's scanner for all that is skipped, so that the
place of every piece of source in the file is known: an edit replaces characters inside a JSON
string and leaves every other byte of the file alone.

Reference: https://nbformat.readthedocs.io/en/latest/format_description.html (formats 3 and 4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bnlint.findings import Edit, Location
from bnlint.readers.source.parsing import broken
from bnlint.readers.source.parsing.cells import CellLines, Placed
from bnlint.readers.source.parsing.magics import mask_cell
from bnlint.readers.source.parsing.text import split_lines

_BOM: Final = "\ufeff"
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PYTHON: Final = re.compile(r"python|pyspark", re.IGNORECASE)
# One character of a JSON string as it is written: a pair of escapes may stand for one.
_WRITTEN: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


_MOST_PRINTED: Final = 20_000  # characters of what a cell printed that are kept


class NotANotebook(ValueError):  # noqa: N818
    """The file is no notebook. ``str()`` is one line for a person.

    Attributes:
        line: where reading stopped, from 1.
        column: likewise, in characters.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"not a notebook: {message}")
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class _Piece:
    """A JSON string that holds source: where it stands in the file, quotes included."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell that holds Python.

    Attributes:
        number: from 1, over all cells of the notebook, as ruff counts.
        lines: its source.
        code: the same with magics masked.
        is_list: its source is a list of strings, a line each.
        pieces: the JSON strings of its source.
    """

    number: int
    lines: tuple[str, ...]
    code: tuple[str, ...]
    is_list: bool
    pieces: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A code cell, and what it printed when it last ran.

    Attributes:
        number: from 1, over all cells.
        source: as it is written.
        printed: on its standard output, and as its result; empty where that was not saved.
    """

    number: int
    source: str
    printed: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that does not parse, and the first reason."""

    location: Location
    message: str


class Notebook:
    """A notebook as one program.

    Args:
        filename: as it is named in locations.
        data: the bytes of the file.

    Raises:
        NotANotebook: the bytes are not UTF-8, not JSON, or hold no cells.

    Attributes:
        is_python: whether its kernel runs Python; there are no cells otherwise.
        cells: its Python cells, in order.
    """

    def __init__(self, filename: str, data: bytes) -> None:
        self.filename = filename
        self._json = _decoded(data)
        self._cells_json, metadata = _walk(self._json)
        self.is_python = _runs_python(metadata)
        self.cells = list(self._python_cells()) if self.is_python else []

    def _python_cells(self) -> Iterator[Cell]:
        for number, cell in enumerate(self._cells_json, 1):
            if not cell.is_python:
                continue
            lines = split_lines("".join(piece.text for piece in cell.pieces))
            code = mask_cell(lines)
            if code is not None:
                yield Cell(number, tuple(lines), tuple(code), cell.is_list, cell.pieces)

    @property
    def runs(self) -> Iterator[Run]:
        """Its code cells, of any language, with what they printed."""
        for number, cell in enumerate(self._cells_json, 1):
            if cell.kind == "code":
                source = "".join(piece.text for piece in cell.pieces)
                yield Run(number, source, cell.printed)

    @cached_property
    def _programs(self) -> tuple[list[Placed], list[Broken]]:
        """What is read of each cell, and the cells that do not parse."""
        placed, problems = [], []
        for cell in self.cells:
            margin = _margin(cell.code)
            code = [line.removeprefix(margin) for line in cell.code]
            if any("\0" in line for line in code):
                where = Location(self.filename, 1, 1, 1, 1, cell.number)
                problems.append(Broken(where, "a NUL character, which no Python source holds"))
                continue
            parsed = broken.parse(code)
            numbered = enumerate(cell.code, 1)
            flush = frozenset(number for number, line in numbered if not line.startswith(margin))
            part = Placed(cell.number, tuple(parsed.lines), len(margin), flush)
            placed.append(part)
            for problem in parsed.problems[:1]:
                where = Location(
                    self.filename,
                    problem.line,
                    problem.column + part.margin_of(problem.line),
                    problem.end_line,
                    problem.end_column + part.margin_of(problem.end_line),
                    cell.number,
                )
                problems.append(Broken(where, problem.message))
        return placed, problems

    @property
    def problems(self) -> list[Broken]:
        """The cells that do not parse: one for each."""
        return self._programs[1]

    @property
    def program(self) -> str:
        """All cells as one module: what is not Python and what does not parse is masked."""
        return "\n".join(line for cell in self._programs[0] for line in cell.lines)

    @property
    def program_lines(self) -> CellLines:
        """The lines of :attr:`program`, which know the cells they are from."""
        return CellLines(self._programs[0])

    @property
    def cell_lines(self) -> dict[int, tuple[str, ...]]:
        """The lines of each cell by its number, as they are written."""
        return {cell.number: cell.lines for cell in self.cells}

    def in_file(self, location: Location) -> Location:
        """The range of the file, the JSON, that a range of a cell stands in; no cell any more."""
        cell = next((cell for cell in self.cells if cell.number == location.cell), None)
        if cell is None or not cell.pieces:
            return Location(self.filename)
        starts = [*_line_starts(cell), sum(len(piece.text) for piece in cell.pieces)]
        start = starts[min(location.line, len(starts)) - 1] + location.column - 1
        end = starts[min(location.end_line, len(starts)) - 1] + location.end_column - 1
        line, column = self._place(_offset(self._json, cell, start))
        end_line, end_column = self._place(_offset(self._json, cell, max(start, end), ends=True))
        return Location(self.filename, line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column of the file, from 1."""
        before = self._json.rfind("\n", 0, offset)
        mark = self._json.startswith(_BOM) and before < 0
        return self._json.count("\n", 0, offset) + 1, offset - before - mark

    def file_edit(self, edit: Edit) -> Edit | None:
        """The same edit of the file's text; ``None`` where it is more than one JSON string's."""
        where = edit.location
        if where.line != where.end_line or "\n" in edit.content:
            return None
        return Edit(self.in_file(where), _escaped(edit.content, self._json))

    def with_source_edits(self, edits: Iterable[Edit]) -> bytes:
        """The bytes of the file with ``edits`` made in the sources of its cells.

        Every byte outside of the edited characters stays, except that a source that is a list of
        lines stays one: an inserted line becomes a string of its own.

        Args:
            edits: must not overlap; their locations name cells.

        Raises:
            ValueError: an edit lies in no Python cell.
        """
        by_cell: dict[int, list[Edit]] = {}
        for edit in edits:
            by_cell.setdefault(edit.location.cell or 0, []).append(edit)
        pieces: list[str] = []
        done = 0
        for cell in self.cells:
            wanted = by_cell.pop(cell.number, None)
            if wanted is None:
                continue
            start, end, text = _edited(self._json, cell, wanted)
            pieces += [self._json[done:start], text]
            done = end
        if by_cell:
            raise ValueError(f"{self.filename} has no Python cell {min(by_cell)}")
        return "".join([*pieces, self._json[done:]]).encode("utf-8")


# Reading the JSON


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotANotebook(f"byte 0x{data[error.start]:02x} is not UTF-8", line) from None


@dataclass(slots=True)
class _JsonCell:
    """A cell as it stands in the JSON, with what decides whether it is Python."""

    kind: object = None
    language: object = "python"
    metadata: object = None
    is_list: bool = False
    pieces: tuple[_Piece, ...] = ()
    printed: str = ""

    @property
    def is_python(self) -> bool:
        language = self.language
        if isinstance(self.metadata, dict) and isinstance(self.metadata.get("vscode"), dict):
            language = self.metadata["vscode"].get("languageId", language)
        return self.kind == "code" and (
            not isinstance(language, str) or bool(_PYTHON.search(language))
        )


def _walk(text: str) -> tuple[list[_JsonCell], object]:
    """All cells of a notebook in order, and its metadata."""
    try:
        return _Walker(text).notebook()
    except json.JSONDecodeError as error:
        raise NotANotebook(f"invalid JSON: {error.msg}", error.lineno, error.colno) from None
    except (RecursionError, MemoryError):
        raise NotANotebook("its JSON is nested too deeply") from None


class _Walker:
    """Goes down to the sources of the cells; the standard library's decoder takes all the rest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = int(text.startswith(_BOM))
        # Numbers mean nothing here, and huge ones would be refused.
        self._decoder = json.JSONDecoder(parse_int=float)

    def notebook(self) -> tuple[list[_JsonCell], object]:
        cells: list[_JsonCell] | None = None
        metadata: object = None
        is_object = self._next() == "{"
        if not is_object:
            self._value()
        for key in self._members() if is_object else ():
            if key == "cells":
                cells = self._cells()
            elif key == "worksheets":
                cells = self._worksheets()
            elif key == "metadata":
                metadata = self._value()
            else:
                self._value()
        if self._next():
            raise json.JSONDecodeError("Extra data", self._text, self._at)
        if cells is None:
            raise NotANotebook("its JSON has no list of `cells`")
        return cells, metadata

    def _worksheets(self) -> list[_JsonCell] | None:
        """Format 3 has its cells in worksheets, of which nobody ever made a second."""
        if self._next() != "[":
            self._value()
            return None
        cells: list[_JsonCell] = []
        for _ in self._elements():
            if self._next() != "{":
                self._value()
                continue
            for key in self._members():
                if key == "cells":
                    cells += self._cells() or ()
                else:
                    self._value()
        return cells

    def _cells(self) -> list[_JsonCell] | None:
        if self._next() != "[":
            self._value()
            return None
        return [self._cell() for _ in self._elements()]

    def _cell(self) -> _JsonCell:
        cell = _JsonCell()
        if self._next() != "{":
            self._value()
            return cell
        for key in self._members():
            if key in ("source", "input"):
                cell.is_list = self._next() == "["
                cell.pieces = tuple(self._strings())
            elif key == "cell_type":
                cell.kind = self._value()
            elif key == "language":
                cell.language = self._value()
            elif key == "metadata":
                cell.metadata = self._value()
            elif key == "outputs":
                cell.printed = _printed(self._value())
            else:
                self._value()
        return cell

    def _strings(self) -> Iterator[_Piece]:
        """The strings of a source: one, or a list of them."""
        for _ in self._elements() if self._next() == "[" else (None,):
            if self._next() != '"':
                self._value()
                continue
            start, text = self._at, self._string()
            yield _Piece(start, self._at, text)

    # The grammar of JSON, as far as the way down goes

    def _next(self) -> str:
        """The next character that is not white; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        assert space is not None
        self._at = space.end()
        return self._text[self._at : self._at + 1]

    def _take(self, wanted: str, what: str) -> None:
        if self._next() != wanted:
            raise json.JSONDecodeError(f"expected {what}", self._text, self._at)
        self._at += 1

    def _value(self) -> object:
        self._next()
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def _string(self) -> str:
        value = self._value()
        assert isinstance(value, str)
        return value

    def _members(self) -> Iterator[str]:
        """The keys of an object; whoever asks takes each value before the next key."""
        self._take("{", "`{`")
        if self._next() == "}":
            self._at += 1
            return
        while True:
            if self._next() != '"':
                raise json.JSONDecodeError("expected a key", self._text, self._at)
            key = self._string()
            self._take(":", "`:`")
            yield key
            if self._next() == "}":
                break
            self._take(",", "`,` or `}`")
        self._at += 1

    def _elements(self) -> Iterator[None]:
        """Once for each element of a list; whoever asks takes it before the next."""
        self._take("[", "`[`")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._next() == "]":
                break
            self._take(",", "`,` or `]`")
        self._at += 1


def _printed(outputs: object) -> str:
    """The text on the standard output among ``outputs``, and that of the result."""
    texts: list[str] = []
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict) or output.get("name") == "stderr":
            continue
        data = output.get("data")
        text = output.get("text", data.get("text/plain") if isinstance(data, dict) else None)
        lines = text if isinstance(text, list) else [text]
        texts += [line for line in lines if isinstance(line, str)]
    return "".join(texts)[:_MOST_PRINTED]


def _runs_python(metadata: object) -> bool:
    """Whether the kernel is Python's; it is where nothing says otherwise."""
    if not isinstance(metadata, dict):
        return True
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        table = metadata.get(section)
        name = table.get(key) if isinstance(table, dict) else None
        if isinstance(name, str) and name:
            return bool(_PYTHON.search(name))
    return True


def _margin(lines: Iterable[str]) -> str:
    """The indentation of the first line of code, which IPython takes from all lines with it."""
    for line in lines:
        code = line.lstrip(" \t")
        if code and not code.startswith("#"):
            return line[: len(line) - len(code)]
    return ""


# Writing it


def _edited(text: str, cell: Cell, edits: list[Edit]) -> tuple[int, int, str]:
    """A range of the file around the strings of a source that ``edits`` change, and its text."""
    # Each character of the source as it is written, and where a string of the list ends.
    written: list[str] = []
    ends: set[int] = set()
    for piece in cell.pieces:
        ends.add(len(written))
        written += _WRITTEN.findall(text, piece.start + 1, piece.end - 1)
    starts = _line_starts(cell)
    strings: list[str] = []
    current: list[str] = []
    done = 0

    def keep(stop: int) -> None:
        nonlocal done
        for index in range(done, stop):
            if index in ends:
                finish(is_whole=index > done)
            current.append(written[index])
        if stop in ends:
            finish(is_whole=stop > done)
        done = stop

    def finish(*, is_whole: bool) -> None:
        # What is left of a string whose line end was taken goes on with the next one.
        if current and (is_whole or current[-1].endswith("\\n")):
            strings.append("".join(current))
            current.clear()

    for edit in sorted(edits, key=lambda edit: (edit.location.line, edit.location.column)):
        where = edit.location
        start = starts[where.line - 1] + where.column - 1
        end = starts[where.end_line - 1] + where.end_column - 1
        if not done <= start <= end <= len(written):
            raise ValueError(f"an edit at {where} overlaps another, or lies outside of its cell")
        keep(start)
        for line in _LINE.findall(edit.content) if cell.is_list else [edit.content]:
            current.append(_escaped(line, text))
            if cell.is_list and line.endswith("\n"):
                finish(is_whole=True)
        done = end
    keep(len(written))
    if current or not cell.is_list:
        strings.append("".join(current))
    return _laid_out(text, cell.pieces, [f'"{string}"' for string in strings])


def _escaped(text: str, file: str) -> str:
    """``text`` inside of a JSON string; only ASCII where the file has escapes instead of more."""
    is_ascii = file.isascii() and "\\u" in file
    return json.dumps(text, ensure_ascii=is_ascii)[1:-1]


def _laid_out(text: str, pieces: tuple[_Piece, ...], strings: list[str]) -> tuple[int, int, str]:
    """The range of the file around the strings that differ, and those in their place."""
    old = [text[piece.start : piece.end] for piece in pieces]
    shorter = min(len(old), len(strings))
    head = next((i for i in range(shorter) if old[i] != strings[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != strings[-1 - i]), rest)
    between = text[pieces[0].end : pieces[1].start] if len(pieces) > 1 else ", "
    new = between.join(strings[head : len(strings) - tail])
    last = len(old) - tail - 1  # the last one that goes; none does where it is before `head`
    if last < head:
        start = pieces[head - 1].end if head else pieces[0].start
        if new:
            new = between + new if head else new + between
        return start, start, new
    if not new and head:
        return pieces[head - 1].end, pieces[last].end, ""
    if not new and tail:
        return pieces[0].start, pieces[last + 1].start, ""
    return pieces[head].start, pieces[last].end, new


def _offset(text: str, cell: Cell, index: int, *, ends: bool = False) -> int:
    """Where a character of a source is written in the file; with ``ends``, where one ends."""
    for piece in cell.pieces:
        if index < len(piece.text) + ends or piece is cell.pieces[-1]:
            written = _WRITTEN.findall(text, piece.start + 1, piece.end - 1)
            return piece.start + 1 + sum(map(len, written[:index]))
        index -= len(piece.text)
    return cell.pieces[0].start


def _line_starts(cell: Cell) -> list[int]:
    """Where each line of a cell starts in its source."""
    source = "".join(piece.text for piece in cell.pieces)
    return [0, *(found.end() for found in _LINE_END.finditer(source))]
