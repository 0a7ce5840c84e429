"""The drawing of a whole run: reads what was linted once more, for its graphs."""

from __future__ import annotations

from collections.abc import Iterable

from bnlint.drawing.choice import Candidate, chosen
from bnlint.drawing.from_source import candidates_in
from bnlint.drawing.picture import Picture
from bnlint.findings import Report
from bnlint.scans import Scan


def pictures_of(scans: Iterable[Scan], report: Report) -> list[Picture]:
    """One picture of each model that was linted, with the findings on its layers.

    Args:
        scans: the files that were read.
        report: what was found in them; files that could not be read are left out.
    """
    failed = {failure.filename for failure in report.failures}
    candidates: list[Candidate] = []
    for scan in scans:
        if scan.file.name not in failed:
            candidates += candidates_in(scan.file.name, _data(scan))
    return chosen(candidates, report.findings)


def _data(scan: Scan) -> bytes:
    if scan.data is not None:
        return scan.data
    with open(scan.file.path, "rb") as file:
        return file.read()
