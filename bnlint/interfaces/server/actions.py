"""The code actions for findings: fix one, fix all, suppress one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from bnlint.findings import Applicability, Finding, Fix, Location
from bnlint.interfaces.server.diagnostics import diagnostic
from bnlint.interfaces.server.documents import Document
from bnlint.interfaces.server.lint_process.jobs import Answer
from bnlint.interfaces.server.places import Places
from bnlint.project.suppression.comment_places import suppression
from bnlint.readers.source.parsing.text import split_lines

FIX_ALL = "source.fixAll.bnlint"
FIX_NOTEBOOK = f"notebook.{FIX_ALL}"
KINDS: list[types.CodeActionKind | str] = [
    types.CodeActionKind.QuickFix,
    FIX_ALL,
    FIX_NOTEBOOK,
]
_NOT_SUPPRESSED = frozenset({"BN001", "BN002"})
_LEVELS = [Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY]


def wants(only: Sequence[types.CodeActionKind | str] | None, kind: str) -> bool:
    """Whether a client that requests the kinds ``only`` accepts an action of ``kind``."""
    if only is None:
        return True
    return any(kind == asked or kind.startswith(f"{asked}.") for asked in map(_name, only))


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def quick_fixes(
    document: Document, asked: types.Range, answer: Answer, places: Places
) -> Iterator[types.CodeAction]:
    """The fixes of the findings in a range, the safe ones first, then how to suppress each."""
    here = []
    for finding in answer.findings:
        shown = diagnostic(finding, places, answer.links)
        if shown and shown[0] == document.uri and _overlap(shown[1].range, asked):
            here.append((finding, shown[1]))
    fixable = [(f.fix, shown) for f, shown in here if f.fix is not None and f.fix.edits]
    for fix, about in sorted(fixable, key=lambda pair: _LEVELS.index(pair[0].applicability)):
        edit = _workspace_edit(fix, places)
        if edit is not None:
            yield types.CodeAction(
                title=_title(fix, about),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[about],
                is_preferred=True if fix.applicability is Applicability.SAFE else None,
                edit=edit,
            )
    for finding, about in here:
        edit = _suppress(finding, document, places)
        if edit is not None:
            yield types.CodeAction(
                title=f"bnlint: ignore {finding.code} ({finding.name}) here",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[about],
                edit=edit,
            )


def has_safe_fixes(findings: Iterable[Finding], cell: int | None = None) -> bool:
    """Whether "fix all" would change anything, in one cell of a notebook or in all of it."""
    return any(
        finding.fix is not None
        and finding.fix.applicability is Applicability.SAFE
        and cell in (None, finding.location.cell)
        for finding in findings
    )


def fix_all(texts: Iterable[tuple[Document, str]], kind: str) -> types.CodeAction | None:
    """All safe fixes, as edits of the lines that differ.

    Args:
        texts: documents, or cells of a notebook, with the new text of each.
        kind: :data:`FIX_ALL` or :data:`FIX_NOTEBOOK`.

    Returns:
        ``None`` where nothing differs.
    """
    changes = {document.uri: list(_line_edits(document, new)) for document, new in texts}
    changes = {uri: edits for uri, edits in changes.items() if edits}
    if not changes:
        return None
    where = " in the notebook" if kind == FIX_NOTEBOOK else ""
    return types.CodeAction(
        title=f"bnlint: fix all that is safe to fix{where}",
        kind=kind,
        edit=types.WorkspaceEdit(changes=dict(changes)),
    )


def _line_edits(document: Document, new: str) -> Iterator[types.TextEdit]:
    old_lines, new_lines = _with_ends(document.source), _with_ends(new)
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            text = "".join(new_lines[new_start:new_end])
            last = types.Position(end, 0)
            if end == len(old_lines):
                last = document.end
            yield types.TextEdit(types.Range(types.Position(start, 0), last), text)


def _with_ends(text: str) -> list[str]:
    lines = []
    start = 0
    for line in split_lines(text)[:-1]:
        end = start + len(line)
        end += 2 if text[end : end + 2] == "\r\n" else 1
        lines.append(text[start:end])
        start = end
    return [*lines, text[start:]] if start < len(text) else lines


def _title(fix: Fix, shown: types.Diagnostic) -> str:
    caveat = "" if fix.applicability is Applicability.SAFE else " (unsafe: read it first)"
    return f"bnlint {shown.code}: {fix.message or 'fix it'}{caveat}"


def _workspace_edit(fix: Fix, places: Places) -> types.WorkspaceEdit | None:
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in fix.edits:
        place = places.place(edit.location)
        if place is None:
            return None
        changes.setdefault(place.uri, []).append(types.TextEdit(place.range, edit.content))
    return types.WorkspaceEdit(changes=dict(changes))


def _suppress(finding: Finding, document: Document, places: Places) -> types.WorkspaceEdit | None:
    if finding.code in _NOT_SUPPRESSED:
        return None
    where = finding.location
    found = suppression(document.split, where.line, finding.code)
    if found is None:
        return None
    line, column, text = found
    point = Location(where.filename, line, column, line, column, where.cell)
    place = places.place(point)
    if place is None:
        return None
    return types.WorkspaceEdit(changes={place.uri: [types.TextEdit(place.range, text)]})


def _overlap(one: types.Range, other: types.Range) -> bool:
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
