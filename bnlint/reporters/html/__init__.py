"""The HTML report: one file that loads nothing from elsewhere.

Text and tables need no script; with the script, drawings can be zoomed and findings filtered. The
page's own policy forbids every other script, so that quoted source could not run even if it were
not escaped. The page does not depend on time or machine.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from bnlint.findings import Outcome, Report
from bnlint.reporters.html.drawings import drawings
from bnlint.reporters.html.findings import anchors, by_file, finding_article, heading_of
from bnlint.reporters.html.pages import page_sections
from bnlint.reporters.summary import summary
from bnlint.reporters.terminal import printable
from bnlint.reporters.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """The page, in pieces."""
    script, style = _resource("page.js"), _resource("page.css")
    pictures = list(view.pictures())
    codes = sorted({finding.code for finding in report.findings})
    said = printable(summary(report, view).splitlines()[0]) if _is_told(report) else "Nothing read."
    yield from _head(script, style)
    yield "<body>\n<a class=skip href=#main>Skip to the report</a>\n<header>\n"
    yield f"<h1>bnlint report</h1>\n<p>{escape(said)}</p>\n"
    yield from _navigation(models=bool(pictures), rules=bool(codes))
    yield "</header>\n<main id=main>\n"
    yield from _summary(report)
    if pictures:
        yield from drawings(pictures, anchors(report.findings))
    yield from _findings(report, view)
    if codes:
        yield from page_sections(codes, view)
    yield "</main>\n"
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def _head(script: str, style: str) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    yield "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
    yield f'<meta http-equiv=Content-Security-Policy content="{policy}">\n'
    yield '<meta name=viewport content="width=device-width, initial-scale=1">\n'
    yield f"<title>bnlint report</title>\n<style>{style}</style>\n</head>\n"


def _navigation(*, models: bool, rules: bool) -> Iterator[str]:
    yield "<nav aria-label=Contents><ul>\n<li><a href=#summary>Summary</a></li>\n"
    if models:
        yield "<li><a href=#models>Models</a></li>\n"
    yield "<li><a href=#findings>Findings</a></li>\n"
    if rules:
        yield "<li><a href=#rules>Rules</a></li>\n"
    yield "</ul></nav>\n"


def _summary(report: Report) -> Iterator[str]:
    yield '<section aria-labelledby=summary>\n<h2 id=summary>Summary</h2>\n<div class="tables">\n'
    rules = Counter((f.code, f.name, f.severity) for f in report.findings)
    if rules:
        yield "<table><caption>By rule</caption>\n<thead><tr><th scope=col>Rule"
        yield "<th scope=col>Severity<th scope=col class=number>Findings</thead>\n<tbody>\n"
        for (code, name, severity), count in sorted(rules.items(), key=lambda i: (-i[1], i[0])):
            word = severity.name.lower()
            yield f'<tr><th scope=row><a href="#{escape(code)}">{escape(code)} {escape(name)}</a>'
            yield f'<td><span class="severity {word}">{word}</span><td class=number>{count}\n'
        yield "</tbody></table>\n<table><caption>By file</caption>\n<thead><tr><th scope=col>File"
        yield "<th scope=col class=number>Findings</thead>\n<tbody>\n"
        for number, (filename, findings) in enumerate(by_file(report.findings), 1):
            yield f"<tr><th scope=row><a href=#file-{number}>{escape(printable(filename))}</a>"
            yield f"<td class=number>{len(findings)}\n"
        yield "</tbody></table>\n"
    yield from _coverage(report)
    yield "</div>\n"
    if report.failures:
        yield "<h3>Could not be read</h3>\n<ul>\n"
        for failure in report.failures:
            first = failure.message.splitlines()[0] if failure.message else ""
            name, why = escape(printable(failure.filename)), escape(printable(first))
            yield f"<li><code>{name}</code>: {why}</li>\n"
        yield "</ul>\n"
    left = [site for site in report.sites if site.outcome is not Outcome.UNDERSTOOD]
    if left:
        yield f"<details><summary>Not understood, so nothing is said of them: {len(left)}</summary>"
        yield "\n<ul>\n"
        for site in left:
            place = escape(printable(heading_of(site.location)))
            yield f"<li><code>{place}</code>: {escape(site.outcome.value)}</li>\n"
        yield "</ul></details>\n"
    yield "</section>\n"


def _coverage(report: Report) -> Iterator[str]:
    yield "<table><caption>What was read</caption>\n<tbody>\n"
    rows = [("Files", report.files), ("of them interpreted", report.files_read)]
    rows += [("Models", report.models), ("BatchNormalization layers", len(report.sites))]
    rows += [(outcome.value, count) for outcome, count in report.coverage().items() if count]
    for name, count in rows:
        yield f"<tr><th scope=row>{escape(name)}<td class=number>{count}\n"
    yield "</tbody></table>\n"


def _findings(report: Report, view: View) -> Iterator[str]:
    yield "<section aria-labelledby=findings>\n<h2 id=findings>Findings</h2>\n"
    if not report.findings:
        yield "<p>None.</p>\n</section>\n"
        return
    yield "<p id=filtering hidden><label>Show only findings with the words "
    yield '<input id=filter type=search></label> <output id=count class="soft"></output></p>\n'
    named = anchors(report.findings)
    for number, (filename, findings) in enumerate(by_file(report.findings), 1):
        yield f"<section class=file aria-labelledby=file-{number}>\n"
        yield f"<h3 id=file-{number}>{escape(printable(filename))}</h3>\n"
        for finding in findings:
            yield from finding_article(finding, named[finding], view)
        yield "</section>\n"
    yield "</section>\n"


def _is_told(report: Report) -> bool:
    return bool(report.files or report.findings or report.sites)


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
