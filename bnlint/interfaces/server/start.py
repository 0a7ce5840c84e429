"""``bnlint --lsp``."""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec
from typing import BinaryIO, cast

MISSING = "--lsp needs the language server's parts: pip install 'bnlint[lsp]'"


def serve(*, debug: bool = False) -> int:
    """Serve an editor on standard input and output until it disconnects.

    Args:
        debug: show the log of the protocol library, with tracebacks, on standard error.

    Returns:
        0 if the client asked for a shutdown first, 1 if it did not, as the protocol defines; 2 if
        the extra is not installed.
    """
    if not (_is_installed("pygls") and _is_installed("lsprotocol")):
        sys.stderr.write(f"bnlint: {MISSING}\n")
        return 2
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL + 1)

    from bnlint.interfaces.server.features import new_session
    from bnlint.interfaces.server.protocol import Frames, standard_streams

    session = new_session()
    source, sink = standard_streams()
    try:
        session.start_io(cast("BinaryIO", Frames(source)), sink)
    finally:
        session.end()
    return 0 if session.protocol.was_shut_down else 1


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
