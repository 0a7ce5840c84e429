"""The funnel over all files of a run, answered from the cache where it can be."""

from __future__ import annotations

import os

from bnlint.project.cache import CALLING, Cache, Entry, digest, fingerprint, trusted
from bnlint.project.files import prefilter
from bnlint.project.index.import_records import records
from bnlint.readers.source.locating import ALONE, Standing
from bnlint.settings.reach import regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from bnlint.project.files.targets import SourceFile
    from bnlint.settings import Settings

# Up to this many files are treated as named by an editor or pre-commit: the files that they import
# are looked up on the disk, and the cache is opened only for files that must be read.
_FEW = 20
_MOST_IN_RULES = 5000


class Scan:
    """What is known of a file before it is read.

    Attributes:
        file: the file.
        entry: its flags, and what the cache knows of it.
        data: its bytes, if they are at hand and needed.
        is_new: ``entry`` is not in the cache yet.
        standing: where the file stands in its project.
        place: its key in the cache.
    """

    __slots__ = ("data", "entry", "file", "is_new", "place", "standing")

    def __init__(self, file: SourceFile, entry: Entry, data: bytes | None, *, is_new: bool) -> None:
        self.file = file
        self.entry = entry
        self.data = data
        self.is_new = is_new
        self.standing = ALONE
        self.place = file.path

    def again(self) -> Scan:
        """The same file, to be read again."""
        scan = Scan(self.file, self.entry, self.file.data, is_new=True)
        scan.standing, scan.place = self.standing, self.place
        return scan

    def as_caller(self, cache: Cache, standing: Standing) -> Scan:
        """The same file, to be read also for what it calls in other files."""
        own = self.entry
        entry = Entry(own.stamp, own.size, own.flags, own.key, standing.key)
        scan = Scan(self.file, entry, self.data, is_new=True)
        scan.standing, scan.place = standing, self.file.path + CALLING
        old = None if self.file.data is not None else cache.entry(scan.place, own.key)
        if old is not None and old.builders == entry.builders:
            is_same = own.stamp != "" and (old.stamp, old.size) == (own.stamp, own.size)
            if is_same or old.digest == digest(self.bytes()):
                entry.digest, entry.result = old.digest, old.result
        return scan

    def bytes(self) -> bytes:
        """The bytes of the file; empty if it can't be read any more."""
        if self.file.data is not None:
            return self.file.data
        return self.data if self.data is not None else _bytes(self.file.path, self.file.limit)


def scan_all(
    files: list[SourceFile], cache: Cache, builders: Iterable[str] = ()
) -> tuple[list[Scan], list[tuple[str, str]]]:
    """Scan the bytes of ``files``; also return ``(name, message)`` of those that can't be read.

    ``builders`` are absolute paths of other files that build a BatchNormalization.
    """
    is_few = len(files) <= _FEW
    keys: dict[Settings, tuple[str, re.Pattern[bytes] | None]] = {}
    scans: list[Scan] = []
    failures = []
    for file in files:
        if file.settings not in keys:
            keys[file.settings] = (_key(file.settings), _words(file.settings))
        key, words = keys[file.settings]
        try:
            scan = _scan(file, key, words, None if is_few else cache)
        except OSError as error:
            failures.append((file.name, f"cannot be read: {error.strerror}"))
            continue
        if not scan.entry.flags & (prefilter.MENTIONS | prefilter.IMPORTS):
            scan.data = None
        scans.append(scan)
    _follow(scans, builders, is_few=is_few)
    for scan in scans:
        if is_few and scan.data is not None and scan.file.data is None:
            _look_up(scan, cache)
        if scan.is_new and scan.file.data is None and not is_few:
            cache.put(scan.file.path, scan.entry)
    return scans, failures


def scan_project(
    files: Iterable[SourceFile], cache: Cache
) -> tuple[list[Scan], list[tuple[str, str]]]:
    """Scan the bytes of all files of a project, also for what they import."""
    keys: dict[Settings, tuple[str, re.Pattern[bytes] | None]] = {}
    scans: list[Scan] = []
    failures = []
    for file in files:
        if file.settings not in keys:
            keys[file.settings] = (_key(file.settings), _words(file.settings))
        try:
            scan = _scan(file, *keys[file.settings], cache)
        except OSError as error:
            failures.append((file.name, f"cannot be read: {error.strerror}"))
            continue
        scans.append(scan)
        if scan.entry.imports is None:
            text = prefilter.as_program(file.path, scan.bytes())
            scan.entry.imports = records(text.decode("utf-8", "replace"))
            scan.is_new = True
        if not scan.entry.flags & prefilter.MENTIONS and file.data is None:
            scan.data = None  # most are never needed again
        keep(scan, cache)
    return scans, failures


def keep(scan: Scan, cache: Cache) -> None:
    """Store in the cache what is now known of a file."""
    if scan.is_new and scan.file.data is None:
        cache.put(scan.file.path, scan.entry)


def _scan(file: SourceFile, key: str, words: re.Pattern[bytes] | None, cache: Cache | None) -> Scan:
    if file.data is not None:
        flags = prefilter.flags(file.data, words, path=file.path)
        return Scan(file, Entry("", len(file.data), flags, key), file.data, is_new=True)
    stamp, size = "", -1
    old = None
    if cache is not None and cache.enabled:
        status = os.stat(file.path)
        stamp, size = trusted(status), status.st_size
        old = cache.entry(file.path, key)
        if old is not None and stamp and old.stamp == stamp and old.size == size:
            return Scan(file, old, None, is_new=False)
    flags, data = prefilter.read(file.path, file.limit, words)
    entry = Entry(stamp, size, flags, key)
    if old is not None and old.digest and old.digest == digest(data):
        entry.digest, entry.result, entry.builders = old.digest, old.result, old.builders
        entry.imports, entry.flow = old.imports, old.flow
    return Scan(file, entry, data, is_new=True)


def _follow(scans: list[Scan], builders: Iterable[str], *, is_few: bool) -> None:
    """Mark the files that import one that builds a BatchNormalization."""
    here = (s.file.path for s in scans if s.entry.flags & prefilter.BUILDS)
    known = prefilter.Builders((*here, *builders))
    key = "" if is_few else known.key
    for scan in scans:
        entry, file = scan.entry, scan.file
        if not entry.flags & prefilter.IMPORTS or entry.flags & prefilter.MENTIONS:
            continue
        if not scan.is_new and entry.builders == key:
            continue
        data = scan.data if scan.data is not None else _bytes(file.path, file.limit)
        follows = known.imported_by(file.path, data) or (
            is_few
            and prefilter.imports_builder_on_disk(file.path, data, file.settings.max_file_size)
        )
        entry.flags = (entry.flags & ~prefilter.FOLLOWS) | (prefilter.FOLLOWS if follows else 0)
        entry.builders = key
        scan.is_new = True
        scan.data = data if follows else None


def _look_up(scan: Scan, cache: Cache) -> None:
    """Find the cache entry of one of a few files; only the file's content is compared."""
    if scan.entry.flags & (prefilter.MENTIONS | prefilter.FOLLOWS):
        old = cache.entry(scan.file.path, scan.entry.key)
        if old is not None and old.digest and old.digest == digest(scan.data or b""):
            scan.entry.digest, scan.entry.result = old.digest, old.result


def _bytes(path: str, most: int) -> bytes:
    try:
        return regular_files.read(path, most)
    except OSError:
        return b""


def _key(settings: Settings) -> str:
    """A key for what an answer depends on besides files: it changes with the settings."""
    rules = [line for folder in settings.rules for line in _fingerprint(folder)]
    selections = [layer[1:] for layer in settings.selections]
    said = (
        selections,
        settings.order,
        settings.order_is_set,
        settings.max_file_size,
        rules,
        settings.preview,
        settings.target_keras,
        settings.finds_target,
    )
    if said == ([], "bn-first", False, 10_000_000, [], False, None, True):
        return "-"  # saves the import of hashlib
    return digest(repr(said).encode("utf-8", "surrogateescape"))


def _fingerprint(rules: str) -> list[str]:
    try:
        return fingerprint(rules, _MOST_IN_RULES)
    except OverflowError:
        from bnlint.settings import SettingsError

        raise SettingsError(
            f"rules: {rules} holds more than {_MOST_IN_RULES} files;"
            " name the folder that holds the rules alone"
        ) from None


def _words(settings: Settings) -> re.Pattern[bytes] | None:
    """A pattern of the words that the user's own rules need; they may be about other layers."""
    if not settings.rules:
        return None
    import re

    from bnlint.project.judging import selection

    needles = sorted({needle for rule in selection.own_rules(settings) for needle in rule.needles})
    return re.compile(b"|".join(map(re.escape, needles))) if needles else None
