"""A report that Python prints and a notebook shows."""

from __future__ import annotations

from bnlint import findings
from bnlint.reporters.plain import counts, text
from bnlint.reporters.table import html


class Report(findings.Report):
    """What the Python API returns, and ``bnlint.Report`` is: a report that shows itself."""

    @classmethod
    def of(cls, report: findings.Report) -> Report:
        """The same report, able to show itself."""
        return cls(
            report.findings,
            report.failures,
            report.sites,
            files=report.files,
            files_read=report.files_read,
            models=report.models,
            supposed=report.supposed,
        )

    def __str__(self) -> str:
        """Every finding in a line, with what to do; then the counts."""
        return text(self)

    def __repr__(self) -> str:
        return f"<Report: {counts(self)}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: a table."""
        return html(self)
