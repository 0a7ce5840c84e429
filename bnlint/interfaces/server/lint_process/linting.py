"""Lints one document, in the worker process: the same pipeline as the command line's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from bnlint.findings import Finding, Location, Outcome, Report
from bnlint.interfaces.server.lint_process.jobs import Answer, Directive, Job, Want
from bnlint.interfaces.server.lint_process.neighbours import Surroundings
from bnlint.project.cache import Cache
from bnlint.project.files import gitignore
from bnlint.project.files.source_lines import Texts
from bnlint.project.files.targets import Names, SourceFile
from bnlint.project.fix_rounds import SAFE, fix_all
from bnlint.project.judging import file_check, selection
from bnlint.project.judging.rule_links import link
from bnlint.project.pipeline import survey_files
from bnlint.project.suppression.comments import find
from bnlint.settings import Layer, Settings, SettingsError, SettingsFinder

_SOURCE = "editor settings"


def lint(job: Job) -> Answer:
    """The answer for the document of ``job``; user code never makes it raise."""
    if os.path.isdir(job.folder):
        os.chdir(job.folder)
    accepted, messages = _accepted(job.settings, job.folder)
    try:
        return _lint(job, accepted, messages)
    except SettingsError as error:
        messages.append(str(error))
    if accepted:  # an unknown selector must not suppress all findings of the file
        try:
            return _lint(job, {}, messages)
        except SettingsError as error:
            messages.append(str(error))
    return Answer(messages=tuple(dict.fromkeys(messages)))


def _accepted(settings: Mapping[str, object], folder: str) -> tuple[dict[str, object], list[str]]:
    """The settings that can be used, and the errors in the others."""
    accepted: dict[str, object] = {}
    messages = []
    for key, value in settings.items():
        if wrong := _objection(key, value, folder):
            messages.append(wrong)
        else:
            accepted[key] = value
    return accepted, messages


def _objection(key: str, value: object, folder: str) -> str:
    try:
        Layer({key: value}, _SOURCE, folder)
    except SettingsError as error:
        return str(error)
    return ""


def _lint(job: Job, flags: Mapping[str, object], messages: list[str]) -> Answer:
    finder = SettingsFinder(flags, folder=job.folder, source=_SOURCE, runs_rules=job.is_trusted)
    settings = finder.for_folder(os.path.dirname(job.path))
    messages += [_idle(source, is_trusted=job.is_trusted) for source in finder.idle_rules]
    if _is_excluded(job.path, settings, job.folder):
        return Answer(messages=tuple(messages))
    name = Names().shown(job.path)
    cache = Cache("", enabled=False)
    file = SourceFile(name, job.path, settings, job.data)
    found = survey_files(finder, [file], [], cache, around=[job.folder], buffers=dict(job.buffers))
    found.heed_baseline(settings)
    if job.want is Want.FIXED:
        with file_check.reading(job.buffers):
            fixed = fix_all(found, cache, SAFE, jobs=1, wanted=partial(_is_in_cell, job.cell))
        return Answer(fixed=next((file.new for file in fixed.files), None))
    wants_neighbours = job.want is Want.NEIGHBOURS
    surroundings = Surroundings(name, graphs=wants_neighbours)
    with file_check.reading(job.buffers, surroundings):
        report = found.report(cache, jobs=1, fixes=job.want is Want.FIXES)
    messages += [f"{failure.filename}: {failure.message}" for failure in report.failures]
    book = selection.book(settings).rules
    names = {code: info.name for code, info in book.items()}
    pages = {code: str(info.folder / "README.md") for code, info in book.items()}
    texts = Texts({name: job.data})
    return Answer(
        tuple(_absolute(finding) for finding in report.findings),
        tuple(_directives(name, texts, names)) if found.suppressing else (),
        surroundings.neighbours(_outcomes(report)) if wants_neighbours else (),
        pages,
        {code: link(book[code]) or Path(page).as_uri() for code, page in pages.items()},
        bool(found.candidates),
        frozenset(surroundings.dependencies),
        tuple(messages),
    )


def _idle(source: str, *, is_trusted: bool) -> str:
    if is_trusted:
        return f"{source}: its `rules` are not those of the workspace folder, so they do not run"
    return f"{source}: its `rules` are code, and the editor does not say that it may run here"


def _is_in_cell(cell: int | None, finding: Finding) -> bool:
    return cell is None or finding.location.cell == cell


def _is_excluded(path: str, settings: Settings, folder: str) -> bool:
    """Whether a walk over the workspace would skip the document."""
    top = next((top for top in (folder, settings.root) if _is_inside(path, top)), None)
    current = path
    while current != top and current != os.path.dirname(current):
        if settings.exclude.match(current, os.path.basename(current)):
            return True
        if top is None:
            break
        current = os.path.dirname(current)
    return settings.respect_gitignore and gitignore.is_ignored(path)


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _absolute(finding: Finding) -> Finding:
    related = tuple(r._replace(location=_place(r.location)) for r in finding.related)
    fix = finding.fix
    if fix is not None:
        edits = tuple(edit._replace(location=_place(edit.location)) for edit in fix.edits)
        fix = fix._replace(edits=edits)
    return finding._replace(location=_place(finding.location), related=related, fix=fix)


def _place(location: Location) -> Location:
    return location._replace(filename=os.path.abspath(location.filename))


def _directives(name: str, texts: Texts, names: Mapping[str, str]) -> Iterator[Directive]:
    for cell, lines in texts.blocks(name):
        for suppression in find(name, lines, names, cell=cell):
            codes = tuple(dict.fromkeys(suppression.codes.values()))
            yield Directive(_place(suppression.location), codes)


def _outcomes(report: Report) -> dict[Location, str]:
    return {
        site.location: "" if site.outcome is Outcome.UNDERSTOOD else site.outcome.value
        for site in report.sites
    }
