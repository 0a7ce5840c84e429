"""A report that Python can print and a notebook can show."""

from __future__ import annotations

from bnlint import findings
from bnlint.reporters.plain import counts, text
from bnlint.reporters.table import html


class Report(findings.Report):
    """``bnlint.Report``, the result of the Python API: a report that can print itself."""

    @classmethod
    def of(cls, report: findings.Report) -> Report:
        """The same report in this class."""
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
        """Every finding on one line, with its fix; then the counts."""
        return text(self)

    def __repr__(self) -> str:
        return f"<Report: {counts(self)}>"

    def _repr_html_(self) -> str:
        """The table that a notebook shows."""
        return html(self)
