"""The index of one project: its imports, the names that build a BatchNormalization, their users.

Nothing is parsed here. A file is represented by its import records (:mod:`.import_records`) and,
once a name in it may be reached, by its pieces (:mod:`.flow`); both are kept in the cache.
The index says which files *may* use a name; the reader finds out which do.
"""

from __future__ import annotations

import os

from bnlint.project.files import prefilter
from bnlint.project.index import flow
from bnlint.project.index.roots import is_inside
from bnlint.project.index.uses import Use, Uses
from bnlint.readers.source.locating import Locator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bnlint.project.candidates import Scan
    from bnlint.project.index.roots import Root

_INIT = "__init__.py"
_OWN_NAME = "BatchNormalization"  # a file that uses a class with this in its name contains the word
# Tables describe the names of these packages; for other packages, their sources are followed.
_KERAS = frozenset(
    {"keras", "tensorflow", "tf_keras", "keras_core", "keras_applications", "tf_slim"}
)
_MOST_NAMES = 200_000


class Spread:
    """The files that some names reach.

    Attributes:
        names: for each file, their names in it.
        users: the files that use one of them, and do not only pass it on.
    """

    __slots__ = ("names", "users")

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.users: set[str] = set()


class ProjectIndex:
    """What is known of the files of one project.

    Args:
        root: the root of the project.
        scans: of all its files.
        keep: called with a scan whose entry has new content for the cache.

    Attributes:
        sources: the folders that absolute imports may start from, besides those around a file.
    """

    def __init__(self, root: Root, scans: Iterable[Scan], keep: Callable[[Scan], None]) -> None:
        self.root = root
        self._keep = keep
        self._scans = {scan.file.path: scan for scan in scans}
        self.sources = (*root.sources, *sorted(self._found_sources() - set(root.sources)))
        self._locator = Locator(root.folder, self.sources)
        self._by_last_name: dict[str, list[tuple[str, str]]] | None = None
        self._uses: dict[str, Uses] = {}
        self._flows: dict[str, flow.Flow] = {}
        self._building: Spread | None = None

    @property
    def paths(self) -> Iterable[str]:
        """All its files."""
        return self._scans.keys()

    @property
    def building(self) -> Spread:
        """The files that are reached by names that construct a BatchNormalization."""
        if self._building is None:
            seeds = [
                (path, name)
                for path, scan in self._scans.items()
                if scan.entry.flags & prefilter.MENTIONS
                for piece in self._flow(path).pieces
                if piece.builds
                for name in piece.names
            ]
            self._building = self.spread(seeds)
        return self._building

    def candidates(self) -> set[str]:
        """The files that are worth reading: those that build a model with BatchNormalization, those
        that import them directly, and those that train such a model, wherever it is built.
        """
        found = {p for p, scan in self._scans.items() if scan.entry.flags & prefilter.MENTIONS}
        near = {use.path for path in found for use in self._users_of(path).all}
        near = {p for p in near if self._scans[p].entry.flags & prefilter.IMPORTS}
        far = self.building.users - found - near
        if far:
            far &= {*filter(self._trains, far), *self._training().users}
        return found | (near & self.building.users) | far

    def _training(self) -> Spread:
        """The files that are reached by names that train a model."""
        return self.spread(
            (path, name)
            for path in self._scans
            if self._trains(path)
            for piece in self._flow(path).pieces
            for name in piece.names
        )

    def _trains(self, path: str) -> bool:
        return bool(self._scans[path].entry.flags & prefilter.TRAINS)

    def readers_of(self, paths: Iterable[str]) -> set[str]:
        """The files whose reading may reach a name of one of these files."""
        seeds = [
            (path, name)
            for path in paths
            if path in self._scans
            for piece in self._flow(path).pieces
            for name in piece.names
        ]
        return self.spread(seeds).users

    def used_besides(self, seeds: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
        """The files that use one of these names and build no BatchNormalization themselves; for
        each file, the names as it calls them.

        Names that build a BatchNormalization are left out: files that use those are read anyway.
        """
        building = self.building.names
        left = [(path, name) for path, name in seeds if name not in building.get(path, ())]
        spread = self.spread(left)
        found = {}
        for path in spread.users:
            names = spread.names[path]
            known = building.get(path, set())
            there = self._flow(path)
            read = {piece for name in known for piece in there.reading(name)}
            if any(
                not piece.builds and piece not in read
                for name in names
                for piece in there.reading(name)
            ):
                found[path] = names
        return found

    def scan(self, path: str) -> Scan:
        """What is known of one of its files."""
        return self._scans[path]

    def importers_of(self, path: str) -> set[str]:
        """The files that import a file, or one of its names from a package that re-exports it."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            for use in self._users_of(waiting.pop()).all:
                if use.path not in found:
                    found.add(use.path)
                    if os.path.basename(use.path) == _INIT:
                        waiting.append(use.path)
        return found - {path}

    def spread(self, seeds: Iterable[tuple[str, str]]) -> Spread:
        """Follow names, each ``(path, name)``, to all files that may use them."""
        spread = Spread()
        waiting = list(seeds)
        for path, name in waiting:
            spread.names.setdefault(path, set()).add(name)
        known = len(waiting)
        while waiting and known < _MOST_NAMES:
            path, name = waiting.pop()
            for there, called in self._reached(path, name, spread):
                names = spread.names.setdefault(there, set())
                if called not in names:
                    names.add(called)
                    known += 1
                    waiting.append((there, called))
        return spread

    def _reached(self, path: str, name: str, spread: Spread) -> Iterator[tuple[str, str]]:
        """Where one name leads: to names of its own file, and to names in files that import it."""
        for piece in self._flow(path).reading(name):
            spread.users.add(path)
            for bound in piece.names:
                if _OWN_NAME not in bound:
                    yield path, bound
        if "." in name:
            return  # the name belongs to another module; its importers are found there
        yield from self._users_of(path).of(name)
        yield from self._through_packages(path, name)

    def _through_packages(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        """The same for ``import package`` and ``package.module.name``."""
        folder, last = os.path.split(path)
        if last == _INIT:
            folder, last = os.path.split(folder)
        inner = f"{last.removesuffix('.py')}.{name}"
        while (package := os.path.join(folder, _INIT)) in self._scans:
            yield from self._users_of(package).inside(inner)
            folder, last = os.path.split(folder)
            inner = f"{last}.{inner}"

    def _flow(self, path: str) -> flow.Flow:
        found = self._flows.get(path)
        if found is None:
            found = self._flows[path] = flow.Flow(self._pieces(self._scans[path]))
        return found

    def _pieces(self, scan: Scan) -> list[flow.Piece]:
        if scan.entry.flow:
            try:
                return flow.decoded(scan.entry.flow)
            except (ValueError, TypeError):
                pass
        text = prefilter.as_program(scan.file.path, scan.bytes()).decode("utf-8", "replace")
        imports = scan.entry.imports or ""
        found = flow.flow_of(text, _aliases(imports), _constructors(imports))
        scan.entry.flow = flow.encoded(found)
        self._keep(scan)
        return found

    # The importers of a file

    def _users_of(self, path: str) -> Uses:
        found = self._uses.get(path)
        if found is None:
            found = self._uses[path] = Uses(self._find_users(path), self._flow)
        return found

    def _find_users(self, path: str) -> Iterator[Use]:
        by_last_name = self._importing()
        folder, last = os.path.split(path)
        if last == _INIT:
            records = [*by_last_name.get(os.path.basename(folder), ()), *by_last_name.get("", ())]
        else:
            records = by_last_name.get(last.removesuffix(".py"), [])
        for importer, record in records:
            if importer != path:
                use = self._use(path, importer, record)
                if use is not None:
                    yield use

    def _importing(self) -> dict[str, list[tuple[str, str]]]:
        """The import records of all files, by the last names of what each may refer to."""
        if self._by_last_name is None:
            self._by_last_name = {}
            for path, scan in self._scans.items():
                if not scan.entry.imports:
                    continue
                for record in (scan.entry.imports or "").split(" "):
                    if record.startswith("!"):
                        continue
                    module, _, names = record.partition(":")
                    last = module.rpartition(".")[2]
                    name = names.partition(":")[0]
                    for key in {last, name} if name else (last,):
                        self._by_last_name.setdefault(key, []).append((path, record))
        return self._by_last_name

    def _use(self, path: str, importer: str, record: str) -> Use | None:
        """What a record imports from the file at ``path``, if it refers to that file."""
        where, name, alias = record.split(":")
        module = where.lstrip(".")
        level = len(where) - len(module)
        if not level and module.partition(".")[0] in _KERAS and not self._mentions(path):
            return None
        folder = os.path.dirname(importer)
        own = self._locator.locate(folder, level, module)[0] if module or level else None
        if own == path:
            return Use(importer, name, alias or module)
        if name and (own is None or own.endswith(os.sep + _INIT)):
            inner = f"{module}.{name}" if module else name
            if self._locator.locate(folder, level, inner)[0] == path:
                return Use(importer, "", alias)
        return None

    def _mentions(self, path: str) -> bool:
        return bool(self._scans[path].entry.flags & prefilter.MENTIONS)

    # Where imports start

    def _found_sources(self) -> set[str]:
        """The folders above the outermost packages, and those that a file adds to ``sys.path``."""
        folders = {os.path.dirname(path) for path in self._scans}
        packages = {folder for folder in folders if os.path.join(folder, _INIT) in self._scans}
        found = {os.path.dirname(folder) for folder in packages} - packages
        for path, scan in self._scans.items():
            if "!" in (scan.entry.imports or ""):
                found |= self._added_paths(
                    os.path.dirname(path), (scan.entry.imports or "").split(" ")
                )
        return {each for each in found if is_inside(each, self.root.folder)}

    def _added_paths(self, folder: str, records: list[str]) -> set[str]:
        starts = [folder]
        while starts[-1] != self.root.folder and is_inside(starts[-1], self.root.folder):
            starts.append(os.path.dirname(starts[-1]))
        paths = {
            os.path.normpath(os.path.join(start, record[1:]))
            for record in records
            if record.startswith("!")
            for start in starts
        }
        return set(filter(os.path.isdir, paths))


def _aliases(imports: str) -> Iterator[str]:
    """The names that import records bind."""
    for record in imports.split(" "):
        if record and not record.startswith("!"):
            module, _, alias = record.split(":")
            yield alias or module.partition(".")[0]


def _constructors(imports: str) -> Iterator[str]:
    """What import records call the class where they give it another name."""
    for record in imports.split(" "):
        if "BatchNorm" in record and not record.startswith("!"):
            _, name, alias = record.split(":")
            if "BatchNorm" in name and "BatchNorm" not in alias:
                yield alias
