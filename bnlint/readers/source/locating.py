"""Which file of a project an import means, inferred from the names in its folders."""

from __future__ import annotations

import os
import sys

from bnlint.settings.reach import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUNDARIES = (".git", "pyproject.toml", "setup.py", "setup.cfg", ".hg")
_MOST_PARENTS = 8
_SOURCE = "src"


class Standing:
    """Where a file stands in its project: what its imports mean, and which of them matter.

    Attributes:
        root: the folder of the project; ``None`` where it is read by itself.
        sources: the folders that absolute imports may start from, besides those around the file.
        building: what it imports that may build a BatchNormalization, as it calls it, with dots;
            ``None`` where the reader is to find out.
    """

    __slots__ = ("building", "root", "sources")

    def __init__(
        self,
        root: str | None = None,
        sources: tuple[str, ...] = (),
        building: tuple[str, ...] | None = None,
    ) -> None:
        self.root = root
        self.sources = sources
        self.building = building

    @property
    def key(self) -> str:
        """Changes with what the reader's answer depends on here."""
        import hashlib

        said = repr((self.root, self.sources, self.building)).encode("utf-8", "replace")
        return hashlib.sha256(said).hexdigest()[:32]


ALONE = Standing()


class Locator:
    """Finds the files that imports mean.

    Args:
        root: the folder of the project, above which nothing is looked for; ``None`` where the
            importing file is outside of any, and its parents are searched up to something that
            looks like the root of one.
        sources: other folders that absolute imports may start from.
    """

    def __init__(self, root: str | None = None, sources: tuple[str, ...] = ()) -> None:
        self.root = root
        self._sources = sources
        self._roots: dict[str, tuple[str, ...]] = {}
        self._files: dict[str, str | None] = {}
        self._real_folders: dict[str, str] = {}
        self._tops: dict[str, bool] = {}
        self._listings: dict[str, frozenset[str]] = {}
        self._located: dict[tuple[str, int, str], tuple[str | None, tuple[str, ...]]] = {}

    def locate(self, folder: str, level: int, dotted: str) -> tuple[str | None, tuple[str, ...]]:
        """The file that an import means in a file of ``folder``; and the paths at which a file that
        appears later would change that.

        Args:
            folder: of the file that imports.
            level: the leading dots of a relative import.
            dotted: the module's name after the dots; may be empty in a relative import.
        """
        key = (folder, level, dotted)
        known = self._located.get(key)
        if known is None:
            missing: list[str] = []
            found = self._locate(*key, missing)
            if found is not None and self._leads_out(found, folder):
                found = None
            known = self._located[key] = (found, tuple(missing))
        return known

    def _locate(self, folder: str, level: int, dotted: str, missing: list[str]) -> str | None:
        relative = dotted.replace(".", os.sep)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._file_of(os.path.join(folder, relative) if relative else folder)
        top = dotted.partition(".")[0]
        if top in sys.stdlib_module_names:
            return None
        for root in self.search_roots(folder):
            if self._exists(os.path.join(root, top)):
                found = self._file_of(os.path.join(root, relative))
                if found is not None:
                    return found
            else:
                missing.append(os.path.join(root, top) + ".py")
        others = {self._file_of(os.path.join(source, relative)) for source in self._sources}
        others.discard(None)
        return others.pop() if len(others) == 1 else None

    def _leads_out(self, path: str, importer: str) -> bool:
        """Whether a module lies outside of the project, which it may by a link or by many dots.

        Args:
            path: of its file.
            importer: the folder of the file that imports it.
        """
        top = self.root or min(self.search_roots(importer), key=len)
        if not home.is_inside(path, top):
            return True
        folder = os.path.dirname(path)
        real = self._real_folders.get(folder)
        if real is None:
            real = self._real_folders[folder] = os.path.realpath(folder)
        if real == folder and not os.path.islink(path):
            return False
        return home.leads_out(path, top)

    def search_roots(self, folder: str) -> tuple[str, ...]:
        """Where the absolute imports of a file in ``folder`` start."""
        roots = self._roots.get(folder)
        if roots is None:
            found = self._up_to_root(folder) if self.root is not None else _search_roots(folder)
            roots = self._roots[folder] = tuple(dict.fromkeys(found))
        return roots

    def _up_to_root(self, folder: str) -> Iterator[str]:
        assert self.root is not None
        parents = [folder]
        while parents[-1] != self.root and len(parents[-1]) > len(self.root):
            parents.append(os.path.dirname(parents[-1]))
        yield from parents
        for parent in parents:
            if _SOURCE in self._names_in(parent):
                yield os.path.join(parent, _SOURCE)

    def is_folder(self, folder: str, dotted: str) -> bool:
        """Whether ``dotted`` is a folder that a file in ``folder`` may import, package or not."""
        relative = dotted.replace(".", os.sep)
        return dotted.partition(".")[0] not in sys.stdlib_module_names and any(
            os.path.isdir(os.path.join(root, relative)) for root in self.search_roots(folder)
        )

    def _file_of(self, path: str) -> str | None:
        """The file of a module or package."""
        known = self._files.get(path, "")
        if known == "":
            folder, name = os.path.split(path)
            candidates = []
            if f"{name}.py" in self._names_in(folder):
                candidates.append(f"{path}.py")
            if name in self._names_in(folder) and "__init__.py" in self._names_in(path):
                candidates.append(os.path.join(path, "__init__.py"))
            known = self._files[path] = next(filter(os.path.isfile, candidates), None)
        return known

    def _names_in(self, folder: str) -> frozenset[str]:
        """What a folder holds: one listing is cheaper than a look at each file that may be."""
        names = self._listings.get(folder)
        if names is None:
            try:
                names = frozenset(os.listdir(folder or "."))
            except OSError:
                names = frozenset()
            self._listings[folder] = names
        return names

    def _exists(self, path: str) -> bool:
        known = self._tops.get(path)
        if known is None:
            folder, name = os.path.split(path)
            names = self._names_in(folder)
            known = self._tops[path] = (name in names and os.path.isdir(path)) or (
                f"{name}.py" in names and os.path.isfile(f"{path}.py")
            )
        return known


def _search_roots(folder: str) -> Iterator[str]:
    """Where an absolute import may start: the file's folder and its parents up to the project."""
    current = folder
    for _ in range(_MOST_PARENTS):
        yield current
        parent = os.path.dirname(current)
        if parent == current or os.path.basename(current) in ("site-packages", "dist-packages"):
            break
        if any(os.path.exists(os.path.join(current, mark)) for mark in _BOUNDARIES):
            source = os.path.join(current, _SOURCE)
            if os.path.isdir(source):
                yield source
            break
        current = parent
