"""Which files are read for the named files: these, and files that may change their answer."""

from __future__ import annotations

import os
from functools import partial

from bnlint.project import candidates
from bnlint.project.candidates import Scan
from bnlint.project.files.targets import Discovery, SourceFile
from bnlint.project.index.project_index import ProjectIndex
from bnlint.project.index.roots import Roots
from bnlint.readers.source.locating import Standing
from bnlint.settings import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bnlint.project.cache import Cache
    from bnlint.project.index.roots import Root
    from bnlint.settings import SettingsFinder

_MOST_FILES = 20_000
_MOST_FILES_OF_A_GUESS = 4_000


class Plan:
    """What a run has to read.

    Attributes:
        scans: of the files that were named and belong to a project.
        wanted: the files to be read, named or not.
        alone: the named files that belong to no project, or that their project leaves out.
        failures: ``(name, message)`` of named files that can't be read.
        indexes: of the projects, by their folders.
    """

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self.wanted: list[Scan] = []
        self.alone: list[SourceFile] = []
        self.failures: list[tuple[str, str]] = []
        self.indexes: dict[str, ProjectIndex] = {}

    def importers_of(self, path: str) -> set[str]:
        """The files that import one of the projects' files."""
        return {
            importer
            for index in self.indexes.values()
            if path in index.paths
            for importer in index.importers_of(path)
        }

    def beside(self, path: str, cache: Cache) -> tuple[Scan | None, list[Scan]]:
        """A project file that was not named, and what has to be read for it."""
        for index in self.indexes.values():
            if path in index.paths:
                return index.scan(path), _to_read(index, {path}, cache)
        return None, []


def plan(
    finder: SettingsFinder,
    named: Iterable[SourceFile],
    cache: Cache,
    around: Iterable[str],
    buffers: Mapping[str, bytes],
) -> Plan:
    """Find the projects of the named files, and which of their files to read.

    Args:
        finder: of the settings.
        named: the files to report on.
        cache: what is known of the projects' files.
        around: see :class:`Roots`.
        buffers: by absolute path, the bytes of other files where they differ from the disk.
    """
    found = Plan()
    roots = Roots(finder, around)
    by_root: dict[str, list[SourceFile]] = {}
    for file in named:
        root = roots.of(os.path.dirname(file.path))
        if root is None:
            found.alone.append(file)
        else:
            by_root.setdefault(root.folder, []).append(file)
    for folder in sorted(by_root):
        files = by_root[folder]
        root = roots.of(os.path.dirname(files[0].path))
        assert root is not None
        inside = _files_of(root, roots, finder)
        if inside is None:
            found.alone += files
        else:
            _plan_project(found, root, files, inside, cache, buffers)
    return found


def _files_of(root: Root, roots: Roots, finder: SettingsFinder) -> dict[str, SourceFile] | None:
    """All files of a project by path; ``None`` where it is too large to be one."""

    def is_ours(folder: str) -> bool:
        inner = roots.of(folder)
        return inner is None or not inner.is_certain or inner.folder == root.folder

    discovery = Discovery(finder)
    most = _MOST_FILES if root.is_certain else _MOST_FILES_OF_A_GUESS
    try:
        is_whole = discovery.add_project(root.folder, is_ours, most)
    except SettingsError:  # in a settings file somewhere in the project, which nobody named
        return None
    return {file.path: file for file in discovery.files} if is_whole else None


def _plan_project(
    found: Plan,
    root: Root,
    named: list[SourceFile],
    inside: dict[str, SourceFile],
    cache: Cache,
    buffers: Mapping[str, bytes],
) -> None:
    names = {file.path for file in named if file.path in inside}
    found.alone += [file for file in named if file.path not in inside]
    for file in named:
        if file.path in names:
            inside[file.path] = file  # its bytes may differ from those on the disk
    for path, data in buffers.items():
        if path in inside and path not in names:
            inside[path].data = data
    scans, failures = candidates.scan_project(inside.values(), cache)
    shown = {file.name for file in named}
    found.failures += [failure for failure in failures if failure[0] in shown]
    index = ProjectIndex(root, scans, partial(candidates.keep, cache=cache))
    found.indexes[root.folder] = index
    found.scans += [scan for scan in scans if scan.file.path in names]
    building = index.building.names
    for scan in scans:
        names_that_build = tuple(sorted(building.get(scan.file.path, ())))
        scan.standing = Standing(root.folder, index.sources, names_that_build)
    found.wanted += _to_read(index, names, cache)


def _to_read(index: ProjectIndex, paths: set[str], cache: Cache) -> list[Scan]:
    """The files that have to be read for some files of a project."""
    worth_reading = index.candidates()
    if worth_reading <= paths:
        wanted = worth_reading
    else:
        wanted = worth_reading & (paths | index.readers_of(paths))
    scans = [index.scan(path) for path in sorted(wanted)]
    for scan in scans:
        _forget_if_moved(scan)
        candidates.keep(scan, cache)
    return scans


def _forget_if_moved(scan: Scan) -> None:
    """Drop the reader's answer if the file's standing in its project has changed since."""
    key = scan.standing.key
    if scan.entry.builders != key:
        scan.entry.builders = key
        scan.entry.result = ""
        scan.is_new = True
