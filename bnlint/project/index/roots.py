"""Where the project of a file begins."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from bnlint.settings import SettingsFinder

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".hg")
_MOST_PARENTS = 8
_SOURCE = "src"


class Root:
    """The folder of a project.

    Attributes:
        folder: absolute.
        is_certain: its settings or its repository show it. Otherwise it is a guess from the
            folders, it may hold anything, and the search in it is bounded.
        sources: folders that the settings name, from which imports start.
    """

    __slots__ = ("folder", "is_certain", "sources")

    def __init__(self, folder: str, *, is_certain: bool, sources: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.is_certain = is_certain
        self.sources = sources


class Roots:
    """Finds the projects of files: by their settings, by their repository, by their packages.

    Args:
        finder: of the settings.
        around: absolute folders that may be larger than the project found from the files: the
            working directory, and the folders that were named.
    """

    def __init__(self, finder: SettingsFinder, around: Iterable[str]) -> None:
        self._finder = finder
        self._around = sorted(filter(_may_be_one, set(around)), key=len)
        self._by_folder: dict[str, Root | None] = {}
        self._repositories: dict[str, str | None] = {}

    def of(self, folder: str) -> Root | None:
        """The project that the files of an absolute folder belong to, if there is one."""
        if folder not in self._by_folder:
            self._by_folder[folder] = self._find(folder)
        return self._by_folder[folder]

    def _find(self, folder: str) -> Root | None:
        settings = self._finder.for_folder(folder)
        top = settings.root if settings.is_of_file else self._repository(folder)
        if top is not None and (settings.is_of_file or _may_be_one(top)):
            return Root(top, is_certain=True, sources=settings.src)
        top = self._by_packages(folder)
        return Root(top, is_certain=False, sources=settings.src) if _may_be_one(top) else None

    def _repository(self, folder: str) -> str | None:
        if folder not in self._repositories:
            parent = os.path.dirname(folder)
            found: str | None = None
            if os.path.lexists(os.path.join(folder, ".git")):
                found = folder
            elif parent != folder:
                found = self._repository(parent)
            self._repositories[folder] = found
        return self._repositories[folder]

    def _by_packages(self, folder: str) -> str:
        """The folder above the outermost package, or one above that is marked as a project."""
        top = folder
        while os.path.isfile(os.path.join(top, "__init__.py")) and os.path.dirname(top) != top:
            top = os.path.dirname(top)
        if os.path.basename(top) == _SOURCE:
            top = os.path.dirname(top)
        wider = next((each for each in self._around if is_inside(top, each)), None)
        if wider is not None:
            return wider
        marked = top
        for _ in range(_MOST_PARENTS):
            if not _may_be_one(marked):
                break
            if any(os.path.lexists(os.path.join(marked, mark)) for mark in _MARKS):
                return marked
            marked = os.path.dirname(marked)
        return top


def is_inside(path: str, folder: str) -> bool:
    """Whether ``path`` is ``folder`` or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _may_be_one(folder: str) -> bool:
    """Whether a folder without a mark may be a project: no shared folder, no whole home folder."""
    shared = (os.path.expanduser("~"), os.environ.get("TMPDIR", "/tmp"), "/tmp", "/var/tmp")  # noqa: S108
    return os.path.dirname(folder) != folder and not any(
        is_inside(os.path.normpath(each), folder) for each in shared
    )
