"""Run bnlint over the standard library's and site-packages' files; fail on any internal error.

The files are linted in batches. A batch that breaks bnlint is halved until one file is left.

``--lowering`` lowers every statement of the files instead, and lists those that LibCST cannot parse
though Python can.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import places
from bnlint.readers.source.parsing.outline import outline
from bnlint.readers.source.parsing.program import walk
from bnlint.readers.source.parsing.text import Undecodable, decode

_BATCH = 400
_CANNOT = 2
_SIGNS = ("internal error", "Traceback (most recent call last)")


@dataclass(frozen=True, slots=True)
class Breakage:
    """An internal error: the smallest set of files that causes it, and bnlint's last output."""

    files: tuple[Path, ...]
    why: str


def default_roots() -> list[Path]:
    """The standard library and the folders of installed packages of this Python."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return sorted({Path(path) for path in map(sysconfig.get_path, names) if path})


def files_below(roots: Sequence[Path]) -> list[Path]:
    """Every ``.py`` file below the roots, once, sorted."""
    return sorted({path for root in roots for path in root.rglob("*.py") if path.is_file()})


def breakage(status: int, errors: str) -> str | None:
    """Why a run with this result is broken; ``None`` if it is not.

    Exit status 2 with a line about an unreadable file is correct behaviour.
    """
    if status < 0:
        return f"ended by signal {-status}"
    lines = errors.strip().splitlines()
    for line in lines:
        if any(sign in line for sign in _SIGNS):
            return line if "internal error" in line else lines[-1]
    if status > _CANNOT:
        return f"exit status {status}: {lines[-1] if lines else 'nothing said'}"
    return None


def run_bnlint(files: Sequence[Path], timeout: float) -> str | None:
    """Why bnlint breaks on ``files``; ``None`` if it does not."""
    command = [sys.executable, "-m", "bnlint", "--output-format", "json", "--no-cache"]
    command += ["--isolated", "--exit-zero", "-q", *map(str, files)]
    search = os.pathsep.join(filter(None, [str(places.REPOSITORY), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": search},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {timeout:g} s"
    return breakage(done.returncode, done.stderr)


def sweep(
    files: Sequence[Path], check: Callable[[Sequence[Path]], str | None], batch: int = _BATCH
) -> list[Breakage]:
    """Check all files in batches; reduce every broken batch to the files that cause the error."""
    broken = []
    for start in range(0, len(files), batch):
        if sys.stderr.isatty():
            print(f"\r{start}/{len(files)}", end="", file=sys.stderr)
        broken += _narrow(files[start : start + batch], check)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return broken


def _narrow(files: Sequence[Path], check: Callable[[Sequence[Path]], str | None]) -> list[Breakage]:
    why = check(files)
    if why is None:
        return []
    if len(files) == 1:
        return [Breakage(tuple(files), why)]
    half = len(files) // 2
    smaller = _narrow(files[:half], check) + _narrow(files[half:], check)
    return smaller or [Breakage(tuple(files), why)]  # they break it only together


def unread_lines(file: Path) -> list[int] | None:
    """The lines of statements that LibCST cannot parse though Python can; ``None``: no text."""
    try:
        read = outline(decode(file.read_bytes()))
    except (Undecodable, OSError):
        return None
    for statement in read.statements:
        for _ in walk(statement.lower()):  # the bodies of functions are lowered on the way
            pass
    return read.unread


def sweep_lowering(files: Sequence[Path]) -> int:
    """Print every statement that LibCST cannot parse though Python can; return their number."""
    count = 0
    for number, file in enumerate(files):
        if sys.stderr.isatty() and number % 100 == 0:
            print(f"\r{number}/{len(files)}", end="", file=sys.stderr)
        for line in unread_lines(file) or ():
            count += 1
            print(f"{file}:{line}", flush=True)
    print(f"{len(files)} files, {count} statements that LibCST cannot parse though Python can")
    return count


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("roots", nargs="*", type=Path, help="other folders than the default ones")
    parser.add_argument("--batch", type=int, default=_BATCH, help="files a run (default: 400)")
    parser.add_argument("--timeout", type=float, default=600, help="seconds a run (default: 600)")
    parser.add_argument(
        "--lowering", action="store_true", help="list the statements that LibCST cannot parse"
    )
    options = parser.parse_args(arguments)
    if options.lowering:
        return int(bool(sweep_lowering(files_below(options.roots or default_roots()))))
    with tempfile.TemporaryDirectory() as empty:
        why = run_bnlint([Path(empty)], options.timeout)
    if why is not None:
        print(f"sweep: bnlint does not start: {why}", file=sys.stderr)
        return 2
    files = files_below(options.roots or default_roots())
    broken = sweep(files, lambda batch: run_bnlint(batch, options.timeout), options.batch)
    for breakage_found in broken:
        more = len(breakage_found.files) - 1
        others = f" and {more} more" if more else ""
        print(f"{breakage_found.files[0]}{others}: {breakage_found.why}")
    print(f"{len(files)} files, {len(broken)} internal errors")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
