"""Entry point of ``python -m bnlint`` and of the command ``bnlint``."""

from __future__ import annotations

import sys

# `python -m` puts the current folder first in the search path. A repository there may hold a
# module with the same name as one that is imported below.
if __name__ == "__main__" and not getattr(sys.flags, "safe_path", sys.flags.isolated):
    del sys.path[:1]

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_INTERRUPTED = 130  # a shell's status for a command that Ctrl-C ended


def run() -> NoReturn:
    """Run bnlint and end the process.

    Freeing all objects costs as much as a twentieth of the reading, so the process just ends,
    unless foreign code was imported that may have work left.
    """
    try:
        # Imported here, because the user may press Ctrl-C during the import too.
        from bnlint.interfaces.cli.command import main

        status = main()
    except KeyboardInterrupt:
        status = _INTERRUPTED
        sys.stderr.write("bnlint: interrupted\n")
    if "keras" in sys.modules or "tf_keras" in sys.modules or "pygls" in sys.modules:
        sys.exit(status)
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # the reader is gone, or the stream is closed
        status = status or 2
    os._exit(status)


if __name__ == "__main__":
    run()
