"""Ctrl-C while processes are started.

A terminal sends it to all of them. If it reaches a process after its start but before its first own
line, Python prints a traceback, hangs, or loses it in a callback that ignores exceptions.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_CAN_WAIT = hasattr(signal, "pthread_sigmask")  # not on Windows, where nothing forks


@contextmanager
def held_back() -> Iterator[None]:
    """Delay an interrupt until the end of this block, here and in processes started in it."""
    if not _CAN_WAIT:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_quietly() -> None:
    """In a process that was started under :func:`held_back`: end at an interrupt, no traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _CAN_WAIT:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
