"""Shapes are those of the real Keras, and what it refuses is told."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import UNKNOWN, Call, LayerGraph, Shape, Size, Tensor
from bnlint.queries.shapes import Shapes, settle_format

HERE = Location("shapes.py")
TURNS = 40

Arguments: TypeAlias = dict[str, Any]
Maker: TypeAlias = Callable[[random.Random, int], Arguments]


def _convolution(dice: random.Random, axes: int) -> Arguments:
    strides = dice.choice([1, 1, 2])
    return {
        "filters": dice.choice([2, 4]),
        "kernel_size": tuple(dice.choice([1, 2, 3, 4]) for _ in range(axes)),
        "strides": strides,
        "padding": dice.choice(["valid", "same"]),
        "dilation_rate": dice.choice([1, 2]) if strides == 1 else 1,
    }


def _grouped(dice: random.Random, axes: int) -> Arguments:
    return {**_convolution(dice, axes), "groups": dice.choice([1, 2])}


def _depthwise(dice: random.Random, axes: int) -> Arguments:
    whole = _convolution(dice, axes)
    del whole["filters"]
    return {**whole, "depth_multiplier": dice.choice([1, 2])}


def _transposed(dice: random.Random, axes: int) -> Arguments:
    return {**_convolution(dice, axes), "dilation_rate": 1}


def _pooling(dice: random.Random, axes: int) -> Arguments:
    return {
        "pool_size": tuple(dice.choice([1, 2, 3]) for _ in range(axes)),
        "strides": dice.choice([None, 1, 2]),
        "padding": dice.choice(["valid", "same"]),
    }


def _globally(dice: random.Random, _axes: int) -> Arguments:
    return {"keepdims": dice.choice([True, False])}


def _margins(name: str) -> Maker:
    def make(dice: random.Random, axes: int) -> Arguments:
        numbers = [dice.choice([0, 1, 2]) for _ in range(2 * axes)]
        pairs = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        few: list[Any] = [numbers[0], pairs if axes > 1 else pairs[0]]
        return {name: dice.choice([*few, tuple(numbers[:axes])] if axes > 1 else few)}

    return make


def _enlarged(dice: random.Random, axes: int) -> Arguments:
    return {"size": dice.choice([2, tuple(range(1, axes + 1)) if axes > 1 else 3])}


MAKERS: dict[str, tuple[Maker, tuple[int, ...]]] = {
    "Conv": (_grouped, (1, 2, 3)),
    "SeparableConv": (_convolution, (1, 2)),
    "DepthwiseConv": (_depthwise, (1, 2)),
    "ConvTranspose": (_transposed, (1, 2)),
    "MaxPooling": (_pooling, (1, 2, 3)),
    "AveragePooling": (_pooling, (1, 2)),
    "GlobalAveragePooling": (_globally, (1, 2, 3)),
    "ZeroPadding": (_margins("padding"), (1, 2, 3)),
    "Cropping": (_margins("cropping"), (1, 2, 3)),
    "UpSampling": (_enlarged, (1, 2, 3)),
}
OTHERS: list[tuple[str, Arguments]] = [
    ("Dense", {"units": 5}),
    ("Flatten", {}),
    ("Reshape", {"target_shape": (-1, 4)}),
    ("Reshape", {"target_shape": (6, 4)}),
    ("Permute", {"dims": (2, 1)}),
    ("Permute", {"dims": (3, 1, 2)}),
    ("RepeatVector", {"n": 3}),
    ("LSTM", {"units": 4, "return_sequences": True}),
    ("GRU", {"units": 4}),
    ("Embedding", {"input_dim": 9, "output_dim": 4}),
    ("Dropout", {"rate": 0.5}),
    ("ReLU", {}),
    ("BatchNormalization", {}),
]
MERGES: list[tuple[str, Arguments]] = [
    ("Add", {}),
    ("Multiply", {}),
    ("Average", {}),
    ("Subtract", {}),
    ("Maximum", {}),
    ("Concatenate", {}),
    ("Concatenate", {"axis": 1}),
]


def _cases() -> Iterator[tuple[str, Arguments, list[tuple[int, ...]]]]:
    dice = random.Random(7)
    for family, (maker, spatial) in MAKERS.items():
        for axes in spatial:
            for _ in range(TURNS // len(spatial)):
                kind = f"Conv{axes}DTranspose" if family == "ConvTranspose" else f"{family}{axes}D"
                given = maker(dice, axes)
                if "data_format" in keras_api.bind(kind, (), {}).arguments:
                    given["data_format"] = dice.choice(["channels_last", "channels_first"])
                yield kind, given, [tuple(dice.choice([1, 2, 4, 6]) for _ in range(axes + 1))]
    for kind, given in OTHERS:
        for rank in (1, 2, 3):
            yield kind, given, [tuple(dice.choice([1, 2, 4, 6]) for _ in range(rank))]
    for kind, given in MERGES:
        for _ in range(12):
            shape = [dice.choice([1, 2, 4]) for _ in range(3)]
            other = [size if dice.random() < 0.7 else dice.choice([1, 2, 4]) for size in shape]
            yield kind, given, [tuple(shape), tuple(other)]


def _read(kind: str, given: Arguments, shapes: list[tuple[int, ...]]) -> tuple[Shapes, Shape]:
    graph = LayerGraph()
    layer = graph.new_layer(kind, keras_api.bind(kind, (), given).arguments, HERE)
    inputs = tuple(Tensor(shape=(None, *shape)) for shape in shapes)
    call = graph.apply(layer, inputs, HERE)
    found = Shapes([call], graph)
    return found, found.of(call.outputs[0])


@pytest.mark.keras
@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_shapes_are_those_of_keras(library: str) -> None:
    keras = pytest.importorskip(library)
    for kind, given, shapes in _cases():
        inputs, arguments = [keras.Input(shape) for shape in shapes], given
        if kind == "ZeroPadding1D" and library == "tf_keras":
            arguments = {"padding": given["padding"]}
        try:
            made = getattr(keras.layers, kind)(**arguments)
            built = tuple(made(inputs if len(inputs) > 1 else inputs[0]).shape)
        except (ValueError, TypeError, IndexError) as error:
            built, why = None, str(error)
        # Convolutions of channels_first with dilation and the like are not run by every backend.
        if built is None and ("OnlySupports" in why or "not support" in why or "NHWC" in why):
            continue
        if built is not None and any(size is not None and size < 1 for size in built):
            built = None  # nothing can be done with it
        found, shape = _read(kind, arguments, shapes)
        said = (library, kind, arguments, shapes, built, shape)
        assert not (found.is_refused and built is not None), said
        if built is None:
            assert found.is_refused or shape is UNKNOWN, said
        elif shape is not UNKNOWN:
            assert len(shape) == len(built), said
            assert all(a in (UNKNOWN, b) for a, b in zip(shape, built, strict=True)), said


def _chain(
    shape: tuple[Size, ...], *layers: tuple[str, Arguments]
) -> tuple[list[Call], LayerGraph]:
    graph = LayerGraph()
    tensor, calls = Tensor(shape=(None, *shape)), []
    for kind, given in layers:
        layer = graph.new_layer(kind, keras_api.bind(kind, (), given).arguments, HERE)
        call = graph.apply(layer, (tensor,), HERE)
        calls.append(call)
        (tensor,) = call.outputs
    return calls, graph


def test_format_is_the_one_in_which_a_model_can_be_built() -> None:
    calls, graph = _chain((1, 60, 90), ("Conv2D", {"filters": 4, "kernel_size": (60, 1)}))
    settle_format(calls, graph)
    assert graph.image_data_format == "channels_first"
    assert graph.can_be_built is True


def test_chosen_format_in_which_a_model_cannot_be_built_is_refused() -> None:
    calls, graph = _chain((1, 60, 90), ("MaxPooling2D", {"pool_size": 2}))
    graph.image_data_format = "channels_last"
    settle_format(calls, graph)
    assert graph.can_be_built is False


def test_kernel_of_unknown_size_on_an_axis_of_one_leaves_it_open() -> None:
    given = {"filters": 4, "kernel_size": (UNKNOWN, 1)}
    calls, graph = _chain((1, UNKNOWN, 90), ("Conv2D", given))
    settle_format(calls, graph)
    assert graph.can_be_built is UNKNOWN


def test_size_that_shrinks_by_unknown_kernels_has_a_bound() -> None:
    shrinks = ("Conv2D", {"filters": 4, "kernel_size": UNKNOWN})
    pools = ("MaxPooling2D", {"pool_size": 2})
    calls, graph = _chain((3, 64, 64), shrinks, pools, shrinks, pools)
    settle_format(calls, graph)
    assert graph.image_data_format == "channels_first"


def test_unknown_sizes_refuse_nothing() -> None:
    layers = [
        ("Conv2D", {"filters": 4, "kernel_size": 7}),
        ("Flatten", {}),
        ("Dense", {"units": 2}),
    ]
    calls, graph = _chain((UNKNOWN, UNKNOWN, 3), *layers)
    settle_format(calls, graph)
    assert graph.image_data_format is UNKNOWN
    assert graph.can_be_built is True
