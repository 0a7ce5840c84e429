"""The cost of one command: CPU seconds, wall seconds and peak memory, with all its children."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLING_SECONDS = 0.1
_PROPORTIONAL_KILOBYTES = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)
#: ``ru_maxrss`` counts kilobytes, on macOS bytes.
_MAXRSS_PER_MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10


@dataclass(frozen=True, slots=True)
class Cost:
    """One run, or the medians of several.

    Attributes:
        cpu: user and system seconds of the process and every child that it waited for.
        wall: seconds from start to end.
        peak: megabytes; the larger of the largest process's peak and the largest sum over all
            processes that was seen while it ran (sampled, where the system has ``/proc``).
        status: exit status; the negative signal number if a signal ended it; ``None`` on a timeout.
    """

    cpu: float
    wall: float
    peak: float
    status: int | None


def _inherited() -> dict[str, str]:
    """The current environment, but Python may write bytecode, as on a user's machine."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Cost:
    """Run ``command`` in ``folder``, discard its output, and return its cost.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: variables to set in addition to the current ones.
        timeout: seconds after which it and its children are ended.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**_inherited(), **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ended = threading.Event()
    sampler = _MemorySampler(process.pid, ended)
    sampler.start()
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        os.killpg(process.pid, 9)

    alarm = threading.Timer(timeout, stop) if timeout else None
    if alarm:
        alarm.start()
    _, wait_status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if alarm:
        alarm.cancel()
    ended.set()
    sampler.join()
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        peak=max(usage.ru_maxrss / _MAXRSS_PER_MEGABYTE, sampler.peak / 2**20),
        status=None if timed_out.is_set() else process.returncode,
    )


class _MemorySampler(threading.Thread):
    """Repeatedly sums the resident memory of all processes of one session."""

    def __init__(self, session: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._session = session
        self._ended = ended

    def run(self) -> None:
        while not self._ended.wait(_SAMPLING_SECONDS):
            self.peak = max(self.peak, session_memory(self._session))


def session_memory(session: int) -> int:
    """Bytes resident in all processes of ``session``; 0 where there is no ``/proc``.

    A page that several processes share (a parent and its forked workers) counts once in all.
    """
    return sum(_memory_in(process, session) for process in Path("/proc").glob("[0-9]*"))


def _memory_in(process: Path, session: int) -> int:
    """The process's share of memory in bytes; 0 where it is not of that session or has ended."""
    try:
        # The name in brackets may contain anything; state is the first field after it.
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        if int(fields[3]) != session:
            return 0
        rollup = (process / "smaps_rollup").read_text()
    except (OSError, IndexError):
        return 0
    return sum(map(int, _PROPORTIONAL_KILOBYTES.findall(rollup))) * 1024


def median(costs: Sequence[Cost]) -> Cost:
    """The medians of several runs of one command, and its highest peak."""
    return Cost(
        cpu=statistics.median(cost.cpu for cost in costs),
        wall=statistics.median(cost.wall for cost in costs),
        peak=max(cost.peak for cost in costs),
        status=next((cost.status for cost in costs if cost.status is None), costs[-1].status),
    )
