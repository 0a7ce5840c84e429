"""The funnel: finds the files that can have findings, from their bytes alone.

Most files end here, so this decides the cost of a run over a whole tree: for each file one read and
three searches (a pattern that starts with a literal is five times faster than an alternation).
"""

from __future__ import annotations

import os
import re

from bnlint.project.files.targets import is_notebook
from bnlint.settings.reach import regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MENTIONS = 1
"""Its code names BatchNormalization, or it holds a word that a user's own rule looks for, or it
freezes a network of keras.applications; most of these have BatchNormalization."""
BUILDS = 2
"""It calls BatchNormalization: a file that imports this one may be building one."""
SUPPRESSES = 4
"""It holds a comment that may be a suppression for bnlint."""
IMPORTS = 8
"""It uses Keras without that word, and does more than import: what it imports matters."""
REFUSED = 16
"""It mentions BatchNormalization and is larger than the limit."""
FOLLOWS = 32
"""It imports a file that builds one. The bytes alone do not show this: :class:`Builders`."""
TRAINS = 64
"""It fits a model, or takes gradients."""

_CHUNK = 1 << 20
_OVERLAP = 64

# Every run needs the first; the others are compiled when a file needs them (faster start).
_mentions = re.compile(rb"atch_?[nN]orm").search
# Comments and docstrings, where the name does not count, and other strings, where it may be used.
_PROSE = (
    rb"""\"{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"{3}"""
    rb"""|'{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}|\#[^\n]*"""
    rb"""|("[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?)"""  # or to the line's end
)
_FREEZES = re.compile(rb"training=(?:True|False)|\.trainable\b")
# A call of the class, or an import of it as a name without the word. Not its definition, not
# torch's BatchNorm2d, not K.batch_normalization.
_BUILDS = (
    rb"atchNorm(?<!class BatchNorm)(?!\w*[123][dD]\b)\w*(?:\(|[ \t]+as[ \t]+(?!\w*atchNorm)\w)"
)
_TRAINING = (b"GradientTape", b".fit", b"train_on_batch", b"apply_gradients", b".minimize(")
_NOQA_OF_OURS = rb"noqa:[^\n]{0,200}BN\d"
_NOQA = rb"(?i)#\s*noqa\s*:"
# Bounded: otherwise a line of megabytes full of the word would take hours.
_FROM_IMPORT = (
    rb"from[ \t]+([.\w](?:[.\w \t]{0,200}[.\w])?)(?:[ \t]|\\\r?\n){1,200}import"
    rb"(?:[ \t]|\\\r?\n){0,200}(\([^)]{0,8000}\)|[^\n#;]*)"
)
_PLAIN_IMPORT = rb"import[ \t]+([\w.]+[^\n#;]*)"
_WORD = rb"\w+"
_DOTTED = rb"\w+(?:\.\w+)*"

Module = tuple[str, tuple[str, ...]]
"""What an import statement may load: leading dots, then the parts of the dotted name."""


def flags(data: bytes, words: re.Pattern[bytes] | None = None, *, path: str = "") -> int:
    """The flags that the bytes of one file show.

    Args:
        data: the file.
        words: the words that user rules look for besides BatchNormalization.
        path: of the file, if it may be a notebook.
    """
    found = 0
    data = with_line_ends(path, data)
    if is_notebook(path):
        found = MENTIONS if _mentions(data) else 0  # nothing imports a notebook
    elif _mentions(data) and _mentions(code := re.sub(_PROSE, rb"\1", data, flags=re.DOTALL)):
        found = MENTIONS | BUILDS if re.search(_BUILDS, code) else MENTIONS
    if not found and b"applications" in data and _FREEZES.search(data):
        found = MENTIONS
    if found:
        if re.search(_NOQA, data):
            found |= SUPPRESSES
    elif (b"keras" in data or b"tensorflow" in data) and _does_something(data):
        found = IMPORTS
    if b"bnlint:" in data or (found & IMPORTS and re.search(_NOQA_OF_OURS, data)):
        found |= SUPPRESSES
    if any(word in data for word in _TRAINING):
        found |= TRAINS
    # UTF-16 hides the word; Python refuses UTF-16 and null bytes, and the reader reports that.
    if b"\0" in data or (words is not None and words.search(data)):
        found |= MENTIONS
    return found


def with_line_ends(path: str, data: bytes) -> bytes:
    """The bytes of a file; those of a notebook with the line ends of a module."""
    return data.replace(b"\\n", b"\n") if is_notebook(path) else data


def as_program(path: str, data: bytes) -> bytes:
    """The bytes of a file; for a notebook, roughly its source lines, one after the other."""
    if not is_notebook(path):
        return data
    lines = re.sub(rb'\\n",\s*"', b"\n", data).replace(b"\\n", b"\n").replace(b'\\"', b'"')
    return re.sub(rb'(?m)^[ \t]*(?:"source": *\[?\s*)?"', b"", lines)


def _does_something(data: bytes) -> bool:
    """Whether a file does more than import names for others; the fast checks come first."""
    return b"= " in data or b"):" in data or re.search(rb"\w\(", data) is not None


def read(path: str, limit: int, words: re.Pattern[bytes] | None = None) -> tuple[int, bytes]:
    """The flags of the file at ``path``, and its bytes unless it is larger than ``limit``.

    Raises:
        OSError: it cannot be read.
    """
    descriptor, size = regular_files.open_regular(path)
    try:
        data = regular_files.read_from(descriptor, size, limit) if size <= limit else b""
        if size <= limit >= len(data):
            return flags(data, words, path=path), data
        tail = data
        if _mentions(tail) or (words is not None and words.search(tail)):
            return REFUSED, b""
        tail = tail[-_OVERLAP:]
        while piece := os.read(descriptor, _CHUNK):
            tail += piece
            if _mentions(tail) or (words is not None and words.search(tail)):
                return REFUSED, b""
            tail = tail[-_OVERLAP:]
        return 0, b""
    finally:
        os.close(descriptor)


def imports(data: bytes, last_names: frozenset[bytes] | None = None) -> Iterator[Module]:
    """The modules that a file may import. Text that only looks like an import counts too.

    Args:
        data: the file.
        last_names: leave out modules whose last name is not one of these.
    """
    for source, names in re.findall(_FROM_IMPORT, data):
        if (
            last_names is not None
            and source.rpartition(b".")[2] not in last_names
            and last_names.isdisjoint(re.findall(_WORD, names))
        ):
            continue
        text = source.replace(b" ", b"").replace(b"\t", b"").decode("utf-8", "replace")
        bare = text.lstrip(".")
        dots = text[: len(text) - len(bare)]
        parts = tuple(bare.split(".")) if bare else ()
        yield dots, parts
        for name in names.strip(b"()").split(b","):
            if word := re.match(_DOTTED, name.strip()):
                yield dots, (*parts, word[0].decode("utf-8", "replace"))
    for names in re.findall(_PLAIN_IMPORT, data):
        if last_names is not None and last_names.isdisjoint(re.findall(_WORD, names)):
            continue
        for name in names.split(b","):
            if (word := re.match(_DOTTED, name.strip())) and b"." in word[0]:
                yield "", tuple(word[0].decode("utf-8", "replace").split("."))
            elif word:
                yield "", (word[0].decode("utf-8", "replace"),)


def imported_paths(path: str, data: bytes) -> Iterator[tuple[str, bool]]:
    """What the file at ``path`` may import, as paths without suffix: modules, and names in them as
    if they were files in a folder; each with whether it begins at the root.
    """
    folder = os.path.dirname(path)
    for dots, parts in imports(with_line_ends(path, data)):
        if dots or len(parts) == 1:  # `import layers` is the file beside this one
            start = folder
            for _ in dots[1:]:
                start = os.path.dirname(start)
            yield os.path.join(start, *parts), True
        elif parts:
            yield os.path.join(*parts), False


class Builders:
    """The files of a run that build a BatchNormalization, by the names in their imports."""

    __slots__ = ("_by_last_name", "_last_names", "_modules")

    def __init__(self, paths: Iterable[str]) -> None:
        self._modules = {module_path(path) for path in paths}
        self._by_last_name: dict[str, list[str]] = {}
        for path in self._modules:
            self._by_last_name.setdefault(os.path.basename(path), []).append(path)
        # The empty name is the folder itself, in `from . import x`.
        self._last_names = frozenset(map(os.fsencode, self._by_last_name)) | {b""}

    def imported_by(self, path: str, data: bytes) -> bool:
        """Whether the file at ``path`` imports one of them."""
        folder = os.path.dirname(path)
        by_last_name = self._by_last_name
        for dots, parts in imports(with_line_ends(path, data), self._last_names):
            if dots:
                start = folder
                for _ in dots[1:]:
                    start = os.path.dirname(start)
                if os.path.join(start, *parts) in self._modules:
                    return True
            elif parts and parts[-1] in by_last_name:
                ending = os.sep + os.path.join(*parts)
                # `import layers` is the file beside this one, not any file of that name.
                near = (os.path.join(folder, *parts),) if len(parts) == 1 else ()
                for builder in by_last_name[parts[-1]]:
                    if builder in near or (len(parts) > 1 and builder.endswith(ending)):
                        return True
        return False

    @property
    def key(self) -> str:
        """A key that changes when the set of files does."""
        import hashlib

        text = "\0".join(sorted(self._modules)).encode("utf-8", "surrogateescape")
        return hashlib.sha256(text).hexdigest()[:16]


_MOST_IMPORTS = 60
_MOST_PARENTS = 8


def imports_builder_on_disk(path: str, data: bytes, limit: int) -> bool:
    """Whether the file at ``path`` imports a project file that builds a BatchNormalization.

    For a file that is linted alone; bounded, because it must take almost no time.
    """
    folder = os.path.dirname(path)
    roots = [folder]
    for _ in range(_MOST_PARENTS):
        if not os.path.exists(os.path.join(roots[-1], "__init__.py")):
            break
        roots.append(os.path.dirname(roots[-1]))
    tried: set[str] = set()
    for dots, parts in imports(with_line_ends(path, data)):
        starts = roots
        if dots:
            start = folder
            for _ in dots[1:]:
                start = os.path.dirname(start)
            starts = [start]
        for start in starts:
            module = os.path.join(start, *parts)
            if module in tried or len(tried) >= _MOST_IMPORTS:
                continue
            tried.add(module)
            for candidate in (module + ".py", os.path.join(module, "__init__.py")):
                if candidate != path and _builds_on_disk(candidate, limit):
                    return True
    return False


def _builds_on_disk(path: str, limit: int) -> bool:
    try:
        return os.path.isfile(path) and bool(read(path, limit)[0] & BUILDS)
    except OSError:
        return False


def module_path(path: str) -> str:
    folder, name = os.path.split(path)
    return folder if name == "__init__.py" else os.path.join(folder, os.path.splitext(name)[0])
