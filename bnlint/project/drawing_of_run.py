"""Draws a whole run: reads the linted files again, for their graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bnlint.findings import Report
from bnlint.graph import LayerGraph
from bnlint.project.candidates import Scan
from bnlint.project.pictures_from_source import candidates_in
from bnlint.project.pipeline import Survey
from bnlint.project.processes import isolation
from bnlint.reporters.drawing.choice import Candidate, chosen
from bnlint.reporters.drawing.picture import Picture, picture_of
from bnlint.settings.reach import regular_files


def pictures_of(found: Survey, built: Mapping[str, LayerGraph], report: Report) -> list[Picture]:
    """One picture for each model that was linted, with the findings on its layers.

    Args:
        found: the files and saved models of the run.
        built: the graphs of the models that were built, by target.
        report: the findings in all of them; files that could not be read are left out.
    """
    failed = {failure.filename for failure in report.failures}
    candidates: list[Candidate] = []
    for scan in found.candidates:
        if scan.file.name not in failed:
            candidates += candidates_in(scan.file.name, _data(scan))
    pictures = list(_whole(found, built, failed))
    candidates += [Candidate(picture, (picture.title, 0)) for picture in pictures]
    return chosen(candidates, report.findings)


def _whole(found: Survey, built: Mapping[str, LayerGraph], failed: set[str]) -> Iterator[Picture]:
    """Pictures of the targets that are complete models, built or saved."""
    for target, graph in built.items():
        yield picture_of(graph, target)
    for file in found.models:
        if file.name not in failed:
            picture = isolation.run(_saved, (file.path, file.name), None)
            if picture is not None:
                yield picture


def _saved(place: tuple[str, str]) -> Picture | None:
    """The picture of a saved model; if there is none, the report says why."""
    from bnlint.readers.model.errors import ModelError
    from bnlint.readers.model.saved.saved import read_saved

    path, name = place
    try:
        with read_saved(path, name) as model:
            return picture_of(model.graph, name)
    except (ModelError, OSError):
        return None


def _data(scan: Scan) -> bytes:
    if scan.data is not None:
        return scan.data
    return regular_files.read(scan.file.path, scan.file.limit)
