"""Writes findings as text, one module per format."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bnlint.findings import Report
    from bnlint.reporters.drawing.picture import Picture
    from bnlint.reporters.view import View

_FOR_PROGRAMS = ("azure", "github", "gitlab", "junit", "pylint", "rdjson", "sarif")


def render(output_format: str, report: Report, view: View, *, statistics: bool) -> Iterator[str]:
    """``report`` in a format, in pieces of whole lines.

    Args:
        output_format: one of :data:`bnlint.settings.FORMATS` that does not draw.
        report: the report to write.
        view: how to show it.
        statistics: write counts instead of findings.
    """
    if output_format in ("json", "json-lines"):
        from bnlint.reporters import json_

        if statistics:
            return json_.render_statistics(report)
        lines = output_format == "json-lines"
        return json_.render_lines(report, view) if lines else json_.render(report, view)
    from importlib import import_module

    # Each format has a module of its name; those that only other programs read are in `ci`.
    name = "statistics" if statistics else output_format
    room = "bnlint.reporters.ci" if name in _FOR_PROGRAMS else "bnlint.reporters"
    rendered: Iterator[str] = import_module(f"{room}.{name}").render(report, view)
    return rendered


def draw(output_format: str, pictures: Sequence[Picture]) -> str:
    """The pictures in one of the drawing formats.

    Args:
        output_format: ``"dot"``, ``"mermaid"`` or ``"svg"``.
        pictures: pictures of the models, with the findings on them.

    Raises:
        DrawingError: ``"svg"``: the layout library is not installed, or the picture is too large.
    """
    if output_format == "dot":
        from bnlint.reporters.pictures import dot

        return "".join(dot.render(pictures))
    if output_format == "mermaid":
        from bnlint.reporters.pictures import mermaid

        return "".join(mermaid.render(pictures))
    from bnlint.reporters.pictures import svg

    return "".join(svg.render(pictures))
