"""Which files of a run import which other files, found from their import statements only.

The reader's own record of imports would be more exact. But a process reads a shared import only
once, so the importer on record would depend on the order of the files.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from bnlint.project.files import prefilter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bnlint.project.files.source_lines import Texts


class _Import(NamedTuple):
    """What an import names.

    Attributes:
        importer: the path of the file it stands in.
        path: of the module, or of a name in one as if it were a file in a folder; without suffix.
        is_absolute: it begins at the root of the file system; otherwise it may begin anywhere.
    """

    importer: str
    path: str
    is_absolute: bool


class Importers:
    """The files of a run, by what they import.

    Args:
        names: of the files.
        texts: their source.
    """

    def __init__(self, names: Iterable[str], texts: Texts) -> None:
        self._names = {os.path.abspath(name): name for name in names}
        self._texts = texts
        self._by_last: dict[str, list[_Import]] = {}
        self._within: dict[str, list[_Import]] = {}
        self._gathered: set[str] = set()

    def of(self, name: str) -> list[str]:
        """The files that import the file called ``name``, or one of its names through a package
        around it that re-exports the name.
        """
        if not self._gathered:
            for path, each in self._names.items():
                self._gather(path, each)
        modules = [prefilter.module_path(os.path.abspath(name))]
        for module in modules:  # the list grows during the loop
            folder = os.path.dirname(module)
            while os.path.isfile(package := os.path.join(folder, "__init__.py")):
                modules += self._handed_on(package, module).difference(modules)
                folder = os.path.dirname(folder)
        importers = {i.importer for module in modules for i in self._naming(module)}
        return [self._names[path] for path in sorted(importers) if path in self._names]

    def _handed_on(self, package: str, module: str) -> set[str]:
        """What a package re-exports of a module, or of a name in one, as paths."""
        name = self._names.get(package, package)
        self._gather(package, name)  # it may not be a file of the run
        folder = os.path.dirname(package)
        same = [each.path for each in self._naming(module) if each.importer == package]
        within = [each.path for each in self._naming_in(module) if each.importer == package]
        names = {os.path.join(folder, os.path.basename(path)) for path in (*same, *within)}
        if same and "import *" in self._texts.text(name):
            names.add(folder)  # it names nothing
        return names

    def _naming(self, module: str) -> Iterator[_Import]:
        """The imports of a module."""
        for each in self._by_last.get(os.path.basename(module), ()):
            if _is(module, each.path, each.is_absolute):
                yield each

    def _naming_in(self, module: str) -> Iterator[_Import]:
        """The imports of names in a module."""
        for each in self._within.get(os.path.basename(module), ()):
            if _is(module, os.path.dirname(each.path), each.is_absolute):
                yield each

    def _gather(self, path: str, name: str) -> None:
        if path in self._gathered:
            return
        self._gathered.add(path)
        data = self._texts.text(name).encode("utf-8", "replace")
        for imported, is_absolute in prefilter.imported_paths(path, data):
            each = _Import(path, imported, is_absolute)
            module, last = os.path.split(imported)
            self._by_last.setdefault(last, []).append(each)
            self._within.setdefault(os.path.basename(module), []).append(each)


def _is(module: str, path: str, is_absolute: bool) -> bool:
    return path == module if is_absolute else module.endswith(os.sep + path)
