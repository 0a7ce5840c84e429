from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def lint() -> Callable[..., set[tuple[str, int, int, str, str]]]:
    """A function that lints a file or folder and says file, cell, line, code and condition.

    Beside the path it takes the settings of :func:`bnlint.lint`.
    """

    def run(path: Path, **settings: Any) -> set[tuple[str, int, int, str, str]]:
        import bnlint

        report = bnlint.lint([path], isolated=True, cache=False, only_named=True, **settings)
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
