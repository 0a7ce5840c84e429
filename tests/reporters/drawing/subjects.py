"""What the tests of drawings draw."""

from __future__ import annotations

from bnlint.findings import Finding, Location, Severity
from bnlint.graph import LayerGraph, Origin, Tensor
from bnlint.reporters.drawing.picture import Picture, picture_of, with_findings

HOSTILE = (
    '"];evil[x="',
    "</svg><script>alert(1)</script>",
    "a\\nb\\",
    "`md` $$k$$ %%{init}%%",
    "&lt;&#35; #quot;",
    "end",
    "]]>\x00\x1b[31m\ud800\u202e\n--> m0_0",
    "{|}();*_~",
    "層" * 30,
)
"""Names that would break out of one format or another, were they not escaped."""


def place(line: int) -> Location:
    return Location("net.py", line, 1, line, 9)


def residual_net() -> LayerGraph:
    """Two residual blocks; the layer of block ``b`` at position ``p`` is on line ``10 b + p``."""
    graph = LayerGraph()
    tensor = Tensor(origin=Origin.INPUT, shape=(None, 32, 32, 3))
    parts: list[tuple[str, dict[str, object]]] = [
        ("Conv2D", {"filters": 64, "kernel_size": 3, "padding": "same"}),
        ("BatchNormalization", {"axis": -1}),
        ("ReLU", {}),
    ]
    for block in range(2):
        start = tensor
        for position, (kind, arguments) in enumerate(parts):
            where = place(10 * block + position)
            layer = graph.new_layer(kind, arguments, where, name=f"{kind.lower()}_{block}")
            tensor = graph.apply(layer, (tensor,), where).outputs[0]
        add = graph.new_layer("Add", {}, place(10 * block + 9), is_op=True)
        tensor = graph.apply(add, (tensor, start), place(10 * block + 9)).outputs[0]
    tensor.leaves = True
    return graph


def two_findings() -> list[Finding]:
    """A warning on line 0 and an error, under a condition, on line 11."""
    return [
        Finding("BN201", "redundant-bias", Severity.WARNING, place(0), "a <bias> & more"),
        Finding("BN401", "axis", Severity.ERROR, place(11), "an axis", when="`use_bn` is true"),
    ]


def hostile_picture() -> Picture:
    """A picture in which names, titles, arguments, paths and messages are hostile."""
    graph = LayerGraph()
    tensor = Tensor(origin=Origin.INPUT)
    findings = []
    for number, text in enumerate(HOSTILE):
        where = Location.of_layer(text, 1 + number, f"{text}/inner/{number}")
        layer = graph.new_layer(text, {"units": text, "activation": text}, where, name=text)
        tensor = graph.apply(layer, (tensor,), where).outputs[0]
        findings.append(Finding("BN201", "redundant-bias", Severity.INFO, where, text, when=text))
    return with_findings(picture_of(graph, "\n".join(HOSTILE)), findings)
