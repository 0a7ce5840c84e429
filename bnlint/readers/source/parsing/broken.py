"""Parsing what does not parse: the broken places are masked, and the rest is read.

A mask replaces whole logical lines by ``pass``, by a header of the same kind, or by blanks, so that
every position outside of it stays that of the original text. The first pass checks each logical
line by itself, which finds every misspelt line of the file in about the time of one more parse.
What is wrong between lines (a missing body, an odd indentation) is then mended round by round, each
round masking more; the rounds and the characters parsed are bounded, and the rest is blanked.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bnlint.readers.source.parsing.lowering.libcst_parser import (
    Unreadable,
    is_readable,
    on_a_large_stack,
)

MAX_PROBLEMS: Final = 10
TOO_DEEP: Final = "nested too deeply to be read"

PLACEHOLDER: Final = "_bnlint_unknown_"
"""Stands in a mask for an expression that is not known; lowered to a bare Expr."""

_MAX_ROUNDS: Final = 40
_MAX_PARSED: Final = 2_000_000  # characters over all rounds: about half a second
_MAX_CHECKED: Final = 20_000  # logical lines parsed one by one
_MAX_SPAN: Final = 2_000  # physical lines of one logical line


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A place that is no Python: lines and columns from 1, in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be parsed of a text.

    Attributes:
        tree: the module without the masked places; None where the syntax is newer than this Python.
        lines: the lines that ``tree`` was parsed from.
        problems: what was masked and why, in order, at most :data:`MAX_PROBLEMS`.
    """

    tree: ast.Module | None
    lines: list[str]
    problems: list[SyntaxProblem]


def parse(lines: Sequence[str]) -> Parsed:
    """Parses the lines of a module, masking what is broken."""
    lines = _without_surrogates(lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a string that is not raw, `x is 0`
        try:
            return Parsed(_tree(lines), lines, [])
        except _FAILURES:
            return _Repair(lines).run()


_FAILURES: Final = (SyntaxError, RecursionError, MemoryError)


def _tree(lines: Sequence[str]) -> ast.Module:
    return ast.parse("\n".join(lines))


def _without_surrogates(lines: Sequence[str]) -> list[str]:
    """A notebook's JSON can hold half a character, which the parser refuses to encode."""
    return [
        line if line.isascii() else line.encode("utf-8", "replace").decode("utf-8")
        for line in lines
    ]


# Logical lines

_TOKEN: Final = re.compile(
    r"""
    \#[^\n]*
    | \"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"""
    | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''
    | "[^"\\\n]*(?:\\.[^"\\\n]*)*"?
    | '[^'\\\n]*(?:\\.[^'\\\n]*)*'?
    | \\\n
    | [()\[\]{}\n]
    """,
    re.VERBOSE | re.DOTALL,
)

# No line inside brackets starts so, except in broken code.
_STATEMENT_START: Final = re.compile(
    r"\s*(?:(?:def|class|return|import|while|with|raise|del|global|nonlocal|assert|pass|break"
    r"|continue)\b|async\s+def\b|try\s*:|from\s+\S+\s+import\b)"
)

_HEADER_START: Final = re.compile(
    r"\s*(?:async|def|class|if|elif|for|while|with|except|match|case)\b"
)

_WHITE: Final = " \t\f"  # all that the tokenizer skips; str.strip() knows some twenty more

_FIRST_WORD: Final = re.compile(r"\w*")
_COLON: Final = re.compile(r":\s*(?:#.*)?$")


@dataclass(slots=True)
class _Logical:
    """A simple statement (or several on a line), a header, or a decorator."""

    first: int  # index of its first physical line
    last: int
    indent: int
    word: str
    attempts: int = 0


def _indent_of(line: str) -> int:
    return len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip(_WHITE))


def _is_code(line: str) -> bool:
    stripped = line.lstrip(_WHITE)
    return bool(stripped) and not stripped.startswith("#")


class Scanner:
    """Splits lines into logical lines, the same for valid code and sensibly for broken code."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._text = "\n".join(lines)
        self._budget = 8 * len(self._text) + 10_000
        self._offsets = [0]
        for line in lines:
            self._offsets.append(self._offsets[-1] + len(line) + 1)

    def last_line(self, first: int) -> int:
        """The index of the last physical line of the logical line that starts at ``first``."""
        return self._end(first, self._offsets[first])

    def run(self) -> list[_Logical]:
        found = []
        index = 0
        while index < len(self._lines):
            line = self._lines[index]
            if not _is_code(line):
                index += 1
                continue
            last = self.last_line(index)
            word = _FIRST_WORD.match(line.lstrip(_WHITE))
            found.append(_Logical(index, last, _indent_of(line), word.group() if word else ""))
            index = last + 1
        return found

    def _end(self, first: int, offset: int) -> int:
        """The last physical line of the logical line that starts at ``first``."""
        depth = 0
        line = first
        limit = _MAX_SPAN if self._budget > 0 else 0
        position = offset
        for token in _TOKEN.finditer(self._text, offset):
            text = token.group()
            position = token.end()
            if text == "\n":
                if depth <= 0:
                    break
                line += 1
                if line - first > limit or _STATEMENT_START.match(self._lines[line]):
                    self._budget -= position - offset
                    return self._unclosed_end(first, line)
            elif text in "([{":
                depth += 1
            elif text in ")]}":
                depth -= 1
            else:
                line += text.count("\n")
        self._budget -= position - offset
        if depth > 0:
            return self._unclosed_end(first, len(self._lines))
        return min(line, len(self._lines) - 1)

    def _unclosed_end(self, first: int, stop: int) -> int:
        """A bracket was left open: the statement ends where the indentation says so."""
        indent = _indent_of(self._lines[first])
        if _COLON.search(self._lines[first]) and _HEADER_START.match(self._lines[first]):
            return first
        for index in range(first + 1, stop):
            line = self._lines[index]
            if not _is_code(line):
                continue
            if _indent_of(line) <= indent and line.lstrip(_WHITE)[0] not in ")]}":
                return index - 1
        return max(stop - 1, first)


# Repair

_PREFIXES: Final = {
    "elif": "if _: pass\n",
    "else": "if _: pass\n",
    "except": "try: pass\n",
    "finally": "try: pass\n",
    "case": "match _:\n ",
}

# What a broken header is replaced by, so that its body and its siblings stay readable.
_HEADERS: Final = {
    "def": f"def {PLACEHOLDER}():",
    "async": f"def {PLACEHOLDER}():",
    "class": f"class {PLACEHOLDER}:",
    "elif": f"elif {PLACEHOLDER}:",
    "else": "else:",
    "try": "try:",
    "except": f"except {PLACEHOLDER}:",
    "finally": "finally:",
    "case": "case _:",
}
_ANY_HEADER: Final = f"if {PLACEHOLDER}:"

_DISORDER: Final = (IndentationError, TabError)


class _Repair:
    """The state of one repair."""

    def __init__(self, lines: list[str]) -> None:
        self._original = lines
        self._lines = list(lines)
        self._logical = Scanner(lines).run()
        self._problems: list[SyntaxProblem] = []

    def run(self) -> Parsed:
        broken = self._check_each()
        if broken and self._is_newer(broken):
            return Parsed(None, self._original, [])
        for index in broken:
            self._mask(index)
        tree = self._mend()
        places = {(each.line, each.column): each for each in reversed(self._problems)}
        problems = [places[place] for place in sorted(places)]
        return Parsed(tree, self._lines, problems[:MAX_PROBLEMS])

    # Each line by itself

    def _check_each(self) -> list[int]:
        """The logical lines that are broken whatever stands around them."""
        broken = []
        for index, logical in enumerate(self._logical[:_MAX_CHECKED]):
            problem = self._check(logical)
            if problem is not None:
                broken.append(index)
                self._problems.append(problem)
        return broken

    def _statement(self, logical: _Logical) -> str:
        """The text of a logical line, dedented."""
        lines = self._original[logical.first : logical.last + 1]
        return "\n".join([lines[0].lstrip(_WHITE), *lines[1:]])

    def _check(self, logical: _Logical) -> SyntaxProblem | None:
        text = self._statement(logical)
        prefix = ""
        if text.startswith("@"):
            text += "\ndef _(): pass"
        elif logical.word in _PREFIXES and not (logical.word == "case" and _parses(text)):
            prefix = _PREFIXES[logical.word]
        try:
            ast.parse(prefix + text)
        except SyntaxError as error:
            if _is_only_incomplete(error):
                return None
            margin = len(self._original[logical.first]) - len(
                self._original[logical.first].lstrip(_WHITE)
            )
            extra = prefix.count("\n")
            on_first = (error.lineno or 1) - extra <= 1
            shift = margin - len(prefix.rpartition("\n")[2]) if on_first else 0
            return self._problem(error, logical.first - extra, shift)
        except (RecursionError, MemoryError):
            return self._whole(logical, TOO_DEEP)
        return None

    def _is_newer(self, broken: list[int]) -> bool:
        """Whether LibCST knows this syntax though this Python's parser does not.

        There is no :mod:`ast` to bound the depth by, so the lengths of the lines do.
        """
        if any(problem.message == TOO_DEEP for problem in self._problems):
            return False
        if any(len(self._statement(logical)) > 4_000 for logical in self._logical):
            return False
        if len(self._original) > 20_000:
            return False
        text = "\n".join(self._original) + "\n"
        pieces = [self._for_libcst(self._logical[index]) for index in broken]
        try:
            return on_a_large_stack(
                lambda: all(is_readable(piece) for piece in pieces) and is_readable(text)
            )
        except Unreadable:
            return False

    def _for_libcst(self, logical: _Logical) -> str:
        text = self._statement(logical)
        body = "\n pass\n" if _COLON.search(text) else "\n"
        if logical.word == "case":
            body = "\n  pass\n"
        if text.startswith("@"):
            body = "\ndef _(): pass\n"
        prefix = _PREFIXES.get(logical.word, "")
        suffix = "except _: pass\n" if logical.word == "try" else ""
        return prefix + text + body + suffix

    # Masks

    def _replace(self, logical: _Logical, text: str) -> None:
        """Puts ``text`` at the indentation of a logical line, and nothing on its other lines."""
        original = self._original[logical.first]
        margin = original[: len(original) - len(original.lstrip(_WHITE))]
        self._lines[logical.first] = margin + text if text else ""
        for index in range(logical.first + 1, logical.last + 1):
            self._lines[index] = ""
        logical.attempts += 1

    def _has_body(self, index: int) -> bool:
        """Whether deeper lines follow."""
        following = index + 1
        return (
            following < len(self._logical)
            and self._logical[following].indent > self._logical[index].indent
        )

    def _mask(self, index: int) -> None:
        logical = self._logical[index]
        header = _HEADERS.get(logical.word)
        if self._has_body(index):
            self._replace(logical, header or _ANY_HEADER)
        else:
            self._replace(logical, "pass" if header is None else header + " pass")

    def _mask_alone(self, index: int) -> None:
        """As :meth:`_mask`, for a clause that has lost what it belongs to."""
        self._replace(self._logical[index], _ANY_HEADER if self._has_body(index) else "pass")

    def _block(self, index: int) -> range:
        """A header and all that is deeper; or the lines from one that is as deep or deeper."""
        indent = self._logical[index].indent
        end = index + 1
        while end < len(self._logical) and self._logical[end].indent > indent:
            end += 1
        return range(index, end)

    def _mask_block(self, index: int, text: str = "pass") -> None:
        for each in self._block(index):
            self._replace(self._logical[each], text if each == index else "")
        self._blank_decorators(index)

    def _blank_decorators(self, index: int) -> None:
        while index > 0 and self._is_decorator(index - 1):
            index -= 1
            self._replace(self._logical[index], "")

    def _is_decorator(self, index: int) -> bool:
        return self._lines[self._logical[index].first].lstrip(_WHITE).startswith("@")

    # What is wrong between lines

    def _mend(self) -> ast.Module:
        budget = max(_MAX_PARSED, 3 * sum(map(len, self._lines)))
        size = sum(map(len, self._lines))
        line = 1
        for _ in range(_MAX_ROUNDS):
            budget -= size
            if budget < 0 or not self._logical:
                break
            try:
                return _tree(self._lines)
            except SyntaxError as error:
                line = error.lineno or 1
                self._mend_one(error)
            except (RecursionError, MemoryError):
                self._mask_deep_blocks()
        return self._blank_from(line)

    def _blank_from(self, line: int) -> ast.Module:
        """Gives up on everything from the top-level statement around ``line`` on."""
        for _ in range(3):
            index = self._at(line)
            while index > 0 and self._logical[index].indent > 0:
                index -= 1
            first = self._logical[index].first if self._logical else 0
            self._lines[first:] = [""] * (len(self._lines) - first)
            try:
                return _tree(self._lines)
            except SyntaxError as error:
                line = error.lineno or 1
            except (RecursionError, MemoryError):
                break
        self._lines = [""] * len(self._lines)
        return _tree(self._lines)

    def _at(self, line: int) -> int:
        """The logical line that a physical line is in, or else the last one before it."""
        low, high = 0, len(self._logical)
        while low < high:
            middle = (low + high) // 2
            if self._logical[middle].first < line:
                low = middle + 1
            else:
                high = middle
        return max(low - 1, 0)

    def _mend_one(self, error: SyntaxError) -> None:
        index = self._at(error.lineno or 1)
        message = error.msg or ""
        owner = re.search(r"on line (\d+)$", message)
        if isinstance(error, IndentationError) and message.startswith("expected an ind") and owner:
            self._give_body(self._at(int(owner.group(1))), error)
        elif message == "unexpected unindent" and index > 0:
            self._report(error, index)  # what stands before is incomplete: a decorator, mostly
            self._escalate(index if self._is_decorator(index - 1) else index - 1)
        elif isinstance(error, _DISORDER):
            self._report(error, index)
            self._blank_run(index)
        elif message.startswith("expected 'except' or 'finally'"):
            opening = self._opening_try(index)
            self._report(error, opening)
            self._escalate(opening)
        else:
            if message.startswith("too many nested"):
                error.msg = TOO_DEEP
            self._report(error, index)
            self._escalate(index)

    def _report(self, error: SyntaxError, index: int) -> None:
        """Adds a problem, unless an earlier mask is what led to this one."""
        around = self._logical[max(index - 1, 0) : index + 1]
        if not any(logical.attempts for logical in around):
            self._problems.append(self._problem(error, 0, 0))

    def _give_body(self, index: int, error: SyntaxError) -> None:
        logical = self._logical[index]
        if logical.attempts:
            self._escalate(index)
            return
        self._problems.append(self._problem(error, 0, 0))
        last = self._lines[logical.last]
        self._lines[logical.last] = _COLON.sub(": pass", last)
        logical.attempts += 1

    def _blank_run(self, index: int) -> None:
        """Blanks a line with an impossible indentation, and those as deep that follow."""
        indent = self._logical[index].indent
        if self._logical[index].attempts or indent == 0:
            self._escalate(index)
            return
        while index < len(self._logical) and self._logical[index].indent >= indent:
            self._replace(self._logical[index], "")
            index += 1

    def _opening_try(self, index: int) -> int:
        indent = self._logical[index].indent
        for each in range(index, -1, -1):
            logical = self._logical[each]
            if logical.word == "try" and logical.indent >= indent and logical.attempts == 0:
                return each
        return index

    def _escalate(self, index: int) -> None:
        """Masks more than before: the line, then its block, then those around it, then the rest."""
        logical = self._logical[index]
        attempts = logical.attempts
        if attempts == 0 and index > 0 and self._is_decorator(index - 1):
            self._blank_decorators(index)  # they have nothing to decorate
        elif attempts == 0:
            self._mask_alone(index)
        elif attempts == 1 and self._is_decorator(index):
            self._replace(logical, "")
        elif attempts <= 2:
            self._mask_block(index)
            logical.attempts = 3
        else:
            outer = self._outer(index)
            if outer is None:
                self._mask_before(index)
            else:
                self._mask_block(outer)
                self._logical[outer].attempts = 3

    def _mask_before(self, index: int) -> None:
        """A top-level mask that still does not parse: what stands before it is to blame."""
        while index > 0 and not any(
            self._lines[each].strip(_WHITE)
            for each in range(self._logical[index].first, self._logical[index].last + 1)
        ):
            index -= 1
        self._replace(self._logical[index], "")

    def _outer(self, index: int) -> int | None:
        indent = self._logical[index].indent
        for each in range(index - 1, -1, -1):
            if self._logical[each].indent < indent:
                return each
        return None

    def _mask_deep_blocks(self) -> None:
        """The depth is in the blocks: long chains of ``elif``, mostly."""
        for index, logical in enumerate(self._logical):
            if logical.indent > 0 or logical.word in ("elif", "else", "except", "finally"):
                continue
            end = index + 1
            while end < len(self._logical) and (
                self._logical[end].indent > 0
                or self._logical[end].word in ("elif", "else", "except", "finally")
            ):
                end += 1
            last = self._logical[end - 1].last
            if last == logical.last:
                continue
            try:
                _tree(self._lines[logical.first : last + 1])
            except (RecursionError, MemoryError):
                self._problems.append(self._whole(logical, TOO_DEEP))
                for each in range(index, end):
                    self._replace(self._logical[each], "pass" if each == index else "")
            except SyntaxError:
                continue

    # Problems

    def _whole(self, logical: _Logical, message: str) -> SyntaxProblem:
        first = self._original[logical.first]
        last = self._original[logical.last].rstrip(_WHITE)
        column = len(first) - len(first.lstrip(_WHITE)) + 1
        return SyntaxProblem(logical.first + 1, column, logical.last + 1, len(last) + 1, message)

    def _problem(self, error: SyntaxError, lines: int, columns: int) -> SyntaxProblem:
        """The problem at an error of a text that starts ``lines`` and ``columns`` further on."""
        count = len(self._original)
        line = min(max((error.lineno or 1) + lines, 1), count)
        width = len(self._original[line - 1]) + 1
        column = min(max((error.offset or 1) + columns, 1), width)
        end_line = min(max((error.end_lineno or 0) + lines, line), count)
        end_width = len(self._original[end_line - 1]) + 1
        end_column = min((error.end_offset or 0) + (columns if end_line == line else 0), end_width)
        if (end_line, end_column) <= (line, column):
            column = max(min(column, width - 1), 1)  # the last character, where the line ends early
            end_line, end_column = line, min(column + 1, width)
        message = TOO_DEEP if (error.msg or "").startswith("too many nested") else error.msg
        return SyntaxProblem(line, column, end_line, end_column, message or "invalid syntax")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except _FAILURES:
        return False
    return True


def _is_only_incomplete(error: SyntaxError) -> bool:
    """Whether what is missing may stand on the following lines: a body, or the handlers."""
    message = error.msg or ""
    return message.startswith(("expected an indented block", "expected 'except' or 'finally'"))
