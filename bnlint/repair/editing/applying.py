"""Applies edits to one text: never two at the same place, never a result that does not parse."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Final

from bnlint.findings import Applicability, Edit, Finding, Fix, Location
from bnlint.readers.source.parsing.notebook import Notebook

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def applied(
    text: str, findings: Iterable[Finding], levels: frozenset[Applicability]
) -> tuple[str, list[Finding]]:
    """The text after the fixes of ``findings``, and the findings that were fixed.

    Of two fixes that touch, the first is applied and the other waits for a later round. A fix is
    not applied if Python cannot parse the result.

    Args:
        text: the text of the file that contains all findings.
        findings: in any order.
        levels: the applicabilities of the fixes to apply.
    """
    fixes = [
        (finding, finding.fix)
        for finding in sorted(findings, key=_first_edit)
        if finding.fix is not None and finding.fix.edits and finding.fix.applicability in levels
    ]
    chosen = _apart(text, fixes)
    new = edited(text, [edit for _, fix in chosen for edit in fix.edits])
    if _parses(new):
        return new, [finding for finding, _ in chosen]
    made: list[tuple[Finding, Fix]] = []
    for each in chosen:
        if _parses(edited(text, [edit for _, fix in [*made, each] for edit in fix.edits])):
            made.append(each)
    new = edited(text, [edit for _, fix in made for edit in fix.edits])
    return new, [finding for finding, _ in made]


def applied_to_notebook(
    notebook: Notebook, findings: Iterable[Finding], levels: frozenset[Applicability]
) -> tuple[bytes | None, list[Finding]]:
    """The bytes of a notebook after the fixes of ``findings``, and the findings that were fixed.

    ``None`` where nothing changes, and where the changed notebook would not be the program that
    the fixes intend: a fix that touches text which IPython rewrites.
    """
    lines = notebook.program_lines
    originals: dict[int, Finding] = {}
    moved = []
    for finding in findings:
        if finding.fix is not None:
            edits = tuple(
                edit._replace(location=lines.in_program(edit.location))
                for edit in finding.fix.edits
            )
            moved.append(finding._replace(fix=finding.fix._replace(edits=edits)))
            originals[id(moved[-1])] = finding
    program, chosen = applied(notebook.program, moved, levels)
    made = [originals[id(finding)] for finding in chosen]
    wanted = dict.fromkeys(edit for f in made if f.fix is not None for edit in f.fix.edits)
    if not wanted:
        return None, []
    try:
        new = notebook.with_source_edits(wanted)
    except ValueError:
        return None, []
    return (new, made) if Notebook(notebook.filename, new).program == program else (None, [])


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` after ``edits``; the same edit twice counts once."""
    starts = _starts(text)
    pieces = []
    done = 0
    for start, end, content in sorted({_range(edit, starts) for edit in edits}):
        pieces += [text[done:start], content]
        done = end
    return "".join([*pieces, text[done:]])


def _apart(text: str, fixes: list[tuple[Finding, Fix]]) -> list[tuple[Finding, Fix]]:
    starts = _starts(text)
    taken: set[tuple[int, int, str]] = set()
    chosen = []
    for finding, fix in fixes:
        wanted = {_range(edit, starts) for edit in fix.edits}
        fresh = wanted - taken
        if not any(_touch(one, other) for one in fresh for other in taken):
            taken |= fresh
            chosen.append((finding, fix))
    return chosen


def _touch(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits overlap or meet; two insertions at one point have no order."""
    return one[0] <= other[1] and other[0] <= one[1]


def _starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _range(edit: Edit, starts: Sequence[int]) -> tuple[int, int, str]:
    where = edit.location
    return (
        starts[where.line - 1] + where.column - 1,
        starts[where.end_line - 1] + where.end_column - 1,
        edit.content,
    )


def _first_edit(finding: Finding) -> tuple[int, int, str]:
    edits = finding.fix.edits if finding.fix is not None else ()
    where = min((edit.location for edit in edits), key=_place, default=finding.location)
    return (*_place(where), finding.code)


def _place(where: Location) -> tuple[int, int]:
    return (where.line, where.column)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
