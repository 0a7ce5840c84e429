"""The linting process: it reads jobs from standard input and answers on standard output.

It ends when its input ends, so it never outlives the server.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import struct
import sys
from typing import BinaryIO

import bnlint
from bnlint.interfaces.server.lint_process.jobs import Answer, Job

_MOST_UNCOLLECTED = 20
"""How many jobs in a row may leave garbage uncollected: 2 MB each, for 500 lines."""
_A_WHILE = 0.3
"""Seconds in which a typing user sends the next change."""

_LENGTH = struct.Struct("!Q")


def send(stream: BinaryIO, message: Job | Answer) -> None:
    """Write one message: its length, then its pickle."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> object:
    """The next message of the other process.

    Raises:
        EOFError: the other process has ended.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  it comes from our own other half


def main() -> None:
    """Answer jobs until the input ends."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # The output of a user's own rule that prints must not be read as an answer.
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    from bnlint.interfaces.server.lint_process.linting import lint
    from bnlint.project.processes import budget

    budget.be_expendable()

    # The objects of a lint live until its end: garbage collection would take a fifth of its time.
    gc.disable()
    uncollected = 0
    while True:
        try:
            job = receive(source)
        except (EOFError, OSError):
            return
        assert isinstance(job, Job)
        try:
            answer = lint(job)
        except Exception as error:  # noqa: BLE001  a bug of ours, or of a user's own rule
            said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            answer = Answer(messages=(f"internal error: {said}; please report it",))
        try:
            send(sink, answer)
        except OSError:
            return
        del job, answer
        uncollected += 1
        if uncollected >= _MOST_UNCOLLECTED or _nobody_asks(source):
            gc.collect()
            uncollected = 0


def _nobody_asks(source: BinaryIO) -> bool:
    """Whether no job comes for a while; unknown on systems that can't wait for a pipe."""
    if sys.platform == "win32":
        return False
    return not select.select([source], [], [], _A_WHILE)[0]


def command() -> list[str]:
    """The command of this process; it imports from our search path, not from its folder."""
    code = (
        "import sys; package, sys.path[:] = sys.argv[1], sys.argv[2:];"
        "from importlib.util import module_from_spec, spec_from_file_location;"
        "spec = spec_from_file_location('bnlint', package);"
        "sys.modules['bnlint'] = module_from_spec(spec);"
        "spec.loader.exec_module(sys.modules['bnlint']);"
        f"from {__spec__.name} import main; main()"
    )
    return [sys.executable, "-c", code, bnlint.__file__, *sys.path]
