"""The modules of the linted project, found on disk and read when a name of theirs is used."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bnlint.findings import Location
from bnlint.readers.source.locating import Locator
from bnlint.readers.source.parsing.import_lines import ImportLine, import_lines
from bnlint.readers.source.parsing.outline import Outline, TopLevel, outline
from bnlint.readers.source.parsing.program import Span
from bnlint.readers.source.parsing.text import Lines, Undecodable, decode
from bnlint.settings.reach import home, regular_files

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.values import Value
    from bnlint.readers.source.worlds.builders import Building

_MOST_LOOKED_AT = 2_000
_MOST_BYTES_OF_ONE = 1_000_000
# Modules stay in memory for the files that are read next; this bounds how much.
_MOST_BYTES_KEPT = 1_500_000
# Larger modules without any of these words hold nothing that the reader could use.
_WORTH_READING = re.compile(r"keras|tensorflow|atch_?[nN]orm|layers|Conv|Dense")
_SMALL = 20_000
# Larger ones that build no BatchNormalization are libraries of their own, not somebody's blocks.
_LARGE = 50_000
_GLOBALS = re.compile(r"^[ \t]+global[ \t]+(.+)$", re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*")
_ASKS_VERSIONS = re.compile(r"__version__|\bVERSION\b|\bversion\(|\bhasattr\(")


class Module:
    """One file of the project.

    Attributes:
        filename: its name in findings.
        path: absolute; where imports are followed from.
        text: its source.
        lines: its lines; what knows where a span of the program lies in the file.
        shared: globals that were evaluated once and are the same in every world, each with the
            paths that were looked at for it.
        building: the globals that can build a BatchNormalization, once that was asked.
        names_that_build: the same inferred from the text, where the module is only imported, by the
            number of imports that were followed.
        relevant: the top-level statements that can.
        asks_versions: it may ask which Keras or TensorFlow it runs with.
    """

    def __init__(self, filename: str, path: str, text: str, lines: Lines | None = None) -> None:
        self.filename = filename
        self.path = path
        self.text = text
        self.shared: dict[str, tuple[Value, tuple[str, ...]]] = {}
        self.building: Building | None = None
        self.names_that_build: dict[int, frozenset[str]] = {}
        self.relevant: set[TopLevel] = set()
        self._imports: list[ImportLine] | None = None
        self._imported_tops: frozenset[str] | None = None
        self._outline: Outline | None = None
        self._lines = lines
        self._binders: dict[str, list[TopLevel]] | None = None
        self._rebound: frozenset[str] | None = None
        self._read_attributes: frozenset[str] | None = None
        self._locations: dict[Span, Location] = {}
        self.asks_versions = _ASKS_VERSIONS.search(text) is not None

    @property
    def outline(self) -> Outline:
        if self._outline is None:
            self._outline = outline(self.text)
        return self._outline

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    @property
    def imports(self) -> list[ImportLine]:
        """What it imports anywhere, inferred from its text."""
        if self._imports is None:
            self._imports = list(import_lines(self.text))
        return self._imports

    @property
    def imported_tops(self) -> frozenset[str]:
        """The packages it imports from, the first parts of their names."""
        if self._imported_tops is None:
            self._imported_tops = frozenset(
                line.module.partition(".")[0] for line in self.imports if not line.level
            )
        return self._imported_tops

    @property
    def rebound(self) -> frozenset[str]:
        """Globals that some function of the module declares ``global``, to set them later."""
        if self._rebound is None:
            self._rebound = frozenset(
                name for names in _GLOBALS.findall(self.text) for name in _NAME.findall(names)
            )
        return self._rebound

    @property
    def binders(self) -> dict[str, list[TopLevel]]:
        """For each global name, the top-level statements that bind it, in order."""
        if self._binders is None:
            self._binders = {}
            for statement in self.outline.statements:
                for name in statement.binds:
                    self._binders.setdefault(name, []).append(statement)
        return self._binders

    def location(self, span: Span) -> Location:
        """Where ``span`` lies, in Unicode characters."""
        found = self._locations.get(span)
        if found is None:
            found = self._locations[span] = self.lines.location(self.filename, span)
        return found

    def line_location(self, line: int) -> Location:
        return self.location((line, 0, line, 0))

    def reads_attribute(self, name: str) -> bool:
        """Whether the program reads an attribute of that name anywhere, other than to fill it."""
        if self._read_attributes is None:
            self._read_attributes = self.outline.attributes_read()
        return name in self._read_attributes

    def dispose(self) -> None:
        """Part what refers to itself, for the paused garbage collector."""
        if self._outline is not None:
            self._outline.release()
            self._outline.statements.clear()
        self.shared.clear()
        self.relevant.clear()
        self._binders = None

    def __repr__(self) -> str:
        return f"<module {self.filename}>"


class Project:
    """Finds project modules by import path, from the place of the importing file.

    One instance serves all the files that a process reads. ``looked_at`` gathers the paths that
    the reading of one file depended on. ``builders`` keeps, for a file, behind how few imports it
    is known to construct a BatchNormalization and behind how many it is known not to; ``told``
    what its text says of that.

    Args:
        buffers: by absolute path, the bytes of files that are not as on the disk.
    """

    def __init__(self, buffers: Mapping[str, bytes] | None = None) -> None:
        self._buffers = buffers or {}
        self._modules: OrderedDict[str, Module | None] = OrderedDict()
        self._kept = 0
        self._locators: dict[tuple[str | None, tuple[str, ...]], Locator] = {}
        self._locator = self._locator_of(None, ())
        self._setters: dict[str, bool] = {}
        self.builders: dict[str, tuple[int, int]] = {}
        self.told: dict[str, tuple[bool, tuple[ImportLine, ...]]] = {}
        self.looked_at: dict[str, None] = {}
        self._reading: Module | None = None
        self.folder = home.current()

    def find(self, dotted: str, importer: Module) -> Module | None:
        """The module that ``import dotted`` means in ``importer``; ``None`` outside the project."""
        path = self.locate(importer.path, 0, dotted)
        return None if path is None else self.load(path)

    def locate(self, importer: str, level: int, dotted: str) -> str | None:
        """The project file that an import means, without reading it.

        Args:
            importer: the path of the file that imports.
            level: the leading dots of a relative import.
            dotted: the module's name after the dots; may be empty in a relative import.
        """
        path, missing = self._locator.locate(os.path.dirname(importer), level, dotted)
        # A file that appears there later changes what the importing file means.
        for each in missing:
            self.look_at(each)
        return path

    def enter(self, root: str | None, sources: tuple[str, ...]) -> None:
        """From here on files of the project at ``root`` are read; see :class:`Locator`."""
        locator = self._locator_of(root, sources)
        if locator is not self._locator:
            self._locator = locator
            self._modules.clear()  # what their names mean was looked for elsewhere
            self._kept = 0
            self.builders.clear()

    def _locator_of(self, root: str | None, sources: tuple[str, ...]) -> Locator:
        return self._locators.setdefault((root, sources), Locator(root, sources))

    def is_package(self, dotted: str, importer: Module) -> bool:
        """Whether ``dotted`` is a folder of the project, with or without ``__init__.py``."""
        return self._locator.is_folder(os.path.dirname(importer.path), dotted)

    def relative(self, importer: Module, level: int, dotted: str) -> Module | None:
        """The module that ``from ..dotted import`` means in ``importer``."""
        path = self.locate(importer.path, level, dotted)
        return None if path is None else self.load(path)

    def look_at(self, path: str) -> None:
        """Note that the reading depends on the file at ``path``, whether or not it is there."""
        if len(self.looked_at) < _MOST_LOOKED_AT:
            self.looked_at[path] = None

    @contextmanager
    def looking(self) -> Iterator[dict[str, None]]:
        """Gives the paths that are looked at from here on, also those that were before."""
        around, self.looked_at = self.looked_at, {}
        try:
            yield self.looked_at
        finally:
            here, self.looked_at = self.looked_at, around
            for path in here:
                self.look_at(path)

    def load(self, path: str) -> Module | None:
        """The module at ``path``, to be read from; ``None`` where it can't be or isn't worth it."""
        self.look_at(path)
        return self.peek(path)

    def peek(self, path: str) -> Module | None:
        """The module at ``path``, to be searched only: what is read does not depend on it yet."""
        if path in self._modules:
            self._modules.move_to_end(path)
            return self._modules[path]
        module = self._read(path)
        self._keep(path, module)
        return module

    def main(self, filename: str, path: str, text: str, lines: Lines | None = None) -> Module:
        """The module of a file that is read for itself; other files may import it afterwards.

        Args:
            filename: as it is to be named in findings.
            path: absolute.
            text: what to read, whether or not the file on the disk says the same.
            lines: where its lines lie in the file, if not one after the other (a notebook).
        """
        known = self._modules.get(path)
        if known is not None and (known.text, known.filename, lines) != (text, filename, None):
            self._modules.pop(path)
            self._kept -= len(known.text)
            known = None
        module = known or Module(filename, path, text, lines)
        if known is None:
            # What an import of it gives must not depend on whether it was read before.
            self._keep(path, module if lines is None and _is_worth_importing(text) else None)
        if self._reading is not None and self._reading is not module:
            self._reading.building = None
            self._reading.relevant.clear()
        self._reading = module
        return module

    def _keep(self, path: str, module: Module | None) -> None:
        self._modules[path] = module
        self._kept += len(module.text) if module is not None else 0

    def trim(self) -> None:
        """Drop the modules that were unused for longest, when no file is being read."""
        while self._kept > _MOST_BYTES_KEPT and len(self._modules) > 1:
            _, oldest = self._modules.popitem(last=False)
            if oldest is not None:
                self._kept -= len(oldest.text)
                oldest.dispose()

    def sets_format(self, path: str) -> bool:
        """Whether the file at ``path`` names what sets the backend's data format."""
        known = self._setters.get(path)
        if known is None:
            known = self._setters[path] = "set_image_d" in self.text_of(path)
        return known

    def text_of(self, path: str) -> str:
        """What the file says, roughly: for a search in it. Empty where it can't be read."""
        data = self._buffers.get(path)
        try:
            data = regular_files.read(path, _MOST_BYTES_OF_ONE) if data is None else data
        except (OSError, ValueError):
            return ""
        return data.decode("utf-8", "replace")

    def _read(self, path: str) -> Module | None:
        data = self._buffers.get(path)
        try:
            if data is None:
                data = regular_files.read(path, _MOST_BYTES_OF_ONE)
        except (OSError, ValueError):
            return None
        try:
            text = decode(data)
        except Undecodable:
            return None
        return Module(self.display_name(path), path, text) if _is_worth_importing(text) else None

    def display_name(self, path: str) -> str:
        """How a project file is named in findings: relative to the working directory if inside."""
        try:
            return str(Path(path).relative_to(self.folder))
        except ValueError:
            return path


def _is_worth_importing(text: str) -> bool:
    """Whether a module may hold something that the reader could use."""
    if len(text) > _LARGE:
        return "BatchNorm" in text and len(text) <= _MOST_BYTES_OF_ONE
    return len(text) <= _SMALL or _WORTH_READING.search(text) is not None
