"""Comments that switch a rule off: for a statement, or for a file.

``# noqa: BN201``, ``# bnlint: ignore[BN201]`` and ``# bnlint: file-ignore[BN201]``. A comment
counts for the whole statement it stands in; in a compound statement only for the header.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bnlint.findings import Finding, Location, Severity

UNUSED = "BN002"

_NOQA = re.compile(
    r"#\s*(?P<word>noqa)\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+\b)*)", re.IGNORECASE
)
_OURS = re.compile(
    r"#\s*bnlint:\s*(?P<word>(?:file-)?ignore)\b(?:\s*\[(?P<codes>[^\]]*)\])?", re.IGNORECASE
)
_CODE_OF_OURS = re.compile(r"BN[0-9]{3}")
_COMMENT = re.compile(r"#.*")


Block: TypeAlias = tuple[int | None, Sequence[str]]
"""A file's lines, or the number of a notebook's cell and its lines."""


@dataclass(slots=True)
class Suppression:
    """One directive in a comment.

    Attributes:
        location: of the directive, without the rest of the comment.
        text: as it is written.
        named: the rules it names, as written.
        codes: their codes; a name that no rule has is missing.
        first: the first line it counts for.
        last: the last one.
        is_noqa: it is shared with other tools.
        is_bare: it names no rule.
        used: the codes that suppressed a finding.
    """

    location: Location
    text: str
    named: tuple[str, ...]
    codes: dict[str, str]
    first: int
    last: float
    is_noqa: bool
    is_bare: bool
    used: set[str] = field(default_factory=set)

    def covers(self, place: Location) -> bool:
        """Whether it counts for what starts at ``place``; one for the file counts in every cell."""
        if self.last == float("inf"):
            return True
        return self.location.cell == place.cell and self.first <= place.line <= self.last


def apply(
    filename: str,
    blocks: Iterable[Block],
    findings: list[Finding],
    names: Mapping[str, str],
    enabled: Collection[str],
) -> list[Finding]:
    """The findings of one file that no comment suppresses, and one for each useless comment.

    Args:
        filename: the file, as in the findings.
        blocks: its lines.
        findings: all that was found in it.
        names: code to name, for all rules.
        enabled: the codes of the rules that are on in this file.
    """
    suppressions = [
        found for cell, lines in blocks for found in find(filename, lines, names, cell=cell)
    ]
    if not suppressions:
        return findings
    kept = [finding for finding in findings if not _suppressed(finding, suppressions)]
    if UNUSED in enabled:
        vain = [said for one in suppressions for said in _in_vain(one, names, enabled)]
        kept += [finding for finding in vain if not _suppressed(finding, suppressions)]
    return kept


def _suppressed(finding: Finding, suppressions: list[Suppression]) -> bool:
    hit = False
    for suppression in suppressions:
        if finding.code in suppression.codes.values() and suppression.covers(finding.location):
            suppression.used.add(finding.code)
            hit = True
    return hit


def _in_vain(
    suppression: Suppression, names: Mapping[str, str], enabled: Collection[str]
) -> Iterator[Finding]:
    """The problems of a suppression, after it was applied to all findings."""
    shown = f"`{suppression.text}`"
    if suppression.is_bare:
        yield _finding(
            suppression, f"{shown} names no rule", f"Name it: `{suppression.text}[BN201]`"
        )
        return
    unknown = [name for name in suppression.named if name not in suppression.codes]
    if suppression.is_noqa:
        unknown = [name for name in unknown if _CODE_OF_OURS.fullmatch(name)]
    if unknown:
        known = [*names, *names.values()]
        yield _finding(
            suppression,
            f"no rule is called {', '.join(f'`{name}`' for name in unknown)}",
            _nearest(unknown[0], known),
        )
    unused = [
        name
        for name, code in suppression.codes.items()
        if code in enabled and code not in suppression.used and code != UNUSED
    ]
    if unused:
        yield _finding(
            suppression,
            f"{shown} has nothing to suppress"
            if len(unused) == len(suppression.named)
            else f"there is no {' and no '.join(unused)} for {shown} to suppress",
            "Remove the comment"
            if len(unused) == len(suppression.named)
            else f"Remove {' and '.join(unused)} from the comment",
        )


def _finding(suppression: Suppression, message: str, help_: str) -> Finding:
    return Finding(
        UNUSED, "unused-suppression", Severity.WARNING, suppression.location, message, help_
    )


def _nearest(word: str, known: list[str]) -> str:
    from bnlint.settings import suggestion

    hint = suggestion(word, known).removeprefix("; did you mean ").removesuffix("?")
    return f"Did you mean {hint}?" if hint else "`bnlint --list-rules` shows all rules"


def find(
    filename: str, lines: Sequence[str], names: Mapping[str, str], *, cell: int | None = None
) -> list[Suppression]:
    """All suppressions of a file, or of one cell of a notebook, in order."""
    code_of = {name: code for code, name in names.items()} | {code: code for code in names}
    if not any(_may_concern_us(line, code_of) for line in lines):
        return []  # saves the tokenizer's time
    found = []
    for (line, column, text), (first, last) in _comments(lines):
        for pattern in (_NOQA, _OURS):
            for match in pattern.finditer(text):
                is_noqa = pattern is _NOQA
                word = match["word"].lower()
                named = tuple(part for part in re.split(r"[\s,]+", match["codes"] or "") if part)
                if is_noqa:
                    named = tuple(part.upper() for part in named)
                found.append(
                    Suppression(
                        Location(
                            filename,
                            line,
                            column + match.start() + 1,
                            line,
                            column + match.end() + 1,
                            cell,
                        ),
                        match[0],
                        named,
                        {name: code_of[name] for name in named if name in code_of},
                        1 if word == "file-ignore" else first,
                        float("inf") if word == "file-ignore" else last,
                        is_noqa,
                        not named,
                    )
                )
    return found


def _may_concern_us(line: str, code_of: Mapping[str, str]) -> bool:
    if "#" not in line:
        return False
    if "bnlint:" in line.lower() and _OURS.search(line):
        return True
    return "noqa" in line.lower() and any(
        _CODE_OF_OURS.fullmatch(code) or code in code_of
        for match in _NOQA.finditer(line)
        for code in re.split(r"[\s,]+", match["codes"].upper())
    )


_Comment = tuple[int, int, str]
_Range = tuple[int, int]


def _comments(lines: Sequence[str]) -> Iterator[tuple[_Comment, _Range]]:
    """Every comment (line, column from 0, text) with the lines of the statement around it.

    Here a statement is a logical line of the tokenizer. Where the tokenizer fails on a broken file,
    each remaining line is a statement, and everything that looks like a comment is one.
    """
    pending: list[_Comment] = []
    first = 0
    done = 0
    text = "\n".join(lines) + "\n"
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
            kind = token.type
            if kind == tokenize.COMMENT:
                pending.append((token.start[0], token.start[1], token.string))
            elif kind in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
                pass
            elif not first:
                first = token.start[0]
                # Comments on lines of their own before the statement are not part of it.
                yield from ((comment, (comment[0], comment[0])) for comment in pending)
                pending.clear()
                done = first - 1
            if kind == tokenize.NEWLINE:
                done = token.end[0]
                yield from ((comment, (first, done)) for comment in pending)
                pending.clear()
                first = 0
        yield from ((comment, (comment[0], comment[0])) for comment in pending)
    except (tokenize.TokenError, SyntaxError, RecursionError):
        for number, line in enumerate(lines[done:], done + 1):
            if match := _COMMENT.search(line):
                yield (number, match.start(), match[0]), (number, number)
