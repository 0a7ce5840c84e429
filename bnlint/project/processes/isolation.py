"""One piece of work in a process of its own, so that whatever happens there happens there alone."""

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
        work: a function that does not raise; what it returns can be pickled.
        job: what it is given.
        died: what to return if the child crashed, was killed, or took too long.
        seconds: how long it may take.
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
    # Our own child wrote it; half an answer is none.
    try:
        result: Result = pickle.loads(answer)  # noqa: S301
    except (EOFError, pickle.UnpicklingError):
        return died
    return result


def at_most(more: int) -> None:
    """In a child of :func:`run`: let whatever wants more than ``more`` further bytes fail.

    A damaged file that asks for gigabytes does not make the machine swap then. Elsewhere, and where
    the system can't do it, nothing changes.
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
    """In a child of :func:`run`: end the process where what is done meanwhile takes too long.

    A damaged file can send a library in C round in circles, from where no exception leads out.

    Args:
        seconds: of CPU, which is more than any sound file needs for one question.
    """
    if not _alone:
        yield
        return
    # The signal that it sends ends a process which does nothing about it.
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)


def _be_child(work: Callable[[Job], Result], job: Job, writing: int) -> NoReturn:
    import pickle

    global _alone  # noqa: PLW0603  this process is no other's
    _alone = True
    # OpenBLAS would start a thread per processor when NumPy is imported, which costs as much as all
    # the rest of NumPy; what is done here multiplies no matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    status = 1
    try:
        interrupts.end_quietly()
        answer = memoryview(pickle.dumps(work(job)))
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        # Nothing of what the parent still has to do is done here, not even after an exception.
        os._exit(status)


def _received(reading: int, end: float) -> bytes:
    """What the child wrote until it ended; nothing if that takes too long."""
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
