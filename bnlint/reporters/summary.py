"""The line that ends a report for people."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bnlint.findings import Report
    from bnlint.reporters.view import View


def summary(report: Report, view: View) -> str:
    """The number of problems, and what was read.

    ``Found 3 problems (1 error, 2 warnings) in 2 files; 9 files read, 4 models, 41 of 43 …
    understood.`` The next lines say how many of them can be fixed, and how many more there are if
    an unknown Keras version is Keras 3.
    """
    more = len(report.supposed)
    supposed = f"{plural(more, 'finding')} for Keras 3 if that is what you use: --target-keras 3\n"
    return _found(report, view) + (supposed if more else "")


def _found(report: Report, view: View) -> str:
    from bnlint.findings import Outcome

    fixed = view.fixed or 0

    found = report.findings
    understood = report.coverage()[Outcome.UNDERSTOOD]
    coverage = f"{understood} of {plural(len(report.sites), 'BatchNormalization layer')} understood"
    models = plural(report.models, "model")
    files_read = f"{plural(report.files_read, 'file')} read, " if report.files else ""
    read = f"; {files_read}{models}, {coverage}"
    ending = f"{read if report.sites else ''}.\n"
    if not found:
        if not fixed:
            if not report.files and report.models:  # the models were built
                return f"No problems in {models}{f'; {coverage}' if report.sites else ''}.\n"
            return nothing_found(report.files, ending, failures=len(report.failures))
        return f"Found {plural(fixed, 'problem')} ({fixed} fixed, none remaining){ending}"
    names = [finding.severity.name.lower() for finding in found]
    counts = [plural(names.count(name), name) for name in ("error", "warning") if name in names]
    if "info" in names:
        counts.append(f"{names.count('info')} for information")
    files = plural(len({finding.location.filename for finding in found}), "file")
    total = plural(len(found) + fixed, "problem")
    remaining = f"{fixed} fixed, {len(found)} remaining: " if fixed else ""
    said = f"Found {total} ({remaining}{', '.join(counts)}) in {files}{ending}"
    return said + _fixable(report, view)


def _fixable(report: Report, view: View) -> str:
    """How many problems ``--fix`` would fix, in ruff's words."""
    from bnlint.findings import Applicability

    fixable = sum(map(view.is_fixable, report.findings))
    levels = [finding.fix.applicability for finding in report.findings if finding.fix]
    hidden = 0 if view.unsafe_fixes else levels.count(Applicability.UNSAFE)
    fixes = "fix" if hidden == 1 else "fixes"
    more = f" ({hidden} hidden {fixes} can be enabled with the `--unsafe-fixes` option)"
    if fixable:
        return f"[*] {fixable} fixable with the `--fix` option{more if hidden else ''}.\n"
    return f"No fixes available{more}.\n" if hidden else ""


def nothing_found(files: int, ending: str = ".\n", *, failures: int = 0) -> str:
    """The summary line if there is no finding."""
    if not files:
        return "" if failures else "No Python files found.\n"
    return f"No problems in {plural(files, 'file')}{ending}"


def plural(count: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
