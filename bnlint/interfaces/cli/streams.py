"""What the command line says to standard output and standard error."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO


def write(
    pieces: Iterable[str], output_file: str | None, stream: TextIO | None = sys.stdout
) -> None:
    if output_file is not None:
        from bnlint.reporters.outputs import write_file

        write_file(pieces, output_file)
    elif stream is not None:
        for piece in pieces:
            stream.write(piece)
        try:
            stream.flush()
        except BrokenPipeError:
            drop_output()


def complain_of(failures: Iterable[tuple[str, str]]) -> None:
    for name, message in failures:
        complain(f"{name}: {message}")


def complain(message: str) -> None:
    """One line on standard error; a traceback of ``--debug`` keeps its lines."""
    if sys.stderr is None:
        return
    from bnlint.reporters.terminal import printable

    first, *rest = message.split("\nTraceback", 1)
    sys.stderr.write(f"bnlint: {printable(first)}\n")
    for part in rest:
        sys.stderr.write("Traceback" + "\n".join(map(printable, part.split("\n"))) + "\n")


def let_streams_escape() -> None:
    """A terminal that lacks a character gets its number, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Nobody reads any more (``bnlint | head``): what is left goes nowhere, without a word."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
