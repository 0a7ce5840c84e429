from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def lint() -> Callable[[Path, str | None], set[tuple[str, int, int, str, str]]]:
    """A function that lints a file or folder and says file, cell, line, code and condition."""

    def run(path: Path, order: str | None = None) -> set[tuple[str, int, int, str, str]]:
        import bnlint

        report = bnlint.lint([path], order=order, isolated=True, cache=False)
        assert not report.failures
        return {
            (
                Path(finding.location.filename).name,
                finding.location.cell or 0,
                finding.location.line,
                finding.code,
                (finding.when or "").replace("`", ""),
            )
            for finding in report.findings
        }

    return run
