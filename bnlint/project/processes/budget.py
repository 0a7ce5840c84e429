"""Limits for the reading of one file: seconds of CPU, and memory.

The reader has limits of its own, which always cut a program at the same place. This module is for
cases that they miss: somebody may write a file that makes any step of the reader take for ever.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Final

SECONDS: Final = 4.0
"""CPU time for a file of usual size. The largest of the public packages takes a quarter of it."""

_USUAL_SIZE: Final = 500_000
_BYTES_A_SECOND: Final = 250_000
_MOST_SECONDS: Final = 20.0
_MEMORY: Final = 400_000_000
_MEMORY_A_BYTE: Final = 12
_AGAIN: Final = 0.5
"""Seconds until the limit is signalled again, in case the first signal had no effect."""

_expendable = False
_limited: FrameType | None = None
"""The frame whose block is limited by a signal."""


class Exceeded(BaseException):
    """The budget is used up. Not an ``Exception``, so that no handler for errors catches it."""


def be_expendable() -> None:
    """Allow the system to end this process, a worker, where an exception would not end the work."""
    global _expendable  # noqa: PLW0603  this process is no other's
    _expendable = True


def seconds_for(size: int) -> float:
    """How long a file of ``size`` bytes may take."""
    return min(SECONDS + max(size - _USUAL_SIZE, 0) / _BYTES_A_SECOND, _MOST_SECONDS)


@contextlib.contextmanager
def limited(size: int) -> Iterator[None]:
    """Limit this block to what the reading of ``size`` bytes may cost.

    Raises:
        Exceeded: the block took longer.
        MemoryError: the block needs more memory.
    """
    seconds = seconds_for(size)
    timed = _signalled if threading.current_thread() is threading.main_thread() else _watched
    with _hard_end(3 * seconds), _memory(_MEMORY + _MEMORY_A_BYTE * size), timed(seconds):
        yield


@contextlib.contextmanager
def _signalled(seconds: float) -> Iterator[None]:
    """Limit the time by a signal, which Python delivers to the main thread."""
    if not hasattr(signal, "setitimer"):  # Windows
        with _watched(seconds):
            yield
        return
    global _limited  # noqa: PLW0603  a process has one such timer
    before = signal.signal(signal.SIGVTALRM, _exceeded)
    _limited = _user_of_this_module()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        _limited = None
        signal.signal(signal.SIGVTALRM, before)


def _exceeded(_number: int, frame: FrameType | None) -> None:
    """End the limited block; not the code here that ends its limits, and nothing after it."""
    inside = False
    while _limited is not None and frame is not None:
        if frame is _limited:
            if inside:
                raise Exceeded
            return
        inside = inside or frame.f_code.co_filename not in _OWN_FILES
        frame = frame.f_back


def _user_of_this_module() -> FrameType | None:
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_filename in _OWN_FILES:
        frame = frame.f_back
    return frame


_OWN_FILES: Final = (__file__, contextlib.__file__)


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Limit the time by another thread, for calls of the API from a thread without signals."""
    import ctypes

    worker = threading.get_ident()
    done = threading.Event()
    raises = ctypes.pythonapi.PyThreadState_SetAsyncExc
    lock = threading.Lock()

    def watch() -> None:
        while not done.wait(seconds if _spent(worker) is None else _AGAIN):
            spent = _spent(worker)
            with lock:
                if not done.is_set() and (spent is None or spent - start > seconds):
                    raises(ctypes.c_ulong(worker), ctypes.py_object(Exceeded))

    start = _spent(worker) or 0.0
    watcher = threading.Thread(target=watch, name="bnlint-budget", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            done.set()
        watcher.join()


def _spent(thread: int) -> float | None:
    """The CPU seconds of a thread, where the system reports them."""
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(thread))
    except (AttributeError, OSError):
        return None


@contextlib.contextmanager
def _hard_end(seconds: float) -> Iterator[None]:
    """Let the system end an expendable process whose work no exception can stop."""
    if not _expendable or sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    end = int(time.process_time() + seconds) + 2
    if hard == resource.RLIM_INFINITY or end < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (end, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


@contextlib.contextmanager
def _memory(more: int) -> Iterator[None]:
    """Make allocations fail after ``more`` further bytes.

    If threads of other code run in this process, or the system can't do it, nothing changes.
    """
    used = _used() if threading.active_count() == 1 else None
    if used is None or sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = used + more
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _used() -> int | None:
    """The bytes of data that this process has, where the system reports them."""
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[5])
    except (OSError, ValueError, IndexError):
        return None
    return pages * _page()


def _page() -> int:
    import resource

    return resource.getpagesize()
