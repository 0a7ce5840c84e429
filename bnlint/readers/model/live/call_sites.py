"""Finds the call in the source that a running frame executes, as the source reader locates it."""

from __future__ import annotations

import ast
import functools
import itertools
import os
import sys
import tokenize
from types import CodeType

from bnlint.findings import Location


def location_of(
    code: CodeType, instruction: int, line: int, shown: str, path: str | None
) -> Location:
    """The place of the call that an instruction makes.

    Args:
        code: what runs.
        instruction: the frame's last instruction.
        line: the frame's line.
        shown: the file as findings name it.
        path: the path of the layer that the call constructs.

    Returns:
        The whole call; only the line where the source is not available, or where it could be one
        of several calls.
    """
    span = _span(code, instruction, line)
    if span is None:
        return Location(shown, line, 1, line, 1, path=path)
    return Location(shown, *span, path=path)


def _span(code: CodeType, instruction: int, line: int) -> tuple[int, int, int, int] | None:
    calls = _calls(os.path.abspath(code.co_filename))
    if sys.version_info >= (3, 11):
        # The start of an attribute's call may be that of the attribute; its end is certain.
        positions = itertools.islice(code.co_positions(), instruction // 2, None)
        _, end, _, end_column = next(positions, (None, None, None, None))
        found = [
            call for call in calls if (call.end_lineno, call.end_col_offset) == (end, end_column)
        ]
        exact = next(iter(found), None)
    else:
        found = [call for call in calls if call.lineno == line]
        exact = found[0] if len(found) == 1 else None
    if exact is None or exact.end_lineno is None or exact.end_col_offset is None:
        return None
    lines = _lines(os.path.abspath(code.co_filename))
    return (
        exact.lineno,
        _character(lines[exact.lineno - 1], exact.col_offset) + 1,
        exact.end_lineno,
        _character(lines[exact.end_lineno - 1], exact.end_col_offset) + 1,
    )


def _character(line: str, offset: int) -> int:
    """The index of the character at a UTF-8 byte offset of a line."""
    return len(line.encode("utf-8", "replace")[:offset].decode("utf-8", "ignore"))


@functools.cache
def _text(path: str) -> str:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ""


@functools.cache
def _lines(path: str) -> list[str]:
    return _text(path).split("\n")


@functools.cache
def _calls(path: str) -> list[ast.Call]:
    """The calls in a file, outer ones first."""
    try:
        tree = ast.parse(_text(path))
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
