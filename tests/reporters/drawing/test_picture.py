"""What is drawn of a graph, before any format."""

from __future__ import annotations

import pytest
from subjects import place, residual_net, two_findings

from bnlint.findings import Finding, Location
from bnlint.graph import UNKNOWN, LayerGraph, Origin, Tensor
from bnlint.reporters.drawing.labels import details
from bnlint.reporters.drawing.layout import laid_out
from bnlint.reporters.drawing.picture import (
    Box,
    Picture,
    connected,
    joined,
    picture_of,
    with_findings,
)


@pytest.fixture
def residual() -> LayerGraph:
    return residual_net()


@pytest.fixture
def findings() -> list[Finding]:
    return two_findings()


def test_every_call_is_a_box_and_every_input_an_arrow(residual: LayerGraph) -> None:
    picture = picture_of(residual, "net")

    kinds = [box.kind for box in picture.boxes]
    block = ["Conv2D", "BatchNormalization", "ReLU", "Add"]
    assert kinds == ["Input", *block, *block]
    assert picture.arrows == (
        (0, 1), (0, 4), (1, 2), (2, 3), (3, 4), (4, 5), (4, 8), (5, 6), (6, 7), (7, 8),
    )  # fmt: skip
    assert picture.boxes[0].shape == "(?, 32, 32, 3)"
    assert [box.is_small for box in picture.boxes[:5]] == [True, False, False, False, True]


def test_findings_stand_on_their_layers(residual: LayerGraph, findings: list[Finding]) -> None:
    picture = with_findings(picture_of(residual), findings)

    marked = {box.name: box.marks for box in picture.boxes if box.marks}
    assert set(marked) == {"conv2d_0", "batchnormalization_1"}
    (warning,) = marked["conv2d_0"]
    (error,) = marked["batchnormalization_1"]
    assert (warning.label, warning.message) == ("BN201 warning", "a <bias> & more")
    assert (error.label, error.message) == ("BN401 error", "an axis when `use_bn` is true")


def test_a_layer_that_is_never_applied_is_drawn_beside_the_others(residual: LayerGraph) -> None:
    residual.new_layer("BatchNormalization", {}, place(99), name="lost")

    *_, lost = connected(picture_of(residual))

    assert [(box.name, box.details) for box in lost.boxes] == [("lost", ("never applied",))]


def test_a_tensor_that_leaves_and_is_used_inside_too_shows_both(residual: LayerGraph) -> None:
    convolution = residual.layers[0].calls[0]
    convolution.outputs[0].leaves = True

    picture = picture_of(residual)

    heads = [picture.boxes[head].kind for tail, head in picture.arrows if tail == 1]
    assert sorted(heads) == ["BatchNormalization", "Output"]


def test_each_use_of_a_shared_layer_is_a_box() -> None:
    graph = LayerGraph()
    shared = graph.new_layer("Dense", {"units": 4}, place(1))
    tensor = Tensor(origin=Origin.INPUT)
    for _ in range(2):
        tensor = graph.apply(shared, (tensor,), place(2)).outputs[0]

    boxes = picture_of(graph).boxes[1:]

    assert [box.details for box in boxes] == [("4", "use 1 of 2"), ("4", "use 2 of 2")]


def test_a_use_that_leads_nowhere_is_not_drawn_beside_one_that_does() -> None:
    graph = LayerGraph()
    shared = graph.new_layer("Dense", {"units": 4}, place(1))
    lost = graph.new_layer("Dense", {"units": 5}, place(2))
    start = Tensor(origin=Origin.INPUT)
    for layer, leaves in ((shared, False), (shared, True), (lost, False)):
        graph.apply(layer, (start,), place(3)).outputs[0].leaves = leaves

    assert [box.details for box in picture_of(graph).boxes[1:]] == [("4",), ("5",)]


def test_the_finding_of_a_wrapped_layer_is_on_the_wrapper(findings: list[Finding]) -> None:
    graph = LayerGraph()
    inner = graph.new_layer("Dense", {"units": 4, "use_bias": UNKNOWN}, place(0))
    outer = graph.new_layer("TimeDistributed", {}, place(5), wraps=inner)
    graph.apply(outer, (Tensor(),), place(5))

    picture = with_findings(picture_of(graph), findings)

    boxes = [(box.kind, box.details, len(box.marks)) for box in picture.boxes]
    assert boxes == [("Unknown", (), 0), ("TimeDistributed(Dense)", ("4",), 1)]


def test_arguments_that_matter_are_told_in_a_few_words() -> None:
    graph = LayerGraph()
    arguments = {
        "filters": UNKNOWN,
        "kernel_size": 3,
        "strides": (2, 2),
        "padding": "same",
        "data_format": "channels_first",
        "activation": "relu",
        "use_bias": False,
        "kernel_initializer": "zeros",
    }
    layer = graph.new_layer("Conv2D", arguments, place(1))
    layer.trainable = False
    call = graph.apply(layer, (Tensor(),), place(1), arguments={"training": False})

    assert details(layer, call) == (
        "?", "3x3", "stride 2x2", "same", "channels_first", "relu", "no bias", "frozen",
        "training=False",
    )  # fmt: skip


def test_boxes_do_not_overlap_and_frames_hold_their_own_only() -> None:
    boxes = [
        Box("Dense", str(n), group=g) for n, g in enumerate([(), ("a",), ("a", "b"), ("a",), ()])
    ]
    arrows = ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4))
    picture = Picture("net", tuple(boxes), arrows)

    layout = laid_out(picture, [(100.0, 30.0)] * len(boxes))

    corners = [layout.boxes[n] for n in range(len(boxes))]
    assert all(
        abs(x1 - x2) >= 100 or abs(y1 - y2) >= 30
        for n, (x1, y1) in enumerate(corners)
        for x2, y2 in corners[:n]
    )
    assert [frame.title for frame in layout.frames] == ["a", "b"]
    held = [
        [
            n
            for n, (x, y) in enumerate(corners)
            if f.x <= x and x + 100 <= f.x + f.width and f.y <= y and y + 30 <= f.y + f.height
        ]
        for f in layout.frames
    ]
    assert held == [[1, 2, 3], [2]]
    assert set(layout.arrows) == set(arrows)
    width, height = layout.size
    assert all(0 <= x <= width - 100 and 0 <= y <= height - 30 for x, y in corners)


def test_a_model_that_is_left_and_entered_again_is_laid_out() -> None:
    boxes = [Box("Dense", str(n), group=g) for n, g in enumerate([("a",), (), ("a",)])]

    layout = laid_out(Picture("", tuple(boxes), ((0, 1), (1, 2))), [(50.0, 20.0)] * 3)

    assert set(layout.arrows) == {(0, 1), (1, 2)}


def test_a_thousand_layers_in_a_row_are_laid_out() -> None:
    boxes = tuple(Box("Dense", str(n)) for n in range(1500))
    arrows = tuple((n, n + 1) for n in range(1499))

    layout = laid_out(Picture("", boxes, arrows), [(50.0, 20.0)] * 1500)

    assert [layout.boxes[n][1] for n in range(1500)] == sorted(y for _, y in layout.boxes.values())


def test_parts_and_whole() -> None:
    one = Picture("t", (Box("A"), Box("B")), ((0, 1),))
    two = Picture("t", (Box("C"), Box("D")), ((0, 1),))

    whole = joined([one, two])

    assert connected(whole) == [one, two]


def test_the_place_of_a_box_is_its_line_or_its_path() -> None:
    source, model = Location("net.py", 3), Location.of_layer("m.keras", 1, "base/conv")

    assert [Box("A", places=(where,)).place for where in (source, model)] == [
        "net.py:3",
        "base/conv",
    ]


def test_origin_names_are_the_kinds_of_open_starts() -> None:
    graph = LayerGraph()
    starts = tuple(Tensor(origin=origin) for origin in Origin)
    graph.apply(graph.new_layer("Add", {}, place(1)), starts, place(1))

    kinds = [box.kind for box in picture_of(graph).boxes if box.is_small]

    assert sorted(kinds) == ["Input", "Parameter", "Unknown"]


def test_long_arrows_of_a_deep_picture_go_around_it() -> None:
    """A chain in which the first half skips to the second: its bends would be 90,000."""
    count = 600
    chain = [(n, n + 1) for n in range(count - 1)]
    skips = [(n, count - 1 - n) for n in range(count // 2 - 1)]
    boxes = tuple(Box("Dense", name=f"d{n}") for n in range(count))
    picture = Picture("deep", boxes, tuple(sorted([*chain, *skips])))

    layout = laid_out(picture, [(60.0, 30.0)] * count)

    assert set(layout.arrows) == set(picture.arrows)
    assert sum(len(points) - 2 for points in layout.arrows.values()) < 6_000
    _, *around, _ = layout.arrows[0, count - 1]
    assert len(around) == 2
    assert all(x == layout.size[0] for x, _ in around)
    tops = [layout.boxes[n][1] for n in range(count)]
    assert tops == sorted(tops)
