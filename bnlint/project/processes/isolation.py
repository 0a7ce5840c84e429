"""Runs one job in a process of its own, so that a crash affects only that process."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Final, NoReturn, TypeVar

from bnlint.project.processes import interrupts

Job = TypeVar("Job")
Result = TypeVar("Result")

MOST_SECONDS: Final = 60.0
_alone = False


def run(
    work: Callable[[Job], Result], job: Job, died: Result, *, seconds: float = MOST_SECONDS
) -> Result:
    """``work(job)`` in a child of this process; here where the system can't fork.

    Args:
        work: a function that does not raise; its result can be pickled.
        job: its argument.
        died: what to return if the child crashed, was killed, or took too long.
        seconds: the time limit.
    """
    if not hasattr(os, "fork"):
        return work(job)
    import pickle

    reading, writing = os.pipe()
    with interrupts.held_back():
        child = os.fork()
        if child == 0:
            os.close(reading)
            _be_child(work, job, writing)
    os.close(writing)
    try:
        answer = _received(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        _end(child)
    # Our own child wrote it; an incomplete answer counts as none.
    try:
        result: Result = pickle.loads(answer)  # noqa: S301
    except (EOFError, pickle.UnpicklingError):
        return died
    return result


def at_most(more: int) -> None:
    """In a child of :func:`run`: make allocations fail after ``more`` further bytes.

    So a damaged file that requests gigabytes does not make the machine swap. In other processes,
    and on systems without such limits, nothing changes.
    """
    if not _alone:
        return
    with contextlib.suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            used = next(int(line.split()[1]) for line in status if line.startswith("VmData:"))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used * 1024 + more, hard))


@contextlib.contextmanager
def hurried(seconds: float = 1.0) -> Iterator[None]:
    """In a child of :func:`run`: end the process if the code in this block takes too long.

    A damaged file can put a C library into an endless loop, which no exception can end.

    Args:
        seconds: of CPU time; more than any undamaged file needs for one query.
    """
    if not _alone:
        yield
        return
    # Its signal ends a process that does not handle it.
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)


def _be_child(work: Callable[[Job], Result], job: Job, writing: int) -> NoReturn:
    import pickle

    global _alone  # noqa: PLW0603  this process is no other's
    _alone = True
    # OpenBLAS would start a thread per processor when NumPy is imported, which takes as long as all
    # the rest of NumPy; the work here multiplies no matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    status = 1
    try:
        interrupts.end_quietly()
        answer = memoryview(pickle.dumps(work(job)))
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        # The child must not continue with the parent's code, not even after an exception.
        os._exit(status)


def _received(reading: int, end: float) -> bytes:
    """What the child wrote until it ended; empty if it takes too long."""
    import select

    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], max(end - time.monotonic(), 0))
        if not ready:
            return b""
        piece = os.read(reading, 1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
