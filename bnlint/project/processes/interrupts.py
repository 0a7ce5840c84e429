"""Ctrl-C while processes are made.

A terminal sends it to all of them. Where it meets a process between its birth and its first own
line, Python prints a traceback, hangs, or loses it in a callback that ignores exceptions.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_CAN_WAIT = hasattr(signal, "pthread_sigmask")  # not on Windows, where nothing forks


@contextmanager
def held_back() -> Iterator[None]:
    """Let an interrupt wait until the end of this block, here and in the processes made in it."""
    if not _CAN_WAIT:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_quietly() -> None:
    """In a process that was made under :func:`held_back`: just end at an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _CAN_WAIT:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
