"""The conversation's lower layers: framing that finds its feet again, errors that are answered."""

from __future__ import annotations

import re
import sys
from collections.abc import Generator
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from bnlint.interfaces.server.documents import Documents

_LENGTH = re.compile(rb"content-length:[ \t]*([0-9]{1,12})[ \t]*\r?\n$", re.IGNORECASE)
_MOST_BYTES = 256_000_000


class Frames:
    """Standard input as pygls wants to read it, whatever it holds.

    A header that nobody can read makes the body behind it look like one. pygls would take the next
    good header for the end of that line, and be lost for the rest of the session; here a line
    counts from where its header begins.

    Args:
        stream: the bytes of the client.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """The next header line, or what stands in its place."""
        line = self._stream.readline(_MOST_BYTES)
        if found := _LENGTH.search(line):
            length = int(found[1])
            return b"Content-Length: %d\r\n" % length if 0 < length <= _MOST_BYTES else b"?\r\n"
        return line

    def read(self, size: int) -> bytes:
        """A body."""
        return self._stream.read(size)


class Protocol(LanguageServerProtocol):
    """pygls's protocol with our documents; a request that makes no sense gets an answer too."""

    def adopt_documents(self) -> Documents:
        """Replace pygls's documents, before the first one is opened."""
        documents = Documents.like(self.workspace)
        self._workspace = documents
        return documents

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Pygls's answer, less the offer to be asked for diagnostics.

        Clients that are told of them would ask all the same, and show each one twice.
        """
        answer = yield from super().lsp_initialize(params)
        shown = params.capabilities.text_document
        if shown is None or shown.publish_diagnostics is not None or shown.diagnostic is None:
            answer.capabilities.diagnostic_provider = None
        return answer

    @property
    def was_shut_down(self) -> bool:
        """The client said that it would go."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> object:
        """The typed message; one with wrong parameters is refused where somebody waits for it."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            identity = data.get("id")
            if "method" in data and isinstance(identity, (int, str)):
                self._send_response(identity, error=error.to_response_error())
            raise


def standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output of the process; afterwards ``print`` writes to standard error."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    return source, sink
