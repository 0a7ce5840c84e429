"""The findings of a program and of a rewrite of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import bnlint
from benchmarks.rewrites.marks import Marks, marked
from benchmarks.rewrites.rewriting import rewritten

Found: TypeAlias = "Counter[tuple[str, int, str]]"
"""Rule, line before the rewrite, condition."""

EXAMPLES: Final = sorted(
    file
    for file in (Path(__file__).parents[2] / "rules").glob("BN[1-5]*/examples/*.py")
    if "# target-keras:" not in file.read_text(encoding="utf-8")
)
"""The rules that speak of what a program does, and not of how it is written."""

_ORDER: Final = re.compile(r"^# order: (\S+)$", re.MULTILINE)
_CODES: Final = ("BN1", "BN2", "BN3", "BN4", "BN5")


def differences(file: Path, name: str) -> list[str] | None:
    """What is found in one of the two only.

    Args:
        file: a program.
        name: of a rewrite.

    Returns:
        A line for each finding; ``None`` where the rewrite does not apply.
    """
    source, order, before = _original(file)
    after = None if source is None else rewritten(source, name)
    if after is None:
        return None
    found = _found(after, file, order)
    return [
        *(f"lost {_written(each)}" for each in sorted(before - found)),
        *(f"new {_written(each)}" for each in sorted(found - before)),
    ]


@lru_cache(maxsize=8)
def _original(file: Path) -> tuple[str | None, str | None, Found]:
    text = file.read_text(encoding="utf-8")
    source, order = marked(text), _ORDER.search(text)
    asked = order[1] if order else None
    return source, asked, Counter() if source is None else _found(source, file, asked)


def _found(source: str, file: Path, order: str | None) -> Found:
    rule = file.parent.parent.name[:5]
    report = bnlint.lint_source(
        source,
        isolated=True,
        order=order,
        extend_select=[rule] if rule.startswith(_CODES) else [],
    )
    marks = Marks(source)
    return Counter(
        (finding.code, marks.before(finding.location.line), finding.when or "")
        for finding in report.findings
        if finding.code.startswith(_CODES)
    )


def _written(found: tuple[str, int, str]) -> str:
    code, line, when = found
    return f"{code} in line {line}{f' when {when}' if when else ''}"
