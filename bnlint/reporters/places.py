"""What the formats of other programs have in common: paths, places in files, fingerprints."""

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
    """The path for formats that want it whole; what is no file keeps its name."""
    return filename if filename in STDIN else os.path.abspath(filename)


def slashed(path: PurePath) -> str:
    r"""A path with ``/`` between its parts, also where the system writes ``\\``."""
    return path.as_posix()


def relative(filename: str) -> str:
    """The path from the working directory, with ``/``; absolute where it lies outside of it."""
    start = home.current().rstrip(os.sep) + os.sep
    return slashed(PurePath(absolute(filename).removeprefix(start)))


def said(finding: Finding) -> str:
    """The message in one line, with the condition that it holds under; where the file has no lines
    it begins with the layer.
    """
    where = finding.location
    layer = "" if where.in_text else f"{where.path}: "
    when = f" [when {finding.when}]" if finding.when else ""
    return printable(layer + finding.message + when)


def cell_note(where: Location) -> str:
    """`` (cell 3, line 2)``, for formats that know no cells; empty outside of notebooks."""
    return f" (cell {where.cell}, line {where.line})" if where.cell is not None else ""


def fingerprints(findings: Iterable[Finding], texts: Texts) -> Iterator[tuple[Finding, str]]:
    """Each finding with a name that stays when lines move: no two have the same.

    It is made from the file, the rule, the text of the line, and how many such there were before.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        where = finding.location
        line = " ".join((texts.line(where) or "").split())
        parts = "\0".join((relative(where.filename), finding.code, line, where.path or ""))
        digest = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        yield finding, f"{digest}:{seen[digest]}"
