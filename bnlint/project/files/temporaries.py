"""Writes files, the same way everywhere: completely or not at all, and never through a link.

New content is written to a new temporary file, in the folder of the file to replace, and takes its
place in one step. If the process is killed meanwhile, the temporary file remains. Its name contains
the process's number, and it is removed the next time something is written there.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

_NAME = re.compile(r".+\.([0-9]{1,10})(?:-[0-9a-f]{8})?\.bnlint-tmp(?:\.[0-9A-Za-z]+)?")
_ABANDONED = 3600.0
"""Seconds. Writing is fast; a large model takes some seconds."""
_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # opens neither an existing file nor the target of a link
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
_MOST_OF_A_NAME = 180  # characters; the system allows 255 bytes for the whole name


def beside(path: str, ending: str = "") -> str:
    """A name for a temporary file of this process that is to replace ``path``.

    The name cannot be guessed, so nobody can have put something there.

    Args:
        path: the file to replace.
        ending: suffix of the name, for code that depends on it.
    """
    folder, name = os.path.split(path)
    name = f"{name[:_MOST_OF_A_NAME]}.{os.getpid()}-{os.urandom(4).hex()}.bnlint-tmp{ending}"
    return os.path.join(folder, name)


@contextlib.contextmanager
def replacing(
    path: str,
    *,
    is_new: bool = False,
    syncs: bool = True,
    check: Callable[[], None] | None = None,
) -> Iterator[BinaryIO]:
    """Write new content for ``path``; it takes its place, completely, when the block ends.

    An existing file or link is replaced, not written to. Its mode stays, and if root writes a
    user's file, the user remains its owner.

    Args:
        path: the file.
        is_new: the file must not exist yet.
        syncs: wait for the disk, so that even a power cut does not leave half of the content.
        check: called just before the file is replaced; if this raises, it is not replaced.

    Raises:
        FileExistsError: ``is_new`` is set and the file exists.
        OSError: the file can't be written; an existing one stays as it is.
    """
    by_name = replacing_by_name(path, is_new=is_new, syncs=syncs, check=check)
    with by_name as temporary, open(temporary, "r+b") as file:
        yield file


@contextlib.contextmanager
def replacing_by_name(
    path: str,
    ending: str = "",
    *,
    is_new: bool = False,
    syncs: bool = True,
    check: Callable[[], None] | None = None,
) -> Iterator[str]:
    """:func:`replacing` for code that needs the name of a file to write to; it exists, empty.

    Args:
        path: see :func:`replacing`.
        ending: suffix of the name, for code that depends on it.
        is_new: see :func:`replacing`.
        syncs: see :func:`replacing`.
        check: see :func:`replacing`.
    """
    temporary = beside(path, ending)
    old = None if is_new else _regular(path)
    try:
        os.close(os.open(temporary, _FLAGS, 0o666 if old is None else 0o600))
        yield temporary
        if syncs or old is not None:
            with open(temporary, "r+b") as file:
                if syncs:
                    os.fsync(file.fileno())
                if old is not None:
                    _be_like(file.fileno(), temporary, old)
        if check is not None:
            check()
        put(temporary, path, is_new=is_new)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def put(temporary: str, path: str, *, is_new: bool = False) -> None:
    """Give ``temporary`` the name ``path``, in one step.

    Raises:
        FileExistsError: ``is_new`` is set and ``path`` exists.
        OSError: the file can't be renamed.
    """
    if not is_new:
        os.replace(temporary, path)
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError from None
        os.replace(temporary, path)
        return
    os.unlink(temporary)


def _regular(path: str) -> os.stat_result | None:
    """The status of the regular file at ``path``, if there is one."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _be_like(descriptor: int, temporary: str, old: os.stat_result) -> None:
    """Give a new file the owner and the mode of the one that it replaces."""
    if hasattr(os, "fchown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):  # no permission to change the owner
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))


def sweep(folders: Iterable[str]) -> None:
    """Remove the temporary files of ended processes in ``folders``; call this before writing."""
    for folder in sorted(set(folders)):
        with contextlib.suppress(OSError):  # no permission to list the folder
            for name in os.listdir(folder or os.curdir):
                if match := _NAME.fullmatch(name):
                    _remove(os.path.join(folder, name), int(match[1]))


def _remove(path: str, process: int) -> None:
    with contextlib.suppress(OSError):  # already removed, or no permission to remove it
        # A file with this process's number is from an earlier one: containers reuse the numbers.
        is_running = process != os.getpid() and _is_running(process)
        if not is_running or time.time() - os.lstat(path).st_mtime > _ABANDONED:
            os.unlink(path)


def _is_running(process: int) -> bool:
    """Whether there is such a process; presumed where the system can't say."""
    if os.name != "posix":
        return True  # on this system signal 0 would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
