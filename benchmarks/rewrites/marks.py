"""Comments that carry the numbers of a file's lines through a rewrite."""

from __future__ import annotations

import bisect
import io
import re
import tokenize
from typing import Final

_MARK: Final = re.compile(r"#@(\d+)\s*$")
_NO_CODE: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
)


def marked(source: str) -> str | None:
    """The same program with its comments replaced by the numbers of their lines.

    ``None`` where a comment is read by bnlint, or the source cannot be split into tokens.
    """
    lines = source.splitlines()
    ends: dict[int, int] = {}
    comments: dict[int, int] = {}
    inside: set[int] = set()  # lines that end within a string
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                if re.search(r"noqa|bnlint|ruff|script", token.string):
                    return None
                comments[token.start[0]] = token.start[1]
            elif token.type in (tokenize.NL, tokenize.NEWLINE):
                ends.setdefault(token.start[0], token.start[1])
            elif token.type not in _NO_CODE and token.string:
                ends[token.end[0]] = token.end[1]
                inside.update(range(token.start[0], token.end[0]))
    except (tokenize.TokenError, SyntaxError):
        return None
    for number, column in ends.items():
        if (
            number <= len(lines)
            and number not in inside
            and not lines[number - 1].rstrip().endswith("\\")
        ):
            code = lines[number - 1][: comments.get(number, column)].rstrip()
            lines[number - 1] = f"{code}  #@{number}" if code.strip() else ""
    return "\n".join(lines) + "\n"


class Marks:
    """The numbers that the lines of a rewritten program had before.

    Args:
        source: the rewritten program.
    """

    def __init__(self, source: str) -> None:
        found = [(number, _MARK.search(line)) for number, line in enumerate(source.splitlines(), 1)]
        self._marks = [(number, int(match[1])) for number, match in found if match]
        self._lines = [number for number, _ in self._marks]

    def before(self, line: int) -> int:
        """The former number of a line; one without a mark belongs to the next that has one."""
        at = bisect.bisect_left(self._lines, line)
        return self._marks[at][1] if at < len(self._marks) else 0
