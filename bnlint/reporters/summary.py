"""The line that ends a report for people."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bnlint.findings import Report


def summary(report: Report) -> str:
    """``Found 3 problems (1 error, 2 warnings) in 2 files; 41 of 43 … understood.``"""
    from bnlint.findings import Outcome

    found = report.findings
    understood = report.coverage()[Outcome.UNDERSTOOD]
    read = f"; {understood} of {plural(len(report.sites), 'BatchNormalization layer')} understood"
    ending = f"{read if report.sites else ''}.\n"
    if not found:
        return nothing_found(report.files, ending, failures=len(report.failures))
    names = [finding.severity.name.lower() for finding in found]
    counts = [plural(names.count(name), name) for name in ("error", "warning") if name in names]
    if "info" in names:
        counts.append(f"{names.count('info')} for information")
    files = plural(len({finding.location.filename for finding in found}), "file")
    return f"Found {plural(len(found), 'problem')} ({', '.join(counts)}) in {files}{ending}"


def nothing_found(files: int, ending: str = ".\n", *, failures: int = 0) -> str:
    """The same where there is no finding."""
    if not files:
        return "" if failures else "No Python files found.\n"
    return f"No problems in {plural(files, 'file')}{ending}"


def plural(count: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
