"""Each format: what a parser of that format sees in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pydot
import pytest
from subjects import HOSTILE, hostile_picture, residual_net, two_findings

from bnlint.findings import Finding
from bnlint.graph import LayerGraph
from bnlint.reporters import draw
from bnlint.reporters.drawing.layout import DrawingError
from bnlint.reporters.drawing.picture import Picture, picture_of, with_findings
from bnlint.reporters.pictures.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def residual() -> LayerGraph:
    return residual_net()


@pytest.fixture
def findings() -> list[Finding]:
    return two_findings()


@pytest.fixture
def hostile() -> Picture:
    return hostile_picture()


@pytest.fixture
def picture(residual: LayerGraph, findings: list[Finding]) -> Picture:
    return with_findings(picture_of(residual, "net.py: build"), findings)


def _dot(text: str) -> pydot.Dot:
    graphs = pydot.graph_from_dot_data(text)
    assert graphs is not None
    (graph,) = graphs
    return graph


def _nodes(graph: pydot.Graph) -> list[pydot.Node]:
    own = [node for node in graph.get_nodes() if node.get_name() not in ("node", "edge", "graph")]
    return own + [node for inner in graph.get_subgraphs() for node in _nodes(inner)]


def test_dot_holds_every_box_and_arrow(picture: Picture) -> None:
    graph = _dot(draw("dot", [picture]))

    (cluster,) = graph.get_subgraphs()
    assert cluster.get("label") == '"net.py: build"'
    assert len(_nodes(graph)) == len(picture.boxes)
    edges = {(edge.get_source(), edge.get_destination()) for edge in cluster.get_edges()}
    assert edges == {(f"m0_{tail}", f"m0_{head}") for tail, head in picture.arrows}


def test_dot_tells_findings_in_words_and_colour(picture: Picture) -> None:
    nodes = {node.get_name(): node for node in _nodes(_dot(draw("dot", [picture])))}

    assert nodes["m0_1"].get("label") == r'"Conv2D conv2d_0\n64, 3x3, same\nBN201 warning"'
    assert r"BN201 warning: a <bias> &amp; more\nnet.py:0" in nodes["m0_1"].get("tooltip")
    assert nodes["m0_1"].get("penwidth") != nodes["m0_6"].get("penwidth")
    assert nodes["m0_2"].get("penwidth") is None


def test_dot_keeps_hostile_text_inside_its_strings(hostile: Picture) -> None:
    nodes = _nodes(_dot(draw("dot", [hostile])))

    assert {node.get_name() for node in nodes} == {f"m0_{n}" for n in range(len(HOSTILE) + 1)}


_MERMAID = re.compile(
    r"""flowchart\ TD
    | \ +subgraph\ \w+\["(?P<title>[^"]+)"\]
    | \ +end
    | \ +m\d+_\d+(?:\(\["(?P<small>[^"]+)"\]\)|\["(?P<layer>[^"]+)"\])(?::::(?:error|warning|info))?
    | \ +m\d+_\d+\ -->\ m\d+_\d+
    | \ +classDef\ (?:error|warning|info)\ fill:\#\w{6},stroke:\#\w{6},stroke-width:\dpx,color:\#000
    """,
    re.VERBOSE,
)
_SPOILING = re.compile(r"[\"&<>%`*_~\\$;{}()|\[\]]")


def _mermaid_labels(text: str) -> list[str]:
    """The labels of a flowchart, after a look at every line of it."""
    labels = []
    for line in text.splitlines():
        match = _MERMAID.fullmatch(line)
        assert match, f"not a line of a flowchart: {line!r}"
        label = match["title"] or match["small"] or match["layer"] or ""
        plain = re.sub(r"#\d+;|<br/>", "", label)
        assert not _SPOILING.search(plain), f"not escaped: {line!r}"
        labels += [label] if label else []
    return labels


def test_mermaid_holds_every_box_with_its_message(picture: Picture) -> None:
    text = draw("mermaid", [picture])

    labels = _mermaid_labels(text)
    assert len(labels) == len(picture.boxes) + 1
    message = "a #60;bias#62; #38; more"
    assert f"Conv2D conv2d#95;0<br/>64, 3x3, same<br/>BN201 warning: {message}" in labels
    assert text.count(" --> ") == len(picture.arrows)


def test_mermaid_escapes_hostile_text(hostile: Picture) -> None:
    text = draw("mermaid", [hostile])

    assert len(_mermaid_labels(text)) > len(HOSTILE)
    assert text.count(" --> ") == len(HOSTILE)


_PARSE = """
import { JSDOM } from "jsdom";
import { readFileSync } from "node:fs";
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ maxTextSize: 1e7, maxEdges: 1e5 });
const parsed = await mermaid.mermaidAPI.getDiagramFromText(readFileSync(0, "utf8"));
const vertices = [...parsed.db.getVertices().values()];
console.log(JSON.stringify([vertices.length, parsed.db.getEdges().length]));
"""


@pytest.mark.parametrize("drawn", ["picture", "hostile"])
def test_mermaid_itself_reads_the_same(drawn: str, request: pytest.FixtureRequest) -> None:
    folder = os.environ.get("BNLINT_TEST_MERMAID", "")
    node = shutil.which("node")
    if not folder or node is None:
        pytest.skip("BNLINT_TEST_MERMAID names no folder with npm's mermaid and jsdom")
    subject: Picture = request.getfixturevalue(drawn)

    ran = subprocess.run(
        [node, "--input-type=module", "-e", _PARSE],
        cwd=folder,
        input=draw("mermaid", [subject]),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [len(subject.boxes), len(subject.arrows)]


def _texts(root: ET.Element) -> Sequence[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_svg_holds_every_box_and_arrow(picture: Picture) -> None:
    root = ET.fromstring(draw("svg", [picture]))

    boxes = root.findall(f".//{SVG}g[{SVG}rect]")
    assert len(boxes) == len(picture.boxes)
    assert len(root.findall(f".//{SVG}polygon")) == len(picture.arrows)
    assert _texts(root)[0] == "net.py: build"


def test_svg_tells_findings_in_words_colour_and_hint(picture: Picture) -> None:
    root = ET.fromstring(draw("svg", [picture]))

    hints = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert "BN201 warning: a <bias> & more\nConv2D conv2d_0\n64, 3x3, same\nnet.py:0" in hints
    assert {"BN201 warning", "BN401 error"} <= set(_texts(root))
    widths = {rect.get("stroke-width") for rect in root.iter(f"{SVG}rect")}
    assert len(widths) == 4  # none, unmarked, warning, error


def test_svg_keeps_hostile_text_inside_its_elements(hostile: Picture) -> None:
    root = ET.fromstring(draw("svg", [hostile]))

    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "g", "rect", "text", "path", "polygon"}
    assert any(text.startswith("</svg><script>") for text in _texts(root))


def test_svg_has_nothing_that_clashes_in_a_page(residual: LayerGraph) -> None:
    text = svg(residual, title="one")

    assert " id=" not in text
    assert "<style" not in text
    assert text == svg(residual, title="one")


def test_svg_stays_inside_its_borders(picture: Picture) -> None:
    root = ET.fromstring(draw("svg", [picture, picture]))

    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    frames = [
        (float(rect.get("x", "0")), float(rect.get("width", "0")), float(rect.get("y", "0")))
        for rect in root.iter(f"{SVG}rect")
    ]
    assert all(x + wide <= width and y < height for x, wide, y in frames)


def test_nested_models_are_framed_in_every_format(hostile: Picture) -> None:
    assert draw("dot", [hostile]).count("subgraph") == 1 + 2 * len(HOSTILE) + _slashes()
    assert draw("mermaid", [hostile]).count("subgraph") == draw("dot", [hostile]).count("subgraph")
    root = ET.fromstring(draw("svg", [hostile]))
    dashed = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke-dasharray")]
    assert len(dashed) == 2 * len(HOSTILE) + _slashes()


def _slashes() -> int:
    """A slash in a hostile name parts a path once more."""
    return sum(name.count("/") for name in HOSTILE)


def test_what_is_missing_for_svg_is_said_in_one_line(
    residual: LayerGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "grandalf.graphs", None)

    with pytest.raises(DrawingError, match=r"pip install 'bnlint\[draw\]'"):
        svg(residual)


def test_an_empty_run_is_a_valid_picture() -> None:
    assert _dot(draw("dot", [])).get_subgraphs() == []
    assert draw("mermaid", []) == "flowchart TD\n"
    assert ET.fromstring(draw("svg", [])).tag == f"{SVG}svg"
