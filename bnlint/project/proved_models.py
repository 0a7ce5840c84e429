"""Saved models that Keras loads and bnlint measures, because the user passed ``--prove``."""

from __future__ import annotations

from collections.abc import Iterable

from bnlint.findings import Failure, Finding, Report
from bnlint.project.files.targets import SourceFile
from bnlint.project.judging import selection
from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.proving.proof import UNREACHED, claiming, compared


def with_proof(report: Report, files: Iterable[SourceFile]) -> tuple[Report, list[Failure]]:
    """The report with the measurements of biases in saved models.

    Args:
        report: what was found in them.
        files: the saved models; only those that have something to prove are loaded.

    Returns:
        The report, and the failures of the proof: models that can't be loaded or run, and
        findings that the measurement contradicts. They are in the report too.
    """
    failures: list[Failure] = []
    findings = list(report.findings)
    for file in files:
        book = selection.book(file.settings).rules
        codes = claiming(book[code].rule() for code in selection.codes(file.settings))
        at = [
            number
            for number, finding in enumerate(findings)
            if finding.location.filename == file.name and finding.code in codes
        ]
        if not at:
            continue
        told, failed = _proved([findings[number] for number in at], file)
        failures += failed
        for number, finding in zip(at, told, strict=True):
            findings[number] = finding
    whole = sorted([*report.failures, *failures], key=lambda failure: failure.filename)
    return report.saying(tuple(findings), tuple(whole)), failures


def _proved(findings: list[Finding], file: SourceFile) -> tuple[list[Finding], list[Failure]]:
    from bnlint.readers.model.folding.loading import load
    from bnlint.readers.model.live.live import walk_model
    from bnlint.readers.model.proving.proving import by_path, measure

    try:
        model = load(file.path)
        walker = walk_model(model)
        asked = {finding.location.path for finding in findings}
        drawn = [pair for pair in walker.drawn.values() if pair[1].location.path in asked]
        measured = by_path(measure(model, drawn))
    except ModelError as error:
        return findings, [Failure(file.name, f"not proved: {error}")]
    told: list[Finding] = []
    failures: list[Failure] = []
    for finding in findings:
        path = finding.location.path or ""
        each, failure = compared(finding, path, measured.get(path, UNREACHED))
        told.append(each)
        failures += [] if failure is None else [failure]
    return told, failures
