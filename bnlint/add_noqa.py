"""``--add-noqa``: a comment for each finding of today, so that only new ones are told tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bnlint.findings import Edit, Failure, Finding, Location
from bnlint.fixes import writing
from bnlint.fixes.applying import edited
from bnlint.reporters.summary import plural
from bnlint.source.text import Undecodable, decode, split_lines
from bnlint.suppressing import suppression
from bnlint.targets import is_notebook

if TYPE_CHECKING:
    from bnlint.linter import Survey

# A comment cannot help a file that does not parse, nor a comment that is in vain.
_ABOUT_THE_LINTING: Final = frozenset({"BN001", "BN002"})
_NOQA: Final = re.compile(r"#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+\b)*", re.IGNORECASE)


def add_noqa(survey: Survey, findings: Iterable[Finding], reason: str) -> tuple[str, list[Failure]]:
    """Write the comments; what was done in words, and what could not be.

    Args:
        survey: the files.
        findings: what is to be silenced.
        reason: stands behind each new comment; may be empty.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code not in _ABOUT_THE_LINTING and finding.location.path is None:
            by_file.setdefault(finding.location.filename, []).append(finding)
    paths = {file.name: file.path for file in survey.files}
    failures: list[Failure] = []
    added = files = 0
    for name, mine in by_file.items():
        try:
            count, left = _add_to(paths[name], mine, reason)
        except (OSError, Undecodable, writing.Changed, UnicodeEncodeError) as error:
            failures.append(Failure(name, f"no comments were added: {error or 'it changed'}"))
            continue
        if left:
            failures.append(Failure(name, f"no room for {plural(left, 'comment')}"))
        added += count
        files += bool(count)
    return f"Added {plural(added, 'suppression')} in {plural(files, 'file')}.\n", failures


def _add_to(path: str, findings: list[Finding], reason: str) -> tuple[int, int]:
    """How many comments were added to one file, and how many could not be."""
    if is_notebook(path):
        return 0, len(findings)
    with open(path, "rb") as file:
        old = file.read()
    text = decode(old)
    added = left = 0
    for line, code in sorted({(f.location.line, f.code) for f in findings}):
        edit = _comment(split_lines(text), line, code, reason)
        if edit is None:
            left += 1
            continue
        text = edited(text, [edit])
        added += 1
    if added:
        writing.replace(path, old, writing.encoded(text, old))
    return added, left


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
