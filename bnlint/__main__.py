"""``python -m bnlint``, and what the command ``bnlint`` runs."""

from __future__ import annotations

import sys

# `python -m` puts the current folder before all others, where anybody's repository may hold a
# module of the name of one that is imported from here on.
if __name__ == "__main__" and not getattr(sys.flags, "safe_path", sys.flags.isolated):
    del sys.path[:1]

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_INTERRUPTED = 130  # what a shell says of a command that Ctrl-C ended


def run() -> NoReturn:
    """Run bnlint and end the process.

    Taking apart all that was read costs as much as a twentieth of reading it, so the process just
    ends, unless code of others was imported that may have something left to do.
    """
    try:
        # Imported here, as somebody may press Ctrl-C in the meantime too.
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
    except (OSError, ValueError):  # nobody reads any more, or it is closed
        status = status or 2
    os._exit(status)


if __name__ == "__main__":
    run()
