"""Literals as LibCST keeps them, in the author's spelling -> their values."""

from __future__ import annotations

import ast
import warnings
from typing import Final

from bnlint.readers.source.parsing import program as p

UNKNOWN_LITERAL: Final = object()


def evaluate(text: str) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a string that is not raw
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN_LITERAL


def string(text: str) -> object:
    quote = text[0]
    if quote in "rR" and text[1] in "\"'":
        text, quote = text[1:], text[1]
    elif quote not in "\"'" or "\\" in text:
        return evaluate(text)
    return text[3:-3] if text.startswith(quote * 3) else text[1:-1]


def joined(pieces: list[p.Expr]) -> p.Expr:
    """Adjacent literals as one."""
    if all(type(piece) is p.Const for piece in pieces):
        values = [piece.value for piece in pieces if isinstance(piece, p.Const)]
        if all(isinstance(value, str) for value in values):
            return p.Const("".join(map(str, values)))
        if all(isinstance(value, bytes) for value in values):
            return p.Const(b"".join(value for value in values if isinstance(value, bytes)))
        return p.Expr()
    parts: list[str | p.Expr] = []
    for piece in pieces:
        if isinstance(piece, p.JoinedStr):
            parts.extend(piece.parts)
        elif isinstance(piece, p.Const) and isinstance(piece.value, str):
            parts.append(piece.value)
        else:
            parts.append(p.Expr())
    return p.JoinedStr(merged(parts))


def merged(parts: list[str | p.Expr]) -> tuple[str | p.Expr, ...]:
    """The parts of an f-string with adjacent text as one."""
    merged: list[str | p.Expr] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def format_text(text: str, start: str) -> str | None:
    """The characters between the replacement fields of an f-string; None if they are unclear."""
    if "\\" in text and "r" not in start:
        quotes = start.lstrip("furtb")
        value = evaluate(f"{quotes}{text} {quotes}")  # a blank, because a quote may stand last
        if not isinstance(value, str):
            return None
        text = value[:-1]
    return text.replace("{{", "{").replace("}}", "}")
