"""Reads files, the same way everywhere: only regular files, and only up to a size limit.

A repository may hold a named pipe, or a link to a device, under any name that bnlint looks for: a
settings file, an ignore file, an imported module. Opening a pipe could wait for ever, and reading a
device might never end.
"""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

MOST_BYTES_OF_TEXT = 4_000_000
"""For files that people write: settings, requirements, ignore files, pages, rules."""

_CHUNK = 1 << 20
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # without it, opening a pipe waits for its other end
)


class TooLarge(OSError):  # noqa: N818  it names what the file is
    """The file is larger than allowed."""


def open_regular(path: str) -> tuple[int, int]:
    """A descriptor of the regular file at ``path``, and its size as the system reports it.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, _FLAGS)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return descriptor, status.st_size
    os.close(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    raise OSError(errno.EINVAL, f"{kind(status.st_mode)}, not a file; it was not read", path)


def opened(path: str) -> BinaryIO:
    """The regular file at ``path``, open to be read in pieces.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    return open(open_regular(path)[0], "rb")


def read(path: str, most: int = MOST_BYTES_OF_TEXT) -> bytes:
    """The content of the regular file at ``path``.

    Raises:
        TooLarge: it holds more than ``most`` bytes.
        OSError: it cannot be read, or is no regular file.
    """
    descriptor, size = open_regular(path)
    try:
        if size <= most:
            data = read_from(descriptor, size, most)
            if len(data) <= most:
                return data
    finally:
        os.close(descriptor)
    raise TooLarge(errno.EFBIG, f"larger than {most / 1e6:g} MB", path)


def read_from(descriptor: int, size: int, most: int) -> bytes:
    """The content of an open file; a little more than ``most`` bytes if it is larger.

    A file may grow meanwhile, and virtual files of the kernel report a size of zero.
    """
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    pieces = [data]
    length = len(data)
    while length <= most and (piece := os.read(descriptor, _CHUNK)):
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def kind(mode: int) -> str:
    """A name for the kind of something that is neither a file nor a folder."""
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"
