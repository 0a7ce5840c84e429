"""``--fix`` and ``--diff``: what the command line does with fixes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from bnlint.findings import Failure
from bnlint.project.files import temporaries, writing
from bnlint.project.fix_rounds import SAFE, UNSAFE, Fixed, FixedFile, fix_all
from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable

if TYPE_CHECKING:
    from bnlint.project.cache import Cache
    from bnlint.project.pipeline import Survey

_CHANGED: Final = "changed while it was being fixed, so it was left as it is; run bnlint again"


def fix(
    survey: Survey,
    cache: Cache,
    *,
    unsafe: bool,
    jobs: int | None,
    debug: bool,
    progress: Callable[[int, int], None] | None,
) -> Fixed:
    """Apply all allowed fixes in memory; nothing is written yet."""
    levels = UNSAFE if unsafe else SAFE
    return fix_all(survey, cache, levels, jobs=jobs, debug=debug, progress=progress)


def write(survey: Survey, fixed: Fixed) -> list[Failure]:
    """Write the fixed files; returns the failures.

    Findings in a file that could not be written count as found, not as fixed.
    """
    temporaries.sweep(os.path.dirname(os.path.realpath(file.path)) for file in fixed.files)
    failures = [failure for file in fixed.files if (failure := _written(file)) is not None]
    for failure in failures:
        fixed.is_left(failure.filename)
    left = {failure.filename for failure in failures}
    for source in survey.files:
        if source.name in left:
            source.data = None  # it is the same as on the disk
    failures += [Failure(name, "still changes after many rounds of fixes") for name in fixed.hasty]
    return failures


def _written(file: FixedFile) -> Failure | None:
    try:
        file.write()
    except writing.Changed:
        return Failure(file.name, _CHANGED)
    except OSError as error:
        return Failure(file.name, f"it cannot be written: {error.strerror or error}")
    return None


def write_source(survey: Survey) -> None:
    """Print the fixed text of standard input, byte for byte."""
    for file in survey.files:
        if file.data is not None and sys.stdout is not None:
            sys.stdout.buffer.write(file.data)
            sys.stdout.buffer.flush()


def diff(fixed: Fixed) -> Iterator[str]:
    """The changes that fixes would make, as unified diffs."""
    for file in fixed.files:
        yield from file.diff()


def would_fix(fixed: Fixed) -> str:
    """``Would fix 3 problems in 2 files.``"""
    if not fixed.files:
        return "Nothing would be fixed."
    return f"Would fix {plural(fixed.count, 'problem')} in {plural(len(fixed.files), 'file')}."


def shown(fixed: Fixed, names: Mapping[str, str]) -> Iterator[str]:
    """The fixed findings by file, as ruff lists them; ``names`` maps codes to rule names."""
    if not fixed.count:
        return
    yield f"Fixed {plural(fixed.count, 'problem')}:\n"
    for file, rules in sorted(fixed.fixed.items()):
        yield f"- {printable(file)}:\n"
        for code, count in sorted(rules.items()):
            yield f"    {count} x {code} ({names.get(code, code)})\n"
