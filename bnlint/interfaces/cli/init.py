"""``--init``: add the settings table and the pre-commit entry to the existing files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from bnlint.project.files import temporaries, writing
from bnlint.settings import SettingsError
from bnlint.settings.reach import home, regular_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE: Final = """\
[tool.bnlint]
# Every setting is optional. What is commented out is the default.

# Where the activation belongs: "bn-first", "activation-first", "consistent" (what a model mostly
# does) or "off". Until it is set, BN301 is for information only.
# order = "bn-first"

# The Keras that the code is for: 1, 2, 3, or a version as a string. Otherwise it is looked for in
# what the project requires, and in what a file imports.
# target-keras = 3

# Which rules run: codes, beginnings of codes, names, or "ALL". `bnlint --list-rules` lists them.
# select = ["ALL"]
# preview = false
# extend-select = []
# ignore = []
# per-file-ignores = { "tests/**" = ["BN101"] }

# What `bnlint --fix` repairs.
# fix = false
# fixable = ["ALL"]
# unfixable = []
# unsafe-fixes = false
# extend-safe-fixes = []
# extend-unsafe-fixes = []
# fix-only = false
# show-fixes = false

# From which severity on the exit status is 1: "info", "warning" or "error".
# fail-on = "warning"

# The findings that are known, of which nothing is said; `bnlint --write-baseline` makes the file.
# baseline = "bnlint-baseline.json"

# What is not looked at; `exclude` replaces the usual list of folders, `extend-exclude` adds to it.
# exclude = [".venv", "build"]
# extend-exclude = []
# respect-gitignore = true
# force-exclude = false
# max-file-size = 10_000_000

# output-format = "concise"
# cache-dir = ".bnlint_cache"

# Folders that imports start from, besides those that are found.
# src = []

# Folders with rules of your own.
# rules = []

# Another settings file that holds as well, and the bnlint that these settings are for.
# extend = ""
# required-version = ">=0.1"
"""

_HOOK: Final = """\
- repo: local
  hooks:
    - id: bnlint
      name: bnlint
      entry: bnlint --force-exclude --
      language: system  # the bnlint of the active environment
      types_or: [python, jupyter]
      require_serial: true
"""
_REPOS: Final = re.compile(r"^repos:[ \t]*(?:#.*)?$")
_ITEM: Final = re.compile(r"^([ \t]*)-[ \t]")
_OURS: Final = re.compile(
    r"^[ \t]*-?[ \t]*id:[ \t]*['\"]?bnlint['\"]?[ \t]*(?:#.*)?$", re.MULTILINE
)
_SETTINGS: Final = "pyproject.toml"
_HOOKS: Final = ".pre-commit-config.yaml"


_Add: TypeAlias = Callable[[str, str], tuple[int, str]]
"""Takes a file's name and text; returns the offset and the text to add."""


def init(folder: str, *, pre_commit: bool) -> list[str]:
    """Add what is missing in ``folder``; returns a line about each file.

    Args:
        folder: the folder of the project.
        pre_commit: add the entry for pre-commit too.

    Raises:
        SettingsError: all entries exist already, or an entry can't be added to a file. Then
            nothing is written.
    """
    changes = [_Change(os.path.join(folder, _SETTINGS), _table)]
    if pre_commit:
        changes.append(_Change(os.path.join(folder, _HOOKS), _hook))
    there = [change.prepare() for change in changes]
    if all(there):
        raise SettingsError(there[0])
    done = [said or change.write() for said, change in zip(there, changes, strict=True)]
    return sorted(done, key=lambda line: line not in there)


class _ThereError(Exception):
    """The entry to add exists already; one line for the user."""


class _Change:
    """One file to create or extend."""

    def __init__(self, path: str, add: _Add) -> None:
        self._path = path
        self._name = os.path.basename(path)
        self._add = add
        self._old: bytes | None = None
        self._new = b""

    def prepare(self) -> str:
        """Prepare the new text; returns the reason if the entry exists already."""
        folder = os.path.dirname(os.path.abspath(self._path))
        if home.leads_out(self._path, home.project(folder, folder)):
            raise SettingsError(f"{self._name}: a link that leads out of the project")
        try:
            self._old = regular_files.read(self._path)
        except FileNotFoundError:
            self._old = None
        except OSError as error:
            raise SettingsError(f"{self._name}: cannot be read: {error.strerror}") from None
        try:
            text = (self._old or b"").decode("utf-8")
        except UnicodeDecodeError:
            raise SettingsError(f"{self._name}: not UTF-8, so nothing was added") from None
        try:
            offset, added = self._add(self._name, text)
        except _ThereError as error:
            return str(error)
        newline = "\r\n" if "\r\n" in text else "\n"
        new = text[:offset] + added.replace("\n", newline) + text[offset:]
        self._new = new.encode("utf-8")
        return ""

    def write(self) -> str:
        try:
            if self._old is None:
                with temporaries.replacing(self._path, is_new=True) as file:
                    file.write(self._new)
                return f"{self._name}: made"
            writing.replace(self._path, self._old, self._new)
        except (writing.Changed, FileExistsError):
            raise SettingsError(f"{self._name}: changed meanwhile, so it was left") from None
        except OSError as error:
            raise SettingsError(f"{self._name}: cannot be written: {error.strerror}") from None
        return f"{self._name}: added to"


def _table(name: str, text: str) -> tuple[int, str]:
    text = text.removeprefix("\ufeff")
    tool = _parsed(name, text).get("tool", {})
    if isinstance(tool, dict) and "bnlint" in tool:
        raise _ThereError(f"{name}: has a [tool.bnlint] table already; it was left as it is")
    between = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    try:
        tomllib.loads(text.replace("\r\n", "\n") + between + TABLE)
    except tomllib.TOMLDecodeError:
        raise SettingsError(f"{name}: `tool` is written such that no table can be added") from None
    return len(text), between + TABLE


def _parsed(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{name}: not valid TOML, so nothing was added: {error}") from None


def _hook(name: str, text: str) -> tuple[int, str]:
    if _OURS.search(text):
        raise _ThereError(f"{name}: has a hook `bnlint` already; it was left as it is")
    if not text.strip():
        return len(text), "repos:\n" + _HOOK
    indent: str | None = None
    end: int | None = None
    for offset, line in _lines(text):
        code = line.strip()
        if indent is None and end is None:
            if _REPOS.match(line):
                end = offset + len(line)
        elif code and not code.startswith("#"):
            item = _ITEM.match(line)
            if indent is None:
                if item is None:
                    break
                indent = item.group(1)
            elif not line.startswith((f"{indent} ", f"{indent}- ")):
                break
            end = offset + len(line)
    if end is None or indent is None:
        raise SettingsError(f"{name}: has no list of `repos` that an entry can be added to")
    hook = "".join(indent + line for line in _HOOK.splitlines(keepends=True))
    return end, "\n" + hook.removesuffix("\n")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line without its end, and where it starts."""
    offset = 0
    for line in text.split("\n"):
        yield offset, line.removesuffix("\r")
        offset += len(line) + 1
