"""``--add-noqa``: a comment for each current finding, so that only new ones are reported later."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bnlint.findings import Edit, Failure, Finding, Location
from bnlint.project.files import temporaries, writing
from bnlint.project.files.targets import is_notebook
from bnlint.project.suppression.comment_places import suppression
from bnlint.readers.source.parsing.notebook import NotANotebook, Notebook
from bnlint.readers.source.parsing.text import Undecodable, decode, split_lines
from bnlint.repair.editing.applying import edited
from bnlint.reporters.summary import plural
from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from bnlint.project.pipeline import Survey

# A comment can suppress neither a syntax error nor a suppression comment without effect.
_ABOUT_THE_LINTING: Final = frozenset({"BN001", "BN002"})
_NOQA: Final = re.compile(r"#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+\b)*", re.IGNORECASE)


def add_noqa(survey: Survey, findings: Iterable[Finding], reason: str) -> tuple[str, list[Failure]]:
    """Write the comments; returns a summary in words, and the failures.

    Args:
        survey: the files.
        findings: the findings to suppress.
        reason: text after each new comment; may be empty.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code not in _ABOUT_THE_LINTING and finding.location.path is None:
            by_file.setdefault(finding.location.filename, []).append(finding)
    files_of = {file.name: file for file in survey.files}
    # A named file may cause a finding in a file that was not named.
    files_of |= {name: scan.file for name, scan in survey.beside.items()}
    temporaries.sweep(os.path.dirname(os.path.realpath(files_of[name].path)) for name in by_file)
    failures: list[Failure] = []
    added = files = 0
    for name, mine in by_file.items():
        try:
            count, left = _add_to(files_of[name].path, files_of[name].limit, mine, reason)
        except (OSError, Undecodable, NotANotebook, writing.Changed, UnicodeEncodeError) as error:
            failures.append(Failure(name, f"no comments were added: {error or 'it changed'}"))
            continue
        if left:
            failures.append(Failure(name, f"no room for {plural(left, 'comment')}"))
        added += count
        files += bool(count)
    return f"Added {plural(added, 'suppression')} in {plural(files, 'file')}.\n", failures


def _add_to(path: str, most: int, findings: list[Finding], reason: str) -> tuple[int, int]:
    """How many comments were added to one file, and how many could not be."""
    old = regular_files.read(path, most)
    if is_notebook(path):
        new, added, left = _with_comments_in_cells(old, findings, reason)
        if added:
            writing.replace(path, old, new)
        return added, left
    text = decode(old)
    added = left = 0
    done: set[tuple[int, str]] = set()
    for line, code in sorted({(f.location.line, f.code) for f in findings}):
        edit = _comment(split_lines(text), line, code, reason)
        if edit is None:
            left += 1
        elif (edit.location.line, code) not in done:  # one comment is enough for a statement
            done.add((edit.location.line, code))
            text = edited(text, [edit])
            added += 1
    if added:
        writing.replace(path, old, writing.encoded(text, old))
    return added, left


def _with_comments_in_cells(
    data: bytes, findings: list[Finding], reason: str
) -> tuple[bytes, int, int]:
    """A notebook with comments added, how many they are, and how many could not be added."""
    added = left = 0
    done: set[tuple[int, int, str]] = set()
    for cell, line, code in sorted(
        {(f.location.cell or 0, f.location.line, f.code) for f in findings}
    ):
        notebook = Notebook("", data)
        lines = next((each.code for each in notebook.cells if each.number == cell), ())
        edit = _comment(list(lines), line, code, reason) if line <= len(lines) else None
        if edit is None:
            left += 1
        elif (cell, edit.location.line, code) not in done:
            done.add((cell, edit.location.line, code))
            edit = edit._replace(location=edit.location._replace(cell=cell))
            data = notebook.with_source_edits([edit])
            added += 1
    return data, added, left


def _comment(lines: list[str], line: int, code: str, reason: str) -> Edit | None:
    found = suppression(lines, line, code)
    if found is None:
        return None
    number, column, text = found
    if text.lstrip().startswith("#"):
        shared = _NOQA.search(lines[number - 1])
        if shared is not None:
            column, text = shared.end() + 1, f", {code}"
        else:
            text = f"  # noqa: {code}" + (f"  {reason}" if reason else "")
    return Edit(Location("", number, column, number, column), text)
