"""Saved models are read as data, in the dialects of all versions of Keras."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_files import (
    Entry,
    conv_and_norm,
    functional,
    input_layer,
    layer,
    node,
    sequential,
    tensor,
    weights_of_keras_3,
    write_h5,
    write_json,
    write_keras,
    write_saved_model,
)

import bnlint
from bnlint.findings import Outcome
from bnlint.graph import Layer, LayerGraph
from bnlint.readers.model.saved.functional import draw
from bnlint.readers.model.saved.saved import read_saved


def codes(path: Path, **settings: Any) -> list[tuple[str, str | None]]:
    report = bnlint.lint(path, isolated=True, **settings)
    assert not report.failures
    return [(finding.code, finding.location.path) for finding in report.findings]


def failure(path: Path) -> str:
    report = bnlint.lint(path, isolated=True)
    assert not report.findings
    assert report.exit_status() == 2
    (found,) = report.failures
    assert "\n" not in found.message
    return found.message


def graph_of(model: Entry) -> LayerGraph:
    return draw(model, "model.json").graph


def named(graph: LayerGraph, path: str) -> Layer:
    return next(layer for layer in graph.layers if layer.location.path == path)


REDUNDANT = [("BN201", "conv")]


# Formats


def test_the_formats_of_a_file_say_the_same(tmp_path: Path) -> None:
    model = conv_and_norm()
    assert codes(write_keras(tmp_path / "m.keras", model)) == REDUNDANT
    assert codes(write_h5(tmp_path / "m.h5", model, {})) == REDUNDANT
    assert codes(write_json(tmp_path / "m.json", model)) == REDUNDANT
    assert codes(write_saved_model(tmp_path / "m", model)) == REDUNDANT


def test_a_file_is_what_its_first_bytes_say(tmp_path: Path) -> None:
    # Keras 2 wrote HDF5 under any name.
    assert codes(write_h5(tmp_path / "m.keras", conv_and_norm(), {})) == REDUNDANT


def test_models_and_sources_make_one_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_keras(tmp_path / "m.keras", conv_and_norm())
    source = (
        "from keras.layers import *\n"
        "x = Input((4,))\n"
        "y = BatchNormalization()(Dense(4)(x))\n"
        "model = Model(x, y)\n"
    )
    (tmp_path / "net.py").write_text(source, encoding="utf-8")
    report = bnlint.lint(["net.py", "m.keras"], isolated=True)
    places = [(f.location.filename, f.location.path) for f in report.findings]
    assert places == [("m.keras", "conv"), ("net.py", None)]
    assert len(report.sites) == 2


def test_a_walk_does_not_open_models(tmp_path: Path) -> None:
    write_keras(tmp_path / "m.keras", conv_and_norm())
    report = bnlint.lint(tmp_path, isolated=True)
    assert report.files == 0


def test_settings_hold_for_models(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "m.keras", conv_and_norm())
    assert codes(path, ignore=["BN201"]) == []


def test_findings_come_in_the_order_of_the_model(tmp_path: Path) -> None:
    layers = [input_layer()]
    before = "in"
    for name in ("zeta", "alpha", "mid"):
        layers += [
            layer("Conv2D", name, node(tensor(before)), filters=4, kernel_size=1),
            layer("BatchNormalization", f"{name}_bn", node(tensor(name))),
            layer("ReLU", f"{name}_relu", node(tensor(f"{name}_bn"))),
        ]
        before = f"{name}_relu"
    path = write_keras(tmp_path / "m.keras", functional(layers, [before, 0, 0]))
    assert [place for _, place in codes(path)] == ["zeta", "alpha", "mid"]


# Nodes


def test_nodes_of_keras_2(tmp_path: Path) -> None:
    model = functional(
        [
            {
                "class_name": "InputLayer",
                "config": {"name": "in", "batch_input_shape": [None, 8, 8, 3]},
                "name": "in",
                "inbound_nodes": [],
            },
            layer("Conv2D", "conv", [["in", 0, 0, {}]], module=None, filters=4, kernel_size=[3, 3]),
            layer("TFOpLambda", "op", ["conv", 0, 0, {"y": 2.0}], function="math.multiply"),
            layer("Add", "add", [["op", 0, 0, {}], ["conv", 0, 0, {}]]),
            layer("BatchNormalization", "bn", [["add", 0, 0, {"training": None}]], axis=[3]),
        ],
        [["bn", 0, 0]],
    )
    for entry in model["config"]["layers"]:
        entry.pop("registered_name", None)
    assert codes(write_json(tmp_path / "m.json", model)) == REDUNDANT


def test_an_op_that_sees_the_bias_keeps_it(tmp_path: Path) -> None:
    model = conv_and_norm()
    relu = layer("Relu", "relu", node(tensor("conv")), module="keras.src.ops.nn")
    model["config"]["layers"].append(relu)
    model["config"]["output_layers"] = [["bn", 0, 0], ["relu", 0, 0]]
    assert codes(write_json(tmp_path / "m.json", model)) == []


def test_training_false_in_a_node_pins_the_layer(tmp_path: Path) -> None:
    model = conv_and_norm()
    model["config"]["layers"][2]["inbound_nodes"] = [node(tensor("conv"), training=False)]
    assert codes(write_json(tmp_path / "m.json", model)) == []


def test_a_frozen_layer_is_frozen(tmp_path: Path) -> None:
    model = conv_and_norm()
    model["config"]["layers"][2]["config"]["trainable"] = False
    assert codes(write_json(tmp_path / "m.json", model)) == []


def test_sequential_of_keras_1(tmp_path: Path) -> None:
    config = {"name": "d", "output_dim": 4, "bias": True, "batch_input_shape": [None, 8]}
    dense = {"class_name": "Dense", "config": config}
    norm = {"class_name": "BatchNormalization", "config": {"name": "bn", "mode": 0, "axis": -1}}
    model = {"class_name": "Sequential", "config": [dense, norm], "keras_version": "1.2.2"}
    assert codes(write_h5(tmp_path / "m.h5", model, {})) == [("BN201", "d")]


def nested(inner: Entry, first: int, outputs: list[object]) -> Entry:
    """Two calls of an inner model, whose calls the nodes of Keras 3 count from ``first``."""
    return functional(
        [
            input_layer(shape=(None, 4)),
            layer("Dense", "stem", node(tensor("in")), units=4),
            {**inner, "name": "inner", "inbound_nodes": [node(tensor("stem")), node(tensor("in"))]},
            layer("Add", "add", node([tensor("inner", first), tensor("inner", first + 1)])),
        ],
        outputs,
    )


def inner_functional() -> Entry:
    return functional(
        [
            input_layer(shape=(None, 4)),
            layer("BatchNormalization", "bn", node(tensor("in"))),
            layer("Dense", "dense", node(tensor("bn")), units=4),
        ],
        ["dense", 0, 0],
        name="inner",
    )


@pytest.mark.parametrize("first", [0, 1])
def test_a_nested_model_is_drawn_at_each_call(first: int) -> None:
    graph = graph_of(nested(inner_functional(), first, ["add", 0, 0]))
    assert len(named(graph, "inner/bn").calls) == 2
    (add,) = named(graph, "add").calls
    assert [t.producer for t in add.inputs] == named(graph, "inner/dense").calls
    (stem,) = named(graph, "stem").calls
    assert stem.outputs[0].consumers == [named(graph, "inner/bn").calls[0]]


@pytest.mark.parametrize("counted", [1, 2])
def test_a_nested_model_as_output_counts_otherwise(counted: int) -> None:
    model = nested(inner_functional(), 0, [["add", 0, 0], ["inner", counted, 0]])
    dense = named(graph_of(model), "inner/dense")
    leaving = [call.outputs[0].leaves for call in dense.calls]
    # 2 is possible only where the inner model's own drawing is number 0; 1 may be either.
    assert leaving == ([False, True] if counted == 2 else [True, True])


def test_a_nested_sequential_and_a_call_without_training() -> None:
    inner = sequential(layer("Dense", "d", units=4), layer("BatchNormalization", "bn"))
    model = functional(
        [
            input_layer(shape=(None, 4)),
            {**inner, "name": "s", "inbound_nodes": [node(tensor("in"), training=False)]},
        ],
        ["s", 0, 0],
    )
    (call,) = named(graph_of(model), "s/bn").calls
    assert call.arguments["training"] is False


def test_dictionaries_of_inputs_go_by_key() -> None:
    inner = functional(
        [
            input_layer("b", (None, 4)),
            input_layer("a", (None, 4)),
            layer("Subtract", "sub", node([tensor("b"), tensor("a")])),
        ],
        ["sub", 0, 0],
        {"b": ["b", 0, 0], "a": ["a", 0, 0]},
    )
    model = functional(
        [
            input_layer(shape=(None, 4)),
            layer("ReLU", "relu", node(tensor("in"))),
            {
                **inner,
                "name": "m",
                "inbound_nodes": [node({"a": tensor("relu"), "b": tensor("in")})],
            },
        ],
        ["m", 0, 0],
    )
    graph = graph_of(model)
    (call,) = named(graph, "m/sub").calls
    assert call.inputs[0].producer is None
    assert call.inputs[1].producer in named(graph, "relu").calls


def test_a_wrapper_around_a_model_is_entered() -> None:
    inner = sequential(layer("Dense", "d", units=4), layer("BatchNormalization", "bn"), name="s")
    model = functional(
        [
            input_layer(shape=(None, 5, 4)),
            layer("TimeDistributed", "td", node(tensor("in")), layer=inner),
        ],
        ["td", 0, 0],
    )
    assert len(named(graph_of(model), "td/s/bn").calls) == 1


@pytest.mark.parametrize("wrapping", ["__tuple__", "TensorShape"])
def test_shapes_are_read_where_keras_wraps_them(wrapping: str, tmp_path: Path) -> None:
    def over(axis: int) -> Entry:
        first = layer("Dense", "d", module=None, units=4)
        shape = {"class_name": wrapping, "items": [None, 5, 8]}
        first["config"]["batch_input_shape"] = shape
        model = sequential(first, layer("BatchNormalization", "bn", module=None, axis=[axis]))
        del model["module"], model["registered_name"]
        for entry in model["config"]["layers"]:
            del entry["module"], entry["registered_name"]
        return model

    # The bias goes along the last of three axes: only normalization of that one subtracts it.
    assert codes(write_saved_model(tmp_path / "time", over(1)), select=["BN201"]) == []
    channels = write_saved_model(tmp_path / "channels", over(2))
    assert codes(channels, select=["BN201"]) == [("BN201", "d")]


def _dense_outside_and_inside() -> Entry:
    """A model, and one nested in it, each with a Dense ``d`` behind which BatchNormalization is."""
    built = {"build_config": {"input_shape": [None, 4]}}

    def dense(*inbound: object) -> Entry:
        return {**layer("Dense", "d", *inbound, units=4), **built}

    inner = sequential(dense(), layer("BatchNormalization", "n"), name="inner")
    return functional(
        [
            input_layer(shape=(None, 4)),
            {**inner, "inbound_nodes": [node(tensor("in"))]},
            dense(node(tensor("in"))),
            layer("ReLU", "r", node(tensor("d"))),
        ],
        [["inner", 0, 0], ["r", 0, 0]],
    )


def test_a_layer_that_a_nested_model_may_share_is_not_judged(tmp_path: Path) -> None:
    path = write_json(tmp_path / "shared.json", _dense_outside_and_inside())
    assert codes(path) == []


@pytest.mark.parametrize("difference", [{"units": 3}, {"use_bias": False}, {"name": "e"}])
def test_layers_that_differ_are_two(difference: dict[str, object], tmp_path: Path) -> None:
    model = _dense_outside_and_inside()
    model["config"]["layers"][2]["config"].update(difference)
    if "name" in difference:
        model["config"]["layers"][2]["name"] = difference["name"]
        model["config"]["layers"][3]["inbound_nodes"] = [node(tensor("e"))]
    assert codes(write_json(tmp_path / "m.json", model), select=["BN201"]) == [("BN201", "inner/d")]


# What is not understood


def test_a_layer_of_a_users_own_is_opaque(tmp_path: Path) -> None:
    model = conv_and_norm()
    own = layer("BatchNormalization", "own", node(tensor("conv")), module=None)
    model["config"]["layers"].append(own)
    model["config"]["layers"][2]["inbound_nodes"] = [node(tensor("own"))]
    path = write_json(tmp_path / "m.json", model)
    assert codes(path) == []
    assert len(bnlint.lint(path, isolated=True).sites) == 1


def test_layers_inside_of_a_users_own_are_counted_as_not_understood(tmp_path: Path) -> None:
    held = {"class_name": "BatchNormalization", "module": "keras.layers", "config": {"name": "n"}}
    model = conv_and_norm()
    block = layer("Block", "block", node(tensor("conv")), module=None, norm=held)
    model["config"]["layers"][2] = block
    model["config"]["output_layers"] = ["block", 0, 0]
    report = bnlint.lint(write_json(tmp_path / "m.json", model), isolated=True)
    assert [(site.location.path, site.outcome) for site in report.sites] == [
        ("block/n", Outcome.ESCAPED)
    ]


def test_a_subclassed_model_is_refused(tmp_path: Path) -> None:
    entry = {"class_name": "Net", "config": {"units": 3}, "registered_name": "Net", "module": None}
    assert "Net is a class whose layers are code" in failure(
        write_keras(tmp_path / "m.keras", entry)
    )


def test_weights_alone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.h5"
    path.write_bytes(weights_of_keras_3(tmp_path, {"layers/dense/vars/0": [1.0]}))
    assert failure(path).startswith("holds weights only")


def test_an_export_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"\x08\x01")
    assert "without a description of Keras layers" in failure(folder)


# Weights

BN = {"gamma": [2.0, 3.0], "beta": [0.0, 1.0], "moving_mean": [4.0, 5.0], "moving_variance": [1, 9]}


def two_channels() -> Entry:
    model = conv_and_norm()
    model["config"]["layers"][1]["config"]["filters"] = 2
    return model


def check_weights(path: Path) -> None:
    with read_saved(str(path), path.name) as model:
        norm, conv = named(model.graph, "bn").weights, named(model.graph, "conv").weights
        assert norm is not None
        assert conv is not None
        assert {name: list(weight.read()) for name, weight in norm.items()} == BN
        assert conv["kernel"].shape == (3, 3, 3, 2)
        assert list(conv["bias"].read()) == [7.0, 8.0]


def test_weights_of_keras_3(tmp_path: Path) -> None:
    arrays: dict[str, object] = {
        f"layers/batch_normalization/vars/{number}": values
        for number, values in enumerate(BN.values())
    }
    arrays["layers/conv2d/vars/0"] = np.zeros((3, 3, 3, 2), "float32")
    arrays["layers/conv2d/vars/1"] = [7.0, 8.0]
    stored = weights_of_keras_3(tmp_path, arrays)
    check_weights(write_keras(tmp_path / "m.keras", two_channels(), weights=stored))


def test_weights_of_keras_2(tmp_path: Path) -> None:
    arrays = {
        "bn": {f"bn/{name}:0": values for name, values in BN.items()},
        "conv": {"conv/kernel:0": np.zeros((3, 3, 3, 2)), "conv/bias:0": [7.0, 8.0]},
    }
    check_weights(write_h5(tmp_path / "m.h5", two_channels(), arrays))


@pytest.mark.parametrize("size", [512, 2048, 1 << 20])
def test_an_hdf5_file_may_begin_with_something_of_its_users_own(size: int, tmp_path: Path) -> None:
    path = write_h5(tmp_path / "m.h5", conv_and_norm(), {"bn": {}})
    inside = path.read_bytes()
    path.write_bytes(b"#".ljust(size, b" ") + inside)
    assert codes(path) == REDUNDANT


# The Keras that it was saved with


def _steps_normalized_by_themselves() -> Entry:
    inner = layer("BatchNormalization", "bn", axis=-1)
    return sequential(
        {**input_layer(shape=(None, 5, 4))},
        layer("TimeDistributed", "each", layer=inner),
        layer("Dense", "d", units=3),
    )


def _in_keras_3(tmp_path: Path) -> list[Path]:
    model = _steps_normalized_by_themselves()
    return [
        write_keras(tmp_path / "model.keras", model),
        write_json(tmp_path / "model.json", {**model, "keras_version": "3.12.0"}),
    ]


def test_what_is_wrong_in_the_keras_that_saved_a_model_is_told(tmp_path: Path) -> None:
    for path in _in_keras_3(tmp_path):
        assert codes(path, select=["BN507"], preview=True) == [("BN507", "each/bn")]


def test_a_target_that_is_set_counts_more_than_what_saved_the_model(tmp_path: Path) -> None:
    for path in _in_keras_3(tmp_path):
        assert codes(path, select=["BN507"], preview=True, target_keras="2") == []


def test_other_keras_and_unreadable_versions_say_nothing(tmp_path: Path) -> None:
    model = _steps_normalized_by_themselves()
    damaged = tmp_path / "damaged.keras"
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("metadata.json", "{")
        archive.writestr("config.json", json.dumps(model))
    paths = [
        damaged,
        write_h5(tmp_path / "model.h5", model, {}),  # of Keras 2.15
        write_json(tmp_path / "unknown.json", {**model, "keras_version": "nightly"}),
        write_json(tmp_path / "none.json", model),
        write_saved_model(tmp_path / "folder", model),
    ]
    for path in paths:
        assert codes(path, select=["BN507"], preview=True) == []
