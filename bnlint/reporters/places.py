"""Shared parts of the formats for other programs: paths, places in files, fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from bnlint.findings import Finding, Location
from bnlint.project.files.source_lines import Texts
from bnlint.reporters.terminal import printable
from bnlint.settings.reach import home

STDIN = ("-", "<stdin>")


def absolute(filename: str) -> str:
    """The absolute path, for formats that need it; a name that is not a file stays as it is."""
    return filename if filename in STDIN else os.path.abspath(filename)


def slashed(path: PurePath) -> str:
    r"""A path with ``/`` between its parts, even if the system uses ``\\``."""
    return path.as_posix()


def relative(filename: str) -> str:
    """The path from the working directory, with ``/``; absolute if it is outside of it."""
    start = home.current().rstrip(os.sep) + os.sep
    return slashed(PurePath(absolute(filename).removeprefix(start)))


def said(finding: Finding) -> str:
    """The message in one line, with its condition; if the file has no lines, it begins with the
    layer.
    """
    where = finding.location
    layer = "" if where.in_text else f"{where.path}: "
    when = f" [when {finding.when}]" if finding.when else ""
    return printable(layer + finding.message + when)


def cell_note(where: Location) -> str:
    """`` (cell 3, line 2)``, for formats without cells; empty outside of notebooks."""
    return f" (cell {where.cell}, line {where.line})" if where.cell is not None else ""


def fingerprints(findings: Iterable[Finding], texts: Texts) -> Iterator[tuple[Finding, str]]:
    """Each finding with a unique name that stays the same when lines move.

    It is made from the file, the rule, the text of the line, and the number of equal ones before.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        where = finding.location
        line = " ".join((texts.line(where) or "").split())
        parts = "\0".join((relative(where.filename), finding.code, line, where.path or ""))
        digest = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        yield finding, f"{digest}:{seen[digest]}"
