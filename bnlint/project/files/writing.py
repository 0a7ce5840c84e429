"""Replaces a source file with new source: completely or not at all, keeping encoding and mode."""

from __future__ import annotations

import codecs
import os

from bnlint.project.files import temporaries
from bnlint.readers.source.parsing.text import declared_encoding
from bnlint.settings.reach import regular_files


class Changed(Exception):  # noqa: N818
    """The file has changed since it was read."""


def encoded(text: str, old: bytes) -> bytes:
    """``text`` in the encoding of the file that it replaces, with its byte order mark.

    Raises:
        UnicodeEncodeError: the encoding lacks a character.
    """
    has_mark = old.startswith(codecs.BOM_UTF8)
    new = text.encode(declared_encoding(old))
    return codecs.BOM_UTF8 + new if has_mark else new


def replace(path: str, old: bytes, new: bytes) -> None:
    """Replace a file; at any moment it holds either ``old`` or ``new``, completely.

    The target of a link is replaced, not the link; the mode stays.

    Raises:
        Changed: the file is no longer ``old``; it stays as it is.
        OSError: the file can't be written; it stays as it is.
    """
    path = os.path.realpath(path)
    with temporaries.replacing(path, check=lambda: _check(path, old)) as file:
        file.write(new)


def _check(path: str, old: bytes) -> None:
    try:
        now = regular_files.read(path, len(old))
    except regular_files.TooLarge:
        raise Changed from None
    if now != old:
        raise Changed
