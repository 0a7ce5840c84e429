"""The files that new content is written to before it takes the place of the old.

They lie in the same folder, so that it does so in one step. A process that is killed meanwhile
leaves one; it tells by its name whose it was, and goes when something is written there again.
"""

from __future__ import annotations

import contextlib
import os
import re
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r".+\.([0-9]{1,10})\.bnlint-tmp(?:\.[0-9A-Za-z]+)?")
_ABANDONED = 3600.0
"""Seconds. Writing takes a moment, of a large model some seconds."""


def beside(path: str, ending: str = "") -> str:
    """The name of this process's temporary file for ``path``.

    Args:
        path: what it is to replace.
        ending: behind the name, for those who go by it.
    """
    return f"{path}.{os.getpid()}.bnlint-tmp{ending}"


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
        if not is_running or time.time() - os.stat(path).st_mtime > _ABANDONED:
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
