"""Findings to text, one module a format."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bnlint.drawing.picture import Picture
    from bnlint.findings import Report
    from bnlint.reporters.view import View


def render(output_format: str, report: Report, view: View, *, statistics: bool) -> Iterator[str]:
    """``report`` in a format, in pieces of whole lines.

    Args:
        output_format: ``"full"``, ``"concise"``, ``"json"`` or ``"json-lines"``.
        report: what was found.
        view: how to show it.
        statistics: counts instead of findings.
    """
    if output_format in ("json", "json-lines"):
        from bnlint.reporters import json_

        if statistics:
            return json_.render_statistics(report)
        return json_.render(report) if output_format == "json" else json_.render_lines(report)
    if statistics:
        from bnlint.reporters import statistics as counts

        return counts.render(report, view)
    if output_format == "full":
        from bnlint.reporters import full

        return full.render(report, view)
    from bnlint.reporters import concise

    return concise.render(report, view)


def draw(output_format: str, pictures: Sequence[Picture]) -> str:
    """The pictures in one of the formats that draw.

    Args:
        output_format: ``"dot"``, ``"mermaid"`` or ``"svg"``.
        pictures: of the models, with the findings on them.

    Raises:
        DrawingError: ``"svg"``: what lays out the picture is not installed, or it is too large.
    """
    if output_format == "dot":
        from bnlint.reporters import dot

        return "".join(dot.render(pictures))
    if output_format == "mermaid":
        from bnlint.reporters import mermaid

        return "".join(mermaid.render(pictures))
    from bnlint.reporters import svg

    return "".join(svg.render(pictures))
