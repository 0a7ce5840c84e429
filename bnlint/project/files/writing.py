"""Puts new source where the old one was: whole or not at all, with all that was kept of it."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat

from bnlint.project.files import temporaries
from bnlint.readers.source.parsing.text import declared_encoding


class Changed(Exception):  # noqa: N818
    """The file is not any more what it was when it was read."""


def encoded(text: str, old: bytes) -> bytes:
    """``text`` in the encoding of the file that it replaces, with its byte order mark.

    Raises:
        UnicodeEncodeError: the encoding lacks a character.
    """
    has_mark = old.startswith(codecs.BOM_UTF8)
    new = text.encode(declared_encoding(old))
    return codecs.BOM_UTF8 + new if has_mark else new


def replace(path: str, old: bytes, new: bytes) -> None:
    """Replace a file; at any moment it holds either ``old`` or ``new``, whole.

    The new content is written beside it, in the same folder, and takes its name in one step. What
    a link leads to is replaced, not the link; the mode stays.

    Raises:
        Changed: it is not ``old`` any more; it stays as it is.
        OSError: it can't be written; it stays as it is.
    """
    path = os.path.realpath(path)
    temporary = temporaries.beside(path)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with open(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        status = os.stat(path)
        _keep_owner(temporary, status)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        _check(path, old)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _check(path: str, old: bytes) -> None:
    with open(path, "rb") as file:
        if file.read() != old:
            raise Changed


_BINARY = getattr(os, "O_BINARY", 0)


def _keep_owner(path: str, status: os.stat_result) -> None:
    """Where root fixes a user's file, it stays the user's."""
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):  # not ours to give away
            os.chown(path, status.st_uid, status.st_gid)
