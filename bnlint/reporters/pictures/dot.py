"""Layer graphs in the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bnlint.findings import Severity
from bnlint.reporters.drawing.picture import Box, Picture

# Fill and border; border width and label show the same without colour.
_STYLES: Final = {
    Severity.ERROR: ("#fbd5d5", "#b91c1c", 3),
    Severity.WARNING: ("#fdf0c4", "#a16207", 2),
    Severity.INFO: ("#dbeafe", "#1d4ed8", 2),
}


def render(pictures: Sequence[Picture]) -> Iterator[str]:
    """One ``digraph``; each picture is a cluster, and so is each nested model in it."""
    yield "digraph bnlint {\n"
    yield '  graph [fontname="Helvetica", fontsize=11, rankdir=TB];\n'
    yield '  node [fontname="Helvetica", fontsize=10, shape=box, style="filled,rounded",'
    yield ' fillcolor="#ffffff", color="#64748b"];\n'
    yield '  edge [color="#64748b", arrowsize=0.7];\n'
    for number, picture in enumerate(pictures):
        yield from _picture(picture, f"m{number}")
    yield "}\n"


def _picture(picture: Picture, prefix: str) -> Iterator[str]:
    yield f"  subgraph cluster_{prefix} {{\n"
    yield f"    label={_quoted(picture.title)};\n"
    yield from _group(picture, range(len(picture.boxes)), prefix, f"cluster_{prefix}", 0)
    for tail, head in picture.arrows:
        yield f"    {prefix}_{tail} -> {prefix}_{head};\n"
    yield "  }\n"


def _group(
    picture: Picture, members: Sequence[int], prefix: str, cluster: str, depth: int
) -> Iterator[str]:
    indent = "    " + "  " * depth
    here, inner = picture.nested(members, depth)
    for index in here:
        yield f"{indent}{prefix}_{index} [{_attributes(picture.boxes[index])}];\n"
    for number, (name, inside) in enumerate(inner.items()):
        yield f"{indent}subgraph {cluster}_{number} {{\n"
        yield f"{indent}  label={_quoted(name)};\n"
        yield from _group(picture, inside, prefix, f"{cluster}_{number}", depth + 1)
        yield f"{indent}}}\n"


def _attributes(box: Box) -> str:
    attributes = [f"label={_quoted(*box.lines())}"]
    hint = [*(f"{mark.label}: {mark.message}" for mark in box.marks), box.place]
    if any(hint):
        attributes.append(f"tooltip={_quoted(*filter(None, hint))}")
    if box.is_small:
        attributes.append('fontsize=8, height=0.2, fillcolor="#f1f5f9"')
    if box.severity is not None:
        fill, line, width = _STYLES[box.severity]
        attributes.append(f'fillcolor="{fill}", color="{line}", penwidth={width}')
    return ", ".join(attributes)


def _quoted(*lines: str) -> str:
    r"""A string of Graphviz; ``\N`` and ``&amp;`` have a meaning there, so both are escaped."""
    written = (
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines
    )
    return '"' + "\\n".join(written) + '"'
