"""A progress bar on standard error, for long runs on a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 1.0  # seconds without output


class ProgressBar:
    """Counts files. Shows nothing in the first second.

    It has no thread of its own: worker processes may be forked while it is shown.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._shown is None:
            if time.monotonic() - self._start < _PATIENCE or done >= total:
                return
            self._shown = self._appear(total)
        progress, task = self._shown
        progress.update(task, completed=done)
        progress.refresh()

    def close(self) -> None:
        """Remove the bar."""
        if self._shown is not None:
            self._shown[0].stop()
            self._shown = None

    @staticmethod
    def _appear(total: int) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        progress = Progress(
            TextColumn("Reading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files"),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
        )
        progress.start()
        return progress, progress.add_task("Reading", total=total)
