"""The one way in which a file is written: whole or not at all, and never through a link.

New content is written to a temporary file that did not exist before, in the folder of the file that
it is to replace, and takes its place in one step. A process that is killed meanwhile leaves the
temporary; it tells by its name whose it was, and goes when something is written there again.
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
"""Seconds. Writing takes a moment, of a large model some seconds."""
_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # neither what is there nor what a link there leads to
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)
_MOST_OF_A_NAME = 180  # characters; the system has 255 bytes for the whole


def beside(path: str, ending: str = "") -> str:
    """A name for a temporary file of this process that is to replace ``path``.

    Nobody can know it before, so nobody can have put something there.

    Args:
        path: what it is to replace.
        ending: behind the name, for those who go by it.
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
    """Write what ``path`` is to hold; it takes its place when the block ends, whole.

    What lies there, be it a link, is replaced, not written to. Its mode stays, and where root
    writes a user's file, it stays the user's.

    Args:
        path: the file.
        is_new: nothing may lie there.
        syncs: wait for the disk, so that not even a power cut leaves half of it.
        check: called just before it takes its place, which it does not if this raises.

    Raises:
        FileExistsError: something lies there that was to be new.
        OSError: it can't be written; what lies there stays as it is.
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
    """:func:`replacing` for what wants the name of the file to write to: it is there, and empty.

    Args:
        path: see there, and for the others.
        ending: of the name, for those who go by it.
        is_new: see there.
        syncs: see there.
        check: see there.
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
        FileExistsError: something lies there that was to be new.
        OSError: it can't be done.
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
    """What is known of the regular file at ``path``, if there is one."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _be_like(descriptor: int, temporary: str, old: os.stat_result) -> None:
    """Give a new file the owner and the mode of the one that it replaces."""
    if hasattr(os, "fchown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):  # not ours to give away
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))


def sweep(folders: Iterable[str]) -> None:
    """Remove what processes that are gone left in ``folders``; before this one writes there."""
    for folder in sorted(set(folders)):
        with contextlib.suppress(OSError):  # not ours to look at
            for name in os.listdir(folder or os.curdir):
                if match := _NAME.fullmatch(name):
                    _remove(os.path.join(folder, name), int(match[1]))


def _remove(path: str, process: int) -> None:
    with contextlib.suppress(OSError):  # gone already, or not ours to remove
        # One of this process's number is of an earlier one: in containers numbers come again.
        is_running = process != os.getpid() and _is_running(process)
        if not is_running or time.time() - os.lstat(path).st_mtime > _ABANDONED:
            os.unlink(path)


def _is_running(process: int) -> bool:
    """Whether there is such a process; where that can't be asked, it is taken for granted."""
    if os.name != "posix":
        return True  # signal 0 would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
