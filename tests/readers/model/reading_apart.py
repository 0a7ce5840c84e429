"""Reads model files one by one, as `bnlint` does, and prints what each cost and came to.

Run as a program, so that what is measured is a process that does nothing else:
``python reading_apart.py LIST``, where LIST is a file with a path on each line.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from pathlib import Path

import bnlint


def main(listed: Path) -> None:
    for path in listed.read_text(encoding="utf-8").splitlines():
        _forget_peak()
        largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        start = time.process_time() + _children()
        report = bnlint.lint(path, isolated=True)
        spent = time.process_time() + _children() - start
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak = max(_own_peak(), child if child > largest_child else 0)
        told = {
            "path": path,
            "seconds": spent,
            "megabytes": peak / 1024,
            "status": report.exit_status(),
            "failures": [failure.message for failure in report.failures],
            "findings": [finding.message for finding in report.findings],
        }
        print(json.dumps(told), flush=True)


def _forget_peak() -> None:
    """Count the peak from here, so that a file is not blamed for the one before it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _own_peak() -> int:
    """In KiB. What `getrusage` says of a process counts from before its program was started."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]))
