"""``.gitignore``: which files of a folder the user keeps out of their repository."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The ignore files of one folder and those of its parents.

    A deeper file decides before a shallower one, the last pattern in a file before the others
    (gitignore(5)). pathspec is imported when the first ignore file is seen.
    """

    __slots__ = ("_folder", "_parent", "_spec")

    def __init__(self, folder: str, spec: GitIgnoreSpec, parent: GitIgnore | None) -> None:
        self._folder = folder
        self._spec = spec
        self._parent = parent

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether ``path`` itself is ignored; of the folders above it nothing is said."""
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
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return above
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:  # one bad pattern; git skips that line alone
        spec = GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))
    return GitIgnore(folder, spec, above)


def above(folder: str) -> GitIgnore | None:
    """The rules that the parents of ``folder`` set for it, up to the root of its repository.

    None apply where there is no repository, or where they ignore ``folder`` as a whole: whoever
    names an ignored folder on the command line wants it read.
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
    """Whether a file or folder, or a folder it lies in, is ignored by its repository."""
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
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
