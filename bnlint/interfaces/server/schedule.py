"""Decides when documents are linted: soon after a change, one at a time, only the newest text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bnlint.interfaces.server.lint_process.jobs import Answer, Job, Want
from bnlint.interfaces.server.process import Died, LintingProcess

DEBOUNCE = 0.01
"""Seconds without a change before a document is linted; fast typing has about 0.1 between two."""

_LONG = 1.0
_TOO_LONG = 30.0


@dataclass(slots=True)
class _Document:
    """The state of one document.

    Attributes:
        revision: the revision of its text; ``None`` once it is closed.
        answer: the newest answer, and the revision that it is for.
        timer: expires when the document must be linted.
        waiting: the requests that wait for the answer to the newest text.
        more: other requested answers, and the revision that they are for.
    """

    revision: int = 0
    answer: Answer | None = None
    answered: int = -1
    timer: asyncio.TimerHandle | None = None
    waiting: list[asyncio.Future[Answer]] = field(default_factory=list)
    more: dict[tuple[Want, int | None], Answer] = field(default_factory=dict)
    more_of: int = -1


class Schedule:
    """Decides which document is linted next.

    Args:
        job: constructs the job for a document's current text; ``None`` if it is not linted.
        publish: called with a document and the answer for its current text.
    """

    def __init__(
        self, job: Callable[[str], Job | None], publish: Callable[[str, Answer], None]
    ) -> None:
        self._job = job
        self._publish = publish
        self._process = LintingProcess()
        self._documents: dict[str, _Document] = {}
        self._due: dict[str, None] = {}
        self._running: tuple[str, int, float] | None = None
        self._task: asyncio.Task[None] | None = None
        self._counter = 0

    def touch(self, uri: str, delay: float = 0.0) -> None:
        """The document is new, or something it depends on changed: lint it after ``delay``."""
        document = self._documents.setdefault(uri, _Document())
        self._counter += 1
        document.revision = self._counter
        self._stop_if_stale(uri)
        if document.timer is not None:
            document.timer.cancel()
        loop = asyncio.get_running_loop()
        document.timer = loop.call_later(delay, self._start, uri) if delay else None
        if not delay:
            self._start(uri)

    def forget(self, uri: str) -> None:
        """The document is closed."""
        document = self._documents.pop(uri, None)
        self._due.pop(uri, None)
        if document is None:
            return
        if document.timer is not None:
            document.timer.cancel()
        for future in document.waiting:
            future.cancel()

    def dependents(self, path: str) -> list[str]:
        """The documents whose answer may change when the file at ``path`` changes.

        A document that was read depends on the files that it was read with. One that was skipped by
        the quick check may depend on any file.
        """
        return [
            uri
            for uri, document in self._documents.items()
            if (answer := document.answer) is not None
            and (path in answer.dependencies or not answer.was_read)
        ]

    @property
    def uris(self) -> list[str]:
        """All open documents."""
        return list(self._documents)

    def last(self, uri: str) -> Answer | None:
        """The newest answer for a document, even if its text has changed."""
        document = self._documents.get(uri)
        return None if document is None else document.answer

    async def answer(self, uri: str) -> Answer | None:
        """The answer for the current text of a document; ``None`` if it is not open."""
        document = self._documents.get(uri)
        if document is None:
            return None
        if document.answer is not None and document.answered == document.revision:
            return document.answer
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        document.waiting.append(future)
        if document.timer is not None:
            document.timer.cancel()
        self._start(uri)
        try:
            return await future
        finally:
            if future in document.waiting:
                document.waiting.remove(future)

    async def more(self, uri: str, want: Want, cell: int | None = None) -> Answer | None:
        """A rarely requested answer for the current text; ``None`` if the text has changed.

        Args:
            uri: the document.
            want: the requested content.
            cell: in a notebook, the cell to fix; ``None`` for all.
        """
        document = self._documents.get(uri)
        job = self._job(uri) if document is not None else None
        if document is None or job is None:
            return None
        revision = document.revision
        if (want, cell) in document.more and document.more_of == revision:
            return document.more[want, cell]
        try:
            answer = await self._process.answer(replace(job, want=want, cell=cell))
        except Died:
            return None
        if document.revision != revision:
            return None
        if document.more_of != revision:
            document.more, document.more_of = {}, revision
        document.more[want, cell] = answer
        return answer

    def close(self) -> None:
        """Stop all work."""
        for uri in list(self._documents):
            self.forget(uri)
        if self._task is not None:
            self._task.cancel()
        self._process.close()

    def _start(self, uri: str) -> None:
        document = self._documents.get(uri)
        if document is None:
            return
        document.timer = None
        if self._running is not None and self._running[:2] == (uri, document.revision):
            return
        self._due.pop(uri, None)
        self._due[uri] = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    def _stop_if_stale(self, uri: str) -> None:
        """Stop a long job for a text that has changed: its answer is no longer needed."""
        if self._running is not None and self._running[0] == uri:
            since = asyncio.get_running_loop().time() - self._running[2]
            if since > _LONG:
                self._process.stop()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due:
            uri = next(reversed(self._due))  # the user looks at the last touched document
            del self._due[uri]
            document = self._documents.get(uri)
            if document is None:
                continue
            revision = document.revision
            job = self._job(uri)
            if job is None:
                self._settle(uri, document, revision, Answer())
                continue
            self._running = (uri, revision, loop.time())
            stopper = loop.call_later(_TOO_LONG, self._process.stop)
            try:
                answer = await self._process.answer(job)
            except Died:
                answer = Answer(messages=(self._why_died(loop.time() - self._running[2]),))
            finally:
                stopper.cancel()
                self._running = None
            if self._documents.get(uri) is document and document.revision == revision:
                self._settle(uri, document, revision, answer)

    def _settle(self, uri: str, document: _Document, revision: int, answer: Answer) -> None:
        document.answer, document.answered = answer, revision
        waiting, document.waiting = document.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(answer)
        self._publish(uri, answer)

    @staticmethod
    def _why_died(seconds: float) -> str:
        if seconds >= _TOO_LONG:
            return f"linting took longer than {_TOO_LONG:.0f} s and was stopped"
        return "the process that lints died; is there enough memory?"
