"""GitLab's code quality report.

Reference: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from bnlint.findings import Report, Severity
from bnlint.reporters.places import cell_note, fingerprints, relative, said
from bnlint.reporters.view import View
from bnlint.terminal import printable

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, view: View) -> Iterator[str]:
    issues = []
    for finding, name in fingerprints(report.findings, view.texts):
        lines = view.texts.in_file(finding.location)
        issues.append(
            {
                "check_name": finding.code,
                "description": f"{finding.code}: {said(finding)}{cell_note(finding.location)}",
                "severity": _SEVERITIES[finding.severity],
                "fingerprint": hashlib.sha256(name.encode()).hexdigest()[:32],
                "location": {
                    "path": printable(relative(finding.location.filename)),
                    "positions": {
                        "begin": {"line": lines.line, "column": lines.column},
                        "end": {"line": lines.end_line, "column": lines.end_column},
                    },
                },
            }
        )
    yield json.dumps(issues, indent=2) + "\n"
