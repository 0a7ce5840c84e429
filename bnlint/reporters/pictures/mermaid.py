"""Layer graphs as Mermaid flowcharts (https://mermaid.js.org/syntax/flowchart.html).

GitHub and GitLab draw them in Markdown. They show no tooltips, so a finding's message is
in its box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bnlint.findings import Severity
from bnlint.reporters.drawing.picture import Box, Picture

_CLASSES: Final = {
    Severity.ERROR: "fill:#fbd5d5,stroke:#b91c1c,stroke-width:4px,color:#000",
    Severity.WARNING: "fill:#fdf0c4,stroke:#a16207,stroke-width:3px,color:#000",
    Severity.INFO: "fill:#dbeafe,stroke:#1d4ed8,stroke-width:2px,color:#000",
}
# Text that has a meaning in a quoted label: HTML, entities, comments, Markdown strings and KaTeX.
_SPECIAL: Final = re.compile(r"[\"#&<>%`*_~\\$;{}\[\]()|]")


def render(pictures: Sequence[Picture]) -> Iterator[str]:
    """One flowchart; each picture is a subgraph, and so is each nested model in it."""
    yield "flowchart TD\n"
    used: set[Severity] = set()
    for number, picture in enumerate(pictures):
        used.update(box.severity for box in picture.boxes if box.severity is not None)
        yield from _picture(picture, f"m{number}")
    for severity in sorted(used, reverse=True):
        yield f"  classDef {severity.name.lower()} {_CLASSES[severity]}\n"


def _picture(picture: Picture, prefix: str) -> Iterator[str]:
    yield f'  subgraph {prefix}["{_escaped(picture.title) or " "}"]\n'
    yield from _group(picture, range(len(picture.boxes)), prefix, prefix, 0)
    yield "  end\n"
    for tail, head in picture.arrows:
        yield f"  {prefix}_{tail} --> {prefix}_{head}\n"


def _group(
    picture: Picture, members: Sequence[int], prefix: str, cluster: str, depth: int
) -> Iterator[str]:
    indent = "    " + "  " * depth
    here, inner = picture.nested(members, depth)
    for index in here:
        yield f"{indent}{prefix}_{index}{_shape(picture.boxes[index])}\n"
    for number, (name, inside) in enumerate(inner.items()):
        yield f'{indent}subgraph {cluster}g{number}["{_escaped(name) or " "}"]\n'
        yield from _group(picture, inside, prefix, f"{cluster}g{number}", depth + 1)
        yield f"{indent}end\n"


def _shape(box: Box) -> str:
    lines = [_escaped(line) for line in box.lines(messages=True)]
    label = "<br/>".join(line for line in lines if line)
    shape = f'(["{label}"])' if box.is_small else f'["{label}"]'
    return shape if box.severity is None else f"{shape}:::{box.severity.name.lower()}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
