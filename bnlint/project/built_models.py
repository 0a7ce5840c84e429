"""``package.module:callable`` targets: models that are built, and judged like source files."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from bnlint.findings import Failure, Finding, Related, Site
from bnlint.graph import Layer, LayerGraph
from bnlint.project.files.source_lines import Texts
from bnlint.project.judging import selection
from bnlint.project.judging.graph_check import judge
from bnlint.project.suppression.comments import apply
from bnlint.queries import batch_normalizations, reading_outcome
from bnlint.readers.model.building.building import BuildError, Built, build
from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import all_layers
from bnlint.readers.model.proving.proof import Measurement, claimed, claiming, compared_all
from bnlint.readers.model.proving.proving import measure
from bnlint.rule import options_of
from bnlint.settings import Settings, SettingsFinder

_MOST_RELATED: Final = 6


@dataclass(frozen=True, slots=True)
class BuiltModels:
    """The result of building some targets.

    Attributes:
        findings: one for each place in the source; ``location.path`` is the first layer there.
        failures: the targets that could not be built or read.
        models: how many models were built.
        graphs: the graph of each target that was built, by its name.
        sites: their BatchNormalization layers, and how well each was understood.
    """

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    models: int = 0
    graphs: dict[str, LayerGraph] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)


def inspect_built(
    targets: Iterable[str],
    finder: SettingsFinder,
    *,
    arguments: Mapping[str, object],
    input_shape: object = None,
    prove: bool = False,
    debug: bool = False,
) -> BuiltModels:
    """Build and inspect the models that ``targets`` name.

    Args:
        targets: ``package.module:callable``.
        finder: finds the settings of a file.
        arguments: the arguments for each call.
        input_shape: the input shape for calling a subclassed model that was never called.
        prove: measure the claims about biases.
        debug: put tracebacks into the failures.
    """
    findings: list[Finding] = []
    failures: list[Failure] = []
    graphs: dict[str, LayerGraph] = {}
    models = 0
    for target in targets:
        try:
            built = build(target, arguments, input_shape=input_shape)
        except (BuildError, InspectionError) as error:
            failures.append(Failure(target, _message(error, debug=debug)))
            continue
        models += built.models
        graphs[target] = built.graph
        found, failed = findings_in_built(built, finder, target if prove else None)
        findings += found
        failures += failed
    sites = [
        Site(layer.location, reading_outcome(layer, graph))
        for graph in graphs.values()
        for layer in batch_normalizations(graph)
    ]
    return BuiltModels(findings, failures, models, graphs, sites)


def findings_in_built(
    built: Built, finder: SettingsFinder, proved: str | None = None
) -> tuple[list[Finding], list[Failure]]:
    """The findings of the rules for models that were built, by place in the source.

    Args:
        built: the models.
        finder: finds the settings of a file.
        proved: the target's name, if the claims about biases are to be measured.

    Returns:
        The findings, and a failure for each finding that a measurement contradicts, and for each
        measurement that failed.
    """
    settings = finder.for_run([])
    book = selection.book(settings).rules
    rules = [book[code].rule() for code in sorted(selection.codes(settings))]
    judged = judge(built.graph, rules, options_of(settings))
    failures: list[Failure] = []
    if proved is not None:
        codes = claiming(rules)
        measured, reason = _measured(built, claimed(judged, codes))
        judged, failures = compared_all(judged, measured, codes)
        if reason:
            failures.insert(0, Failure(proved, f"not proved: {reason}"))
    return _enabled(by_place(judged), built.files, finder), failures


def _measured(built: Built, asked: AbstractSet[Layer]) -> tuple[dict[Layer, Measurement], str]:
    """Measurements of some biases by one backward pass of each model, and why one is missing."""
    found: dict[Layer, Measurement] = {}
    reason = ""
    for model in built.live:
        inside = {id(layer) for layer in all_layers(model)}
        drawn = [
            (live, layer) for layer, live in built.layers if layer in asked and id(live) in inside
        ]
        if not drawn:
            continue
        try:
            found.update(measure(model, drawn))
        except InspectionError as error:
            reason = str(error)
    return found, reason


def _message(error: Exception, *, debug: bool) -> str:
    if not debug:
        return str(error)
    trace = "".join(traceback.format_exception(error.__cause__ or error)).rstrip()
    return f"{error}\n{trace}"


def by_place(judged: Iterable[tuple[Layer, str, Finding | None]]) -> list[Finding]:
    """One finding for each place in the source and rule.

    A line may build many layers. A finding is reported only if it holds for all of them: only then
    there is something to change at that line.
    """
    places: dict[tuple[object, ...], list[Finding | None]] = {}
    for layer, code, finding in judged:
        where = layer.location._replace(path=None)
        in_source = (code, where) if where.end_column > 1 or where.line > 1 else (code, layer)
        places.setdefault(in_source, []).append(finding)
    return [
        _merged([finding for finding in found if finding is not None])
        for found in places.values()
        if all(finding is not None for finding in found)
    ]


def _merged(findings: list[Finding]) -> Finding:
    first = findings[0]
    related: dict[object, Related] = {}
    for finding in findings:
        for place in finding.related:
            related.setdefault(place.location._replace(path=None), place)
    rest = len(findings) - 1
    more = f", and {rest} more {'layer' if rest == 1 else 'layers'} built here" if rest else ""
    return first._replace(
        message=f"{first.message} (layer {first.location.path}{more})",
        related=tuple(related.values())[:_MOST_RELATED],
    )


def _enabled(
    findings: Iterable[Finding], files: Mapping[str, str], finder: SettingsFinder
) -> list[Finding]:
    """The findings that neither settings nor a comment switch off for their file."""
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.location.filename, []).append(finding)
    texts = Texts({})
    kept: list[Finding] = []
    for name, found in by_file.items():
        path = files.get(name)
        if path is None:
            kept += found
            continue
        settings: Settings = finder.for_folder(os.path.dirname(path))
        enabled = selection.codes_in(settings, path, selection.codes(settings))
        names = {code: info.name for code, info in selection.book(settings).rules.items()}
        on = [finding for finding in found if finding.code in enabled]
        # A comment that suppresses nothing here may suppress a finding of the source reader.
        kept += apply(name, texts.blocks(name), on, names, enabled - {"BN002"})
    return kept
