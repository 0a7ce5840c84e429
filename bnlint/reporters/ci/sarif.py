"""SARIF 2.1.0, for code scanning: rules with their pages, findings, fixes, and what went wrong.

Reference: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. A region is a
region of the file, even in a notebook; logical location and message name the cell.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote_from_bytes

import bnlint
from bnlint.findings import Applicability, Edit, Failure, Finding, Fix, Location, Report, Severity
from bnlint.project.files.source_lines import Texts
from bnlint.project.judging.rule_book import RuleBook, RuleInfo
from bnlint.project.judging.rule_links import link
from bnlint.reporters.places import STDIN, cell_note, fingerprints, relative, said
from bnlint.reporters.view import View
from bnlint.settings.reach import home

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_MARKUP = re.compile(r"`+|\*\*|^#+[ ]*", re.MULTILINE)

_Object = dict[str, object]


def render(report: Report, view: View) -> Iterator[str]:
    book = view.book()
    indices = {code: index for index, code in enumerate(book.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "bnlint",
                "version": bnlint.__version__,
                "semanticVersion": bnlint.__version__,
                "rules": _rules(book),
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": folder_uri(PurePath(home.current()))}},
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": [_notification(each) for each in report.failures],
            }
        ],
        "results": [
            _result(finding, name, indices, view.texts)
            for finding, name in fingerprints(report.findings, view.texts)
        ],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def folder_uri(folder: PurePath) -> str:
    """The ``file:`` URI of a folder, which ends in a slash."""
    uri = folder.as_uri()
    return uri if uri.endswith("/") else uri + "/"


def _rules(book: RuleBook) -> list[_Object]:
    return [_rule(info) for info in book.rules.values()]


def _rule(info: RuleInfo) -> _Object:
    page = info.page()
    address = link(info)
    return {
        "id": info.code,
        "name": "".join(word.capitalize() for word in info.name.split("-")),
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": _what_it_does(page) or info.summary},
        "help": {"text": _MARKUP.sub("", page), "markdown": page},
        **({} if address is None else {"helpUri": address}),
        "defaultConfiguration": {"level": _LEVELS[info.severity]},
        "properties": {"tags": ["batch-normalization", "keras", info.name]},
    }


def _what_it_does(page: str) -> str:
    """The first paragraph after the first heading of the second level."""
    _, _, rest = page.partition("\n## ")
    paragraph = rest.partition("\n\n")[2].partition("\n\n")[0]
    return _MARKUP.sub("", " ".join(paragraph.split()))


def _result(finding: Finding, name: str, indices: dict[str, int], texts: Texts) -> _Object:
    text = said(finding) + cell_note(finding.location)
    result: _Object = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{text}. {finding.help}" if finding.help else text},
        "locations": [_location(finding.location, texts)],
        "partialFingerprints": {"primaryLocationLineHash": name},
    }
    if finding.code in indices:
        result["ruleIndex"] = indices[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_location(related.location, texts),
                "message": {"text": related.message + cell_note(related.location)},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    fixes = [_fix(finding.fix, texts)] if finding.fix is not None else []
    if any(fixes):
        result["fixes"] = fixes
    if finding.when:
        result["properties"] = {"when": finding.when}
    return result


def _location(where: Location, texts: Texts) -> _Object:
    physical: _Object = {"artifactLocation": artifact(where.filename)}
    if where.path is None:
        physical["region"] = _region(texts.in_file(where))
    location: _Object = {"physicalLocation": physical}
    if where.cell is not None:
        cell = f"cell {where.cell}"
        full = f"{relative(where.filename)}:{cell}:{where.line}:{where.column}"
        location["logicalLocations"] = [
            {"name": cell, "fullyQualifiedName": full, "kind": "element"}
        ]
        location["properties"] = {"cell": where.cell, "line": where.line, "column": where.column}
    elif where.path is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": where.path, "kind": "object"}]
    return location


def _region(where: Location) -> _Object:
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def artifact(filename: str) -> _Object:
    """A file by its URI, relative to the working directory if the file is inside it."""
    if filename in STDIN:
        return {"uri": "stdin"}
    path = relative(filename)
    if os.path.isabs(path):
        return {"uri": PurePath(path).as_uri()}
    return {"uri": quote_from_bytes(os.fsencode(path)), "uriBaseId": _ROOT}


def _fix(fix: Fix, texts: Texts) -> _Object | None:
    if fix.applicability is Applicability.DISPLAY:
        return None
    edits = [texts.edit_in_file(edit) for edit in fix.edits]
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        if edit is None:
            return None
        by_file.setdefault(edit.location.filename, []).append(edit)
    return {
        "description": {"text": fix.message or "Apply the fix"},
        "artifactChanges": [
            {
                "artifactLocation": artifact(filename),
                "replacements": [
                    {
                        "deletedRegion": _region(edit.location),
                        "insertedContent": {"text": edit.content},
                    }
                    for edit in changes
                ],
            }
            for filename, changes in by_file.items()
        ],
        "properties": {"applicability": fix.applicability.value},
    }


def _notification(failure: Failure) -> _Object:
    return {
        "level": "error",
        "message": {"text": failure.message.splitlines()[0]},
        "locations": [{"physicalLocation": {"artifactLocation": artifact(failure.filename)}}],
    }
