"""A baseline: the findings of one day, which are not reported after that.

A finding is recognized by its rule, its enclosing function or class, and its source text, even
after it moved to another line or was reformatted. The baseline is one JSON file, sorted, so that a
version control system shows what changed.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from bnlint.project.files import temporaries
from bnlint.project.files.targets import Names, is_notebook
from bnlint.settings import SettingsError
from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from bnlint.findings import Finding, Location
    from bnlint.project.files.source_lines import Texts

DEFAULT: Final = "bnlint-baseline.json"
_VERSION: Final = 1
_MOST_BYTES: Final = 100_000_000
_FIELDS: Final = ("file", "rule", "scope", "source")

Key: TypeAlias = tuple[str, str, str, str]
"""File, rule, scope and normalized source."""


class Baseline:
    """The findings that are known.

    Args:
        path: the file; the names in it are relative to its folder.
        known: how often each finding is in it.

    Attributes:
        name: of the file, as it is printed.
    """

    def __init__(self, path: str, known: Counter[Key]) -> None:
        self._path = path
        self.name = Names().shown(path)
        self._folder = os.path.dirname(os.path.abspath(path))
        self._known = known

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline at ``path``.

        Raises:
            SettingsError: there is no file, or it is no baseline.
        """
        shown = Names().shown(path)
        try:
            loaded = json.loads(regular_files.read(path, _MOST_BYTES))
        except OSError as error:
            hint = "; --write-baseline makes it" if isinstance(error, FileNotFoundError) else ""
            raise SettingsError(f"baseline {shown}: {error.strerror}{hint}") from None
        except (ValueError, RecursionError):
            raise SettingsError(f"baseline {shown}: not a baseline of bnlint") from None
        known: Counter[Key] = Counter()
        try:
            version = loaded["version"]
            for entry in loaded["findings"]:
                name, rule, scope, source = (str(entry[field]) for field in _FIELDS)
                known[name, rule, scope, source] += _count(entry.get("count", 1))
        except (TypeError, KeyError, ValueError, AttributeError):
            raise SettingsError(f"baseline {shown}: not a baseline of bnlint") from None
        if version != _VERSION:
            raise SettingsError(f"baseline {shown}: made by another version of bnlint")
        return cls(path, known)

    @classmethod
    def of(cls, path: str, findings: Iterable[Finding], texts: Texts) -> Baseline:
        """A new baseline of ``findings``."""
        baseline = cls(path, Counter())
        keys = _Keys(texts, baseline._folder)
        baseline._known.update(keys.key(finding) for finding in findings)
        return baseline

    def write(self) -> None:
        """Replace the file in one step.

        Raises:
            SettingsError: it can't be written.
        """
        entries = [
            {**dict(zip(_FIELDS, key, strict=True)), **({"count": count} if count > 1 else {})}
            for key, count in sorted(self._known.items())
        ]
        text = json.dumps({"version": _VERSION, "findings": entries}, indent=1) + "\n"
        path = os.path.realpath(self._path)
        temporaries.sweep([os.path.dirname(path)])
        try:
            with temporaries.replacing(path) as file:
                file.write(text.encode())
        except OSError as error:
            raise SettingsError(f"baseline {self.name}: {error.strerror}") from None

    def __len__(self) -> int:
        return sum(self._known.values())

    def parted(
        self, findings: Iterable[Finding], texts: Texts
    ) -> tuple[list[Finding], list[Finding]]:
        """The findings that are new, and those that are known.

        Args:
            findings: all of a run.
            texts: their source.
        """
        keys = _Keys(texts, self._folder)
        left = Counter(self._known)
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in findings:
            key = keys.key(finding)
            (known if left[key] > 0 else new).append(finding)
            left[key] -= 1
        return new, known

    def stale(self, known: Iterable[Finding], texts: Texts, looked_at: Iterable[str]) -> list[str]:
        """The entries that match no finding any more.

        Args:
            known: the findings of a run that are known.
            texts: their source.
            looked_at: the names of all files of the run; entries of other files may still be valid.
        """
        keys = _Keys(texts, self._folder)
        left = Counter(self._known)
        left.subtract(keys.key(finding) for finding in known)
        files = {keys.relative(name) for name in looked_at}
        return [
            f"{file}: {rule} in {scope or 'the module'}: {source}"
            for (file, rule, scope, source), count in sorted(left.items())
            if count > 0 and (file in files or not os.path.exists(os.path.join(self._folder, file)))
        ]


def _count(value: object) -> int:
    """How often a finding is known, as read from the file."""
    if isinstance(value, int) and 0 < value < 1_000_000:
        return value
    raise ValueError("not a count")


class _Keys:
    def __init__(self, texts: Texts, folder: str) -> None:
        self._texts = texts
        self._folder = folder
        self._scopes: dict[str, list[tuple[int, int, str]]] = {}

    def relative(self, name: str) -> str:
        """The name of a file in the baseline: relative to the baseline's folder, with slashes."""
        path = os.path.abspath(name)
        with contextlib.suppress(ValueError):  # another drive
            path = os.path.relpath(path, self._folder)
        return path.replace(os.sep, "/")

    def key(self, finding: Finding) -> Key:
        where = finding.location
        file = self.relative(where.filename)
        if where.path is not None:
            return (file, finding.code, where.path, finding.message)
        return (file, finding.code, self._scope(where), self._source(where))

    def _scope(self, where: Location) -> str:
        """The qualified name of the enclosing function or class of a place."""
        name = where.filename
        if is_notebook(name):
            return ""
        if name not in self._scopes:
            self._scopes[name] = _scopes(self._texts.text(name))
        around = [
            (first, scope)
            for first, last, scope in self._scopes[name]
            if first <= where.line <= last
        ]
        return max(around)[1] if around else ""

    def _source(self, where: Location) -> str:
        lines = [
            self._texts.line(where._replace(line=line, end_line=line)) or ""
            for line in range(where.line, where.end_line + 1)
        ]
        if not lines:
            return ""
        lines[-1] = lines[-1][: where.end_column - 1]
        lines[0] = lines[0][where.column - 1 :]
        text = "\n".join(lines).strip()
        try:
            return ast.unparse(ast.parse(f"({text})", mode="eval"))
        except (SyntaxError, ValueError, RecursionError):
            return re.sub(r"\s+", " ", text)


def _scopes(text: str) -> list[tuple[int, int, str]]:
    """First line, last line and qualified name of each function and class."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found = []
    pending: list[tuple[ast.AST, str]] = [(tree, "")]
    while pending:
        node, prefix = pending.pop()
        for child in ast.iter_child_nodes(node):
            inside = prefix
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inside = f"{prefix}.{child.name}" if prefix else child.name
                found.append((child.lineno, child.end_lineno or child.lineno, inside))
            pending.append((child, inside))
    return found
