"""Path patterns of the settings: ``exclude`` and ``per-file-ignores``."""

from __future__ import annotations

import os
import re


class Patterns:
    """A set of glob patterns, each relative to one folder.

    A pattern without a slash is compared with every single name in the path (``build``,
    ``*_pb2.py``). A pattern with a slash is compared with the path relative to the folder whose
    settings name it. ``*`` also matches slashes, and ``**/`` may match nothing, as in ruff.
    """

    __slots__ = ("_names", "_regex", "globs")

    def __init__(self, patterns: tuple[tuple[str, str], ...]) -> None:
        """``patterns`` are pairs: the glob and the absolute folder it starts from."""
        self.globs = patterns
        self._names = frozenset(glob for glob, _ in patterns if not re.search(r"[/*?\[]", glob))
        globs = [
            _translated(*pair, f"p{number}_")
            for number, pair in enumerate(patterns)
            if pair[0] not in self._names
        ]
        self._regex = re.compile("|".join(globs)) if globs else None

    def match(self, path: str, name: str) -> bool:
        """Whether a pattern matches the file or folder ``name`` at the absolute ``path``."""
        if name in self._names:
            return True
        regex = self._regex
        return regex is not None and bool(regex.fullmatch(path) or regex.fullmatch(name))

    def covers(self, path: str) -> bool:
        """Whether a pattern matches ``path`` or a folder that contains it."""
        while True:
            parent, name = os.path.split(path)
            if self.match(path, name):
                return True
            if parent == path:
                return False
            path = parent


_MOST_ODD = 2  # pieces around a `**/` that does not follow a slash, as in `a**/b`


def _translated(glob: str, folder: str, groups: str) -> str:
    import fnmatch

    glob = re.sub(r"(?:\*\*/){2,}", "**/", glob.removeprefix("./").rstrip("/"))
    if "/" not in glob and not os.path.isabs(glob):
        start = ""
    else:
        start = "" if os.path.isabs(glob) else re.escape(folder.rstrip("/") + "/")
    # translate() wraps in (?s:…)\Z; the pieces between the `**/` are joined inside of one.
    pieces = [fnmatch.translate(piece)[4:-3] for piece in glob.split("**/")]
    if len(pieces) == 1 or re.search(r"[^/]\*\*/", glob):
        joined = "(?:.*/)?".join(pieces[:_MOST_ODD]) + "".join(pieces[_MOST_ODD:])
        return f"(?s:{start}{joined})"
    # The text between two of them is matched only once, at its first end: the time is linear in
    # the length of the path, not a power of it.
    first, *between, last = pieces
    for number, piece in enumerate(between):
        name, soon = f"{groups}{number}", re.sub(r"\.\*(?![?\]])", ".*?", piece)
        between[number] = f"(?=(?P<{name}>(?:.*?/)??{soon}))(?P={name})"
    return f"(?s:{start}{''.join([first, *between, '(?:.*/)?', last])})"
