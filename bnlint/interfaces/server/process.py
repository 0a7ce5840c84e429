"""The linting process, seen from the server."""

from __future__ import annotations

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BufferedReader, BufferedWriter

from bnlint.interfaces.server.lint_process import worker
from bnlint.interfaces.server.lint_process.jobs import Answer, Job


class Died(Exception):  # noqa: N818  it names what happened
    """The process ended before it had an answer."""


class LintingProcess:
    """Starts the process when it is first needed, and again after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, "bnlint-worker")
        self._closed = False

    async def answer(self, job: Job) -> Answer:
        """The answer of the process to ``job``.

        Raises:
            Died: the process ended before the answer; the next job starts a new one.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._exchange, job)

    def stop(self) -> None:
        """End the process, even during a job."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _exchange(self, job: Job) -> Answer:
        if self._closed:
            raise Died
        process = self._process
        if process is None or process.poll() is not None:
            process = self._process = subprocess.Popen(  # noqa: S603  this same Python
                worker.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        source, sink = process.stdout, process.stdin
        assert isinstance(source, BufferedReader)
        assert isinstance(sink, BufferedWriter)
        try:
            worker.send(sink, job)
            answer = worker.receive(source)
        except (EOFError, OSError, ValueError):
            process.kill()
            process.wait()
            with suppress(OSError):
                sink.close()
            source.close()
            raise Died from None
        assert isinstance(answer, Answer)
        return answer
