"""JUnit's XML, as build servers read it for test reports: a finding is a failed test of its file.

Reference: https://github.com/testmoapp/junitxml; the output is also valid in the stricter schema of
Jenkins, https://github.com/jenkinsci/xunit-plugin (``junit-10.xsd``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from bnlint.findings import Finding, Report
from bnlint.reporters.places import absolute, said
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View


def render(report: Report, view: View) -> Iterator[str]:
    del view
    tests, failures, errors = len(report.findings), len(report.findings), len(report.failures)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites {_counts('bnlint', max(tests + errors, 1), failures, errors)}>\n"
    if not tests + errors:
        yield f'    <testsuite {_head("bnlint", 1, 0, 0)} package="org.bnlint">\n'
        yield '        <testcase name="No problems found" classname="bnlint"/>\n'
        yield "    </testsuite>\n"
    for filename, found in groupby(report.findings, key=lambda f: f.location.filename):
        findings = list(found)
        name = absolute(filename)
        head = _head(name, len(findings), len(findings), 0)
        yield f'    <testsuite {head} package="org.bnlint">\n'
        for finding in findings:
            yield from _case(finding, name)
        yield "    </testsuite>\n"
    for failure in report.failures:
        name = absolute(failure.filename)
        message = printable(failure.message.splitlines()[0])
        yield f'    <testsuite {_head(name, 1, 0, 1)} package="org.bnlint">\n'
        yield f'        <testcase name="org.bnlint" classname={_quoted(name)}>\n'
        yield f"            <error message={_quoted(message)}>{escape(message)}</error>\n"
        yield "        </testcase>\n    </testsuite>\n"
    yield "</testsuites>\n"


def _case(finding: Finding, name: str) -> Iterator[str]:
    where = finding.location
    cell = f"cell {where.cell}, " if where.cell is not None else ""
    text = f"{cell}line {where.line}, col {where.column}, {said(finding)}"
    if finding.help:
        text += f"\nhelp: {printable(finding.help)}"
    severity = finding.severity.name.lower()
    head = f'<testcase name="org.bnlint.{finding.code}"'
    failure = (
        f'<failure type="{severity}" message={_quoted(said(finding))}>{escape(text)}</failure>'
    )
    yield f"        {head} classname={_quoted(os.path.splitext(name)[0])}>\n"
    yield f"            {failure}\n        </testcase>\n"


def _counts(name: str, tests: int, failures: int, errors: int) -> str:
    return f'name={_quoted(name)} tests="{tests}" failures="{failures}" errors="{errors}"'


def _head(name: str, tests: int, failures: int, errors: int) -> str:
    return f'{_counts(name, tests, failures, errors)} skipped="0"'


def _quoted(text: str) -> str:
    """An attribute's value; characters that XML can't hold are escaped."""
    return quoteattr(printable(text))
