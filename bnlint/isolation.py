"""One piece of work in a process of its own, so that whatever happens there happens there alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

MOST_SECONDS: Final = 60.0
_alone = False


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


def run(
    work: Callable[[Job], Result], job: Job, died: Result, *, seconds: float = MOST_SECONDS
) -> Result:
    """``work(job)`` in a child of this process; here where the system can't fork.

    Args:
        work: a function that does not raise.
        job: what it is given.
        died: what to return if the child crashed, was killed, or took too long.
        seconds: how long it may take.
    """
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods():
        return work(job)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, work, job), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            return died
        result: Result = receiver.recv()
    except EOFError:
        return died
    else:
        return result
    finally:
        receiver.close()
        child.kill()
        child.join()


def _child(sender: Connection, work: Callable[[Job], Result], job: Job) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    global _alone  # noqa: PLW0603  this process is no other's
    _alone = True
    sender.send(work(job))
    sender.close()
