"""``.gitignore``: the files in a folder that the user excludes from the repository."""

from __future__ import annotations

import os

from bnlint.settings.reach import regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The ignore files of one folder and those of its parents.

    A deeper ignore file overrides a higher one; in a file, the last matching pattern counts
    (gitignore(5)). pathspec is imported when the first ignore file is found.
    """

    __slots__ = ("_folder", "_parent", "_spec")

    def __init__(self, folder: str, spec: GitIgnoreSpec, parent: GitIgnore | None) -> None:
        self._folder = folder
        self._spec = spec
        self._parent = parent

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether ``path`` itself is ignored; the folders above it are not checked."""
        rules: GitIgnore | None = self
        while rules is not None:
            relative = path[len(rules._folder) :].lstrip(os.sep) + ("/" if is_folder else "")
            verdict = rules._spec.check_file(relative).include
            if verdict is not None:
                return verdict
            rules = rules._parent
        return False


def extended(above: GitIgnore | None, folder: str) -> GitIgnore | None:
    """The rules inside ``folder``: ``above`` and the folder's own ignore file, if it has one."""
    lines: list[str] = []
    for name in (os.path.join(".git", "info", "exclude"), ".gitignore"):
        lines += _lines(os.path.join(folder, name))
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    lines = [line for line in lines[:_MOST_LINES] if len(line) <= _LONGEST_LINE]
    if not lines:
        return above
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:  # one bad pattern; git skips that line alone
        spec = GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))
    return GitIgnore(folder, GitIgnoreSpec(map(_bounded, spec.patterns)), above)


def above(folder: str) -> GitIgnore | None:
    """The rules that the parents of ``folder`` set for it, up to the root of its repository.

    None apply if there is no repository, or if they ignore the whole ``folder``: a user who names
    an ignored folder on the command line wants it read.
    """
    parents = []
    current = folder
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return None
        current = parent
        parents.append(current)
    rules: GitIgnore | None = None
    chain = [*reversed(parents), folder]
    for index, parent in enumerate(chain[:-1]):
        rules = extended(rules, parent)
        if rules is not None and rules.ignores(chain[index + 1], is_folder=True):
            return None
    return rules


def is_ignored(path: str, *, is_folder: bool = False) -> bool:
    """Whether its repository ignores a file or folder, or a folder that contains it."""
    chain = [path]
    while not os.path.lexists(os.path.join(chain[-1], ".git")):
        parent = os.path.dirname(chain[-1])
        if parent == chain[-1]:
            return False
        chain.append(parent)
    chain.reverse()
    rules: GitIgnore | None = None
    for index, folder in enumerate(chain[:-1]):
        rules = extended(rules, folder)
        is_last = index + 2 == len(chain)
        if rules is not None and rules.ignores(
            chain[index + 1], is_folder=is_folder or not is_last
        ):
            return True
    return False


def _lines(path: str) -> list[str]:
    try:
        return regular_files.read(path).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


_MOST_LINES = 5000
_LONGEST_LINE = 1000
_STAR, _STARS = "[^/]*", "(?:/.+)?"  # pathspec's translation of `*` and of `/**`
_BETWEEN_STARS = (
    r"\[\^/\]\*((?:(?!\[\^/\]\*)(?:\\.|\[\^?\]?[^\]]*\]|[^\\\[()/*+?|$^]))+)(?=\[\^/\]\*)"
)


def _bounded(pattern: Any) -> Any:  # noqa: ANN401  its class goes by the version of pathspec
    """The same pattern, but its time is linear in the length of the path, not a power of it.

    The text between two stars is matched only at its first place: if the rest does not match after
    that, it does not match after any later place either.
    """
    import re

    if pattern.regex is None or pattern.include is None:
        return pattern
    text = old = pattern.regex.pattern
    if text.count(_STAR) > 1:
        text = text.replace(_STAR * 2, _STAR)
        numbers = iter(range(_LONGEST_LINE))
        text = re.sub(_BETWEEN_STARS, lambda found: _first(f"{_STAR}?{found[1]}", numbers), text)
    if text.count(_STARS) > 1:
        first, *between, last = text.split(_STARS)
        numbers = iter(range(_LONGEST_LINE, 2 * _LONGEST_LINE))
        between = [_first(f"(?:/.+?)??{piece}(?=/)", numbers) for piece in between]
        text = "".join([first, *between, _STARS, last])
    return pattern if text == old else type(pattern)(re.compile(text), pattern.include)


def _first(expression: str, numbers: Iterator[int]) -> str:
    """The first match of an expression only (instead of an atomic group, before Python 3.11)."""
    name = f"n{next(numbers)}"
    return f"(?=(?P<{name}>{expression}))(?P={name})"


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
