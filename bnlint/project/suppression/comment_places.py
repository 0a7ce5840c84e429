"""Where to insert a comment that switches a rule off for one statement."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence

_OURS = re.compile(r"#\s*bnlint:\s*ignore\s*\[(?P<codes>[^\]]*)\]", re.IGNORECASE)


def suppression(lines: Sequence[str], line: int, code: str) -> tuple[int, int, str] | None:
    """What to insert, and where, so that ``code`` is not reported for the statement at ``line``.

    Args:
        lines: of the file, without their ends.
        line: where the finding starts, from 1.
        code: the rule's code.

    Returns:
        Line and column from 1, in characters, and the text; ``None`` where the end of the
        statement can't hold a comment.
    """
    first, last = _statement(lines, line)
    for number in range(first, last + 1):
        text = lines[number - 1]
        if (match := _OURS.search(text)) and _is_comment(lines, number, match.start()):
            named = match["codes"].rstrip()
            comma = ", " if named else ""
            return number, match.start("codes") + len(named) + 1, f"{comma}{code}"
    text = lines[last - 1]
    if text.endswith("\\"):
        return None
    return last, len(text.rstrip()) + 1, f"  # bnlint: ignore[{code}]"


def _statement(lines: Sequence[str], line: int) -> tuple[int, int]:
    """The first and the last line of the logical line that contains ``line``."""
    first = 0
    for token in _tokens(lines):
        if token.type == tokenize.NEWLINE:
            if first <= line <= token.end[0]:
                return first, token.end[0]
            first = 0
        elif not first and token.type not in _BETWEEN:
            first = token.start[0]
            if first > line:
                break
    return line, line


_BETWEEN = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)


def _is_comment(lines: Sequence[str], line: int, column: int) -> bool:
    return any(
        token.type == tokenize.COMMENT and token.start[0] == line and token.start[1] <= column
        for token in _tokens(lines)
    )


def _tokens(lines: Sequence[str]) -> list[tokenize.TokenInfo]:
    """The tokens that can be read; those of a broken file end early."""
    found = []
    text = "\n".join(lines) + "\n"
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
            found.append(token)  # noqa: PERF402  an error must not cost what came before it
    except (tokenize.TokenError, SyntaxError, RecursionError):
        pass
    return found
