"""GitLab's code quality report, which is Code Climate's format.

Reference: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format and, for what
GitLab leaves out, https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#issues
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from bnlint.findings import Location, Report, Severity
from bnlint.project.files.source_lines import Texts
from bnlint.reporters.places import cell_note, fingerprints, relative, said
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, view: View) -> Iterator[str]:
    issues = []
    for finding, name in fingerprints(report.findings, view.texts):
        issues.append(
            {
                "type": "issue",
                "categories": ["Bug Risk"],
                "check_name": finding.code,
                "description": f"{finding.code}: {said(finding)}{cell_note(finding.location)}",
                "severity": _SEVERITIES[finding.severity],
                "fingerprint": hashlib.sha256(name.encode()).hexdigest()[:32],
                "location": _location(finding.location, view.texts),
                "other_locations": [_location(r.location, view.texts) for r in finding.related],
                **({"content": {"body": finding.help}} if finding.help else {}),
            }
        )
    yield json.dumps(issues, indent=2) + "\n"


def _location(where: Location, texts: Texts) -> dict[str, object]:
    lines = texts.in_file(where)
    return {
        "path": printable(relative(where.filename)),
        "positions": {
            "begin": {"line": lines.line, "column": lines.column},
            "end": {"line": lines.end_line, "column": lines.end_column},
        },
    }
