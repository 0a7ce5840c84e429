"""Output of the command line to standard output and standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO


def write(
    pieces: Iterable[str],
    output_file: str | None,
    stream: TextIO | None = sys.stdout,
    *,
    output_format: str = "",
) -> None:
    if output_file is not None:
        from bnlint.reporters.outputs import write_file

        write_file(pieces, output_file)
    elif stream is not None:
        try:
            for piece in _for_log(pieces, output_format):
                stream.write(piece)
            stream.flush()
        except BrokenPipeError:
            _drop_output(stream)


def _for_log(pieces: Iterable[str], output_format: str = "") -> Iterable[str]:
    """The same text, in which a CI server finds no commands except those of bnlint."""
    if "GITHUB_ACTIONS" not in os.environ and "TF_BUILD" not in os.environ:
        return pieces
    from bnlint.reporters import ci_log

    return ci_log.unbroken(pieces, output_format)


def complain_of(failures: Iterable[tuple[str, str]]) -> None:
    for name, message in failures:
        complain(f"{name}: {message}")


def complain(message: str) -> None:
    """Print one line to standard error; a traceback of ``--debug`` keeps its lines."""
    if sys.stderr is None:
        return
    from bnlint.reporters.terminal import printable

    first, *rest = message.split("\nTraceback", 1)
    lines = [f"bnlint: {printable(first)}\n"]
    lines += ["Traceback" + "\n".join(map(printable, part.split("\n"))) + "\n" for part in rest]
    with suppress(OSError, ValueError):  # a closed stream must not change the exit status
        sys.stderr.writelines(_for_log(lines))


def let_streams_escape() -> None:
    """Escape characters that a terminal can't show, instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output(stream: TextIO) -> None:
    """Discard the remaining output without an error, as its reader is gone (``bnlint | head``)."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
