"""The lower layers of the protocol: framing that recovers from errors, replies to bad requests."""

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
    """Standard input in the form that pygls needs, even if it contains invalid data.

    After an invalid header, the body looks like a header line. pygls would take the next valid
    header as the end of that line and could not recover in this session. Here, a line starts at
    its header.

    Args:
        stream: the bytes from the client.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """The next header line, or the text in its place."""
        line = self._stream.readline(_MOST_BYTES)
        if found := _LENGTH.search(line):
            length = int(found[1])
            return b"Content-Length: %d\r\n" % length if 0 < length <= _MOST_BYTES else b"?\r\n"
        return line

    def read(self, size: int) -> bytes:
        """A body."""
        return self._stream.read(size)


class Protocol(LanguageServerProtocol):
    """The protocol of pygls with our documents; it also answers invalid requests."""

    def adopt_documents(self) -> Documents:
        """Replace pygls's documents, before the first one is opened."""
        documents = Documents.like(self.workspace)
        self._workspace = documents
        return documents

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """The answer of pygls, without the offer of pull diagnostics.

        Clients that get diagnostics pushed would also request them, and show each one twice.
        """
        answer = yield from super().lsp_initialize(params)
        shown = params.capabilities.text_document
        if shown is None or shown.publish_diagnostics is not None or shown.diagnostic is None:
            answer.capabilities.diagnostic_provider = None
        return answer

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has sent the shutdown request."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> object:
        """The typed message; a request with wrong parameters is answered with an error."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            identity = data.get("id")
            if "method" in data and isinstance(identity, (int, str)):
                self._send_response(identity, error=error.to_response_error())
            raise


def standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output streams of the process; from then on ``print`` writes to standard error."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    return source, sink
