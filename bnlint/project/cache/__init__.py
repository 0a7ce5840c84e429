"""The results of earlier runs, by file.

The cache is one text file in the project, with a line for each source file: its path, time and
size, what the funnel found, and for a file that was read the reader's answer and the other files
that it depends on. It may come from somebody else's repository, so it is data only (JSON, no
pickle), and anything invalid is treated as absent.
"""

from __future__ import annotations

import os
import sys
import time

import bnlint
from bnlint.settings.reach import regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bnlint.project.judging.file_check import FileResult

# A file changed within this time may change again without a new time stamp (git calls it racy).
_RACY_NS = 100_000_000
# Scanning this many files is worth a cache, even if none of them has to be read.
_WORTH_WRITING = 200
_FIELDS = 9  # after the path and the checksum
_MOST_DIGITS = 20
_MOST_BYTES = 500_000_000
_UNKNOWN = "?"
CALLING = "::calling"
"""Suffix of a path: marks the answer for a file that was read also for what it calls."""


class Entry:
    """What is known of one file.

    Attributes:
        stamp: of the file, see :func:`trusted`; empty if it can't be trusted.
        size: in bytes.
        flags: of :mod:`bnlint.project.files.prefilter`.
        key: of the settings that it was scanned with.
        builders: key of what was known of other files when bnlint decided whether this one imports
            something that builds a BatchNormalization; the result is valid only for this key.
        imports: what it imports (:mod:`bnlint.project.index.import_records`); ``None`` where
            it was not needed.
        flow: its pieces (:mod:`bnlint.project.index.flow`); empty where they were not needed.
        digest: of the content, where it was read.
        result: the reader's answer as JSON; empty where the file was not read.
    """

    __slots__ = (
        "builders",
        "digest",
        "flags",
        "flow",
        "imports",
        "key",
        "result",
        "size",
        "stamp",
    )

    def __init__(
        self,
        stamp: str,
        size: int,
        flags: int,
        key: str,
        builders: str = "",
        digest: str = "",
        result: str = "",
        *,
        imports: str | None = None,
        flow: str = "",
    ) -> None:
        self.stamp = stamp
        self.size = size
        self.flags = flags
        self.key = key
        self.builders = builders
        self.digest = digest
        self.result = result
        self.imports = imports
        self.flow = flow


class Cache:
    """The entries of one project. Loading never fails; saving fails silently.

    Args:
        folder: the folder of the cache; made when there is something to keep.
        enabled: ``False`` keeps nothing and does not touch the disk.
    """

    def __init__(self, folder: str, *, enabled: bool = True) -> None:
        self._folder = folder
        self._path = os.path.join(folder, f"{bnlint.__version__}.cache")
        self.enabled = enabled
        self._version = ""
        self._loaded: dict[str, str] | None = None
        self._new: dict[str, Entry] = {}
        self._results = 0
        self._stamps: dict[str, tuple[str, int] | None] = {}
        self._digests: dict[str, str] = {}
        self._began = time.time_ns()

    def entry(self, path: str, key: str) -> Entry | None:
        """The entry of the file at ``path`` under ``key``, whether or not it is still valid."""
        if not self.enabled:
            return None
        _, _, line = self._lines().get(path, "").partition("\t")
        kept_sum, _, rest = line.partition("\t")
        fields = rest.split("\t", _FIELDS - 1)
        if len(fields) != _FIELDS or fields[3] != key or kept_sum != _checksum(path, rest):
            return None
        stamp, size, flags, kept, builders, imports, flow, digest_, result = fields
        if not (_is_number(size) and _is_number(flags)):
            return None  # the checksum is right but the rest is not: it was written by hand
        entry = Entry(stamp, int(size), int(flags), kept, builders, digest_, result)
        entry.imports, entry.flow = None if imports == _UNKNOWN else imports, flow
        return entry

    def put(self, path: str, entry: Entry) -> None:
        """Keep ``entry``."""
        if self.enabled:
            self._new[path] = entry
            self._results += bool(entry.result)

    def result(self, entry: Entry, name: str) -> FileResult | None:
        """The reader's answer for the file now shown as ``name``, if no file it read changed."""
        import json

        from bnlint.project.cache import stored_result

        try:
            loaded = json.loads(entry.result)
            for path, *stamp in loaded["dependencies"]:
                if not self._unchanged(path, stamp):
                    return None
            return stored_result.decode(loaded["result"], name)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            return None

    def encoded(self, result: FileResult) -> str:
        """``result`` and the state of the files that it depends on; empty if it can't be kept."""
        if not self.enabled:
            return ""
        import json

        from bnlint.project.cache import stored_result

        stamps: list[list[object]] = []
        for path in result.dependencies:
            if self._is_newer(path):  # perhaps newer than what was read
                return ""
            stamp = self._stamp(path)
            stamps.append([path, *stamp, self._digest(path)] if stamp else [path])
        try:
            payload = {"dependencies": stamps, "result": stored_result.encode(result)}
        except TypeError:
            return ""
        return json.dumps(payload, separators=(",", ":"))

    def save(self) -> None:
        """Write new entries, drop entries of missing files; the whole file is replaced."""
        if not self._new or not (self._results or len(self._new) >= _WORTH_WRITING):
            return
        lines = {path: line for path, line in self._lines().items() if _is_there(path)}
        for path, entry in self._new.items():
            if "\t" in path or "\n" in path or "\r" in path:
                continue
            imports = _UNKNOWN if entry.imports is None else entry.imports
            fields = (entry.stamp, str(entry.size), str(entry.flags), entry.key, entry.builders)
            rest = "\t".join([*fields, imports, entry.flow, entry.digest, entry.result])
            lines[path] = f"{path}\t{_checksum(path, rest)}\t{rest}"
        from bnlint.project.files import temporaries

        text = "\n".join([self._version, *(lines[path] for path in sorted(lines))]) + "\n"
        try:
            self._make_folder()
            temporaries.sweep([self._folder])
            with temporaries.replacing(self._path, syncs=False) as file:
                file.write(text.encode("utf-8", "surrogateescape"))
        except OSError:
            return  # a read-only project is no reason to fail

    def _lines(self) -> dict[str, str]:
        if self._loaded is None:
            self._version = _version()
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> dict[str, str]:
        try:
            if os.path.islink(self._path):
                return {}  # we only ever write a regular file
            data = regular_files.read(self._path, _MOST_BYTES)
        except OSError:
            return {}
        lines = data.decode("utf-8", "surrogateescape").split("\n")
        if lines[0] != self._version:
            return {}
        return {line.partition("\t")[0]: line for line in lines[1:] if line}

    def _make_folder(self) -> None:
        from bnlint.project.files import temporaries

        if os.path.isdir(self._folder):
            return
        os.makedirs(self._folder)
        with temporaries.replacing(os.path.join(self._folder, ".gitignore"), syncs=False) as file:
            file.write(b"# bnlint wrote this folder; it may be deleted at any time.\n*\n")

    def _unchanged(self, path: str, stamp: list[object]) -> bool:
        now = self._stamp(path)
        if now is None or not stamp:
            return now is None and not stamp
        if list(now) == stamp[:2] and now[0]:
            return True
        return now[1] == stamp[1] and self._digest(path) == stamp[2]

    def _is_newer(self, path: str) -> bool:
        """Whether a file was changed since this run began."""
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return False
        return max(status.st_mtime_ns, status.st_ctime_ns) >= self._began

    def _stamp(self, path: str) -> tuple[str, int] | None:
        if path not in self._stamps:
            try:
                status = os.stat(path)
                self._stamps[path] = (trusted(status), status.st_size)
            except (OSError, ValueError):
                self._stamps[path] = None
        return self._stamps[path]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = digest(regular_files.read(path, _MOST_BYTES))
            except OSError:
                self._digests[path] = "?"
        return self._digests[path]


def _is_there(path: str) -> bool:
    return os.path.exists(path.removesuffix(CALLING))


def trusted(status: os.stat_result) -> str:
    """A stamp that changes whenever a file does; empty for one that was changed just now.

    The time alone is not enough: it can be set back, and a copy may keep the original's time.
    """
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    if time.time_ns() - changed <= _RACY_NS:
        return ""
    return f"{status.st_mtime_ns:x}.{status.st_ctime_ns:x}.{status.st_ino:x}"


def _checksum(path: str, rest: str) -> str:
    """A checksum of a line, to detect damage."""
    import zlib

    data = f"{path}\t{rest}".encode("utf-8", "surrogateescape")
    return f"{zlib.crc32(data):08x}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.lstrip("-").isdigit() and len(text) < _MOST_DIGITS


def digest(data: bytes) -> str:
    """The digest that represents a file's content."""
    import hashlib

    return hashlib.sha256(data).hexdigest()[:32]


def _version() -> str:
    """A version that changes with anything that may change an answer: bnlint, its rules, Python.

    The time and size of our own files represent their content: reading them all would take longer
    than most runs.
    """
    import hashlib

    package = os.path.dirname(os.path.abspath(bnlint.__file__))
    parts = [bnlint.__version__, sys.version]
    for top in (package, os.path.join(os.path.dirname(package), "rules")):
        parts += fingerprint(top)
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return f"bnlint cache {hashlib.sha256(text).hexdigest()[:32]}"


def fingerprint(top: str, most: int = 100_000) -> list[str]:
    """The state of the Python files below a folder.

    Raises:
        OverflowError: it holds more than ``most`` files and folders.
    """
    found = []
    pending = [top]
    seen = 0
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    seen += 1
                    if seen > most:
                        raise OverflowError
                    if entry.name.endswith(".py"):
                        status = entry.stat()
                        found.append(f"{entry.path} {status.st_mtime_ns} {status.st_size}")
                    elif entry.is_dir(follow_symlinks=False) and entry.name not in _NOT_CODE:
                        pending.append(entry.path)
        except OSError:
            continue
    return sorted(found)


_NOT_CODE = ("__pycache__", "examples")
