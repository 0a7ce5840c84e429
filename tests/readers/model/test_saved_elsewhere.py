"""Saved models of TensorFlow before 2.5 and of TensorFlow.js; what only looks like a model."""

from __future__ import annotations

import json
from importlib import import_module, util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_files import conv_and_norm, write_old_saved_model, write_tfjs

import bnlint
from bnlint.readers.model.folding.loading import load

REDUNDANT = [("BN201", "conv")]
NORM = {"gamma": [2.0, 3.0], "beta": [0.0, 1.0], "moving_mean": [4.0, 5.0]}


def _codes(path: Path, **settings: Any) -> list[tuple[str, str | None]]:
    report = bnlint.lint(path, isolated=True, **settings)
    assert not report.failures
    return [(finding.code, finding.location.path) for finding in report.findings]


def _failure(path: Path) -> str:
    (found,) = bnlint.lint(path, isolated=True).failures
    return found.message


def test_an_old_saved_model_has_its_description_in_the_graph(tmp_path: Path) -> None:
    assert _codes(write_old_saved_model(tmp_path / "old", conv_and_norm())) == REDUNDANT


def test_an_old_subclassed_model_is_not_wired(tmp_path: Path) -> None:
    model = {"class_name": "Net", "config": {}, "name": "net"}
    dense = {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 3}}
    folder = write_old_saved_model(tmp_path / "old", model, [dense])
    assert _codes(folder) == []


def test_a_cut_graph_is_told_in_one_line(tmp_path: Path) -> None:
    folder = write_old_saved_model(tmp_path / "old", conv_and_norm())
    file = folder / "saved_model.pb"
    file.write_bytes(file.read_bytes()[:-40])
    assert "damaged" in _failure(folder)


@pytest.mark.keras
def test_what_tensorflow_writes_is_read_the_same_in_either_place(tmp_path: Path) -> None:
    tf_keras: Any = pytest.importorskip("tf_keras")
    saved_model_pb2: Any = import_module("tensorflow.core.protobuf.saved_model_pb2")

    from bnlint.readers.model.saved.saved_model import _objects

    layers = tf_keras.layers
    inner = tf_keras.Sequential(
        [tf_keras.Input((8,)), layers.Dense(4), layers.BatchNormalization()]
    )
    inputs = tf_keras.Input((8,))
    model = tf_keras.Model(inputs, layers.Dense(2)(layers.ReLU()(inner(inputs))))
    folder = tmp_path / "model"
    tf_keras.models.save_model(model, str(folder), save_format="tf")
    new = _codes(folder)
    path = folder / "saved_model.pb"
    saved: Any = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    nodes = saved.meta_graphs[0].object_graph_def.nodes
    described = {each.path: each for each in _objects((folder / "keras_metadata.pb").read_bytes())}
    pending, seen = [(0, "root")], {0}
    while pending:
        number, name = pending.pop(0)
        if name in described:
            nodes[number].user_object.metadata = described[name].metadata
        for child in nodes[number].children:
            if child.node_id not in seen:
                seen.add(child.node_id)
                pending.append((child.node_id, f"{name}.{child.local_name}"))
    path.write_bytes(saved.SerializeToString())
    (folder / "keras_metadata.pb").unlink()

    assert new
    assert _codes(folder) == new


@pytest.mark.parametrize("shards", [1, 3])
def test_tensorflow_js_keeps_the_json_of_keras_and_weights_beside_it(
    tmp_path: Path, shards: int
) -> None:
    weights: dict[str, Any] = {"conv/kernel": np.ones((3, 3, 3, 2)), "conv/bias": [0.0, 0.0]}
    weights |= {f"bn/{name}": values for name, values in NORM.items()}
    weights["bn/moving_variance"] = [1.0, -9.0]
    model = conv_and_norm()
    for each in model["config"]["layers"]:
        if each["class_name"] == "Conv2D":
            each["config"]["filters"] = 2
    path = write_tfjs(tmp_path / "web", model, weights, shards)

    assert _codes(path) == [*REDUNDANT, ("BN702", "bn")]


def test_weights_that_are_not_beside_it_are_not_opened(tmp_path: Path) -> None:
    weights = {f"bn/{name}": values for name, values in NORM.items()}
    weights["bn/moving_variance"] = [1.0, -9.0]
    path = write_tfjs(tmp_path / "web", conv_and_norm(), weights)
    entry = json.loads(path.read_text(encoding="utf-8"))
    shard = tmp_path / "web" / entry["weightsManifest"][0]["paths"][0]
    shard.rename(tmp_path / "outside.bin")
    entry["weightsManifest"][0]["paths"] = ["../outside.bin"]
    path.write_text(json.dumps(entry), encoding="utf-8")

    report = bnlint.lint(path, isolated=True)

    assert "BN702" not in [finding.code for finding in report.findings]


def test_a_graph_model_has_no_layers_any_more(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"format": "graph-model", "modelTopology": {"node": []}}))
    assert "graph model" in _failure(path)


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_a_pointer_of_git_lfs_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n")
    assert _failure(path).startswith("is a Git LFS pointer")


def test_an_onnx_graph_is_not_said_to_have_no_normalization(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"\x08\x07")
    assert "whose BatchNormalization nodes are not layers of Keras" in _failure(path)


@pytest.mark.keras
@pytest.mark.skipif(util.find_spec("tf_keras") is None, reason="tf_keras is not installed")
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_what_keras_2_saved_is_loaded_with_tf_keras_and_without_its_code(
    tmp_path: Path, ending: str
) -> None:
    tf_keras: Any = pytest.importorskip("tf_keras")
    inputs = tf_keras.Input((4,))
    path, code = str(tmp_path / f"plain.{ending}"), str(tmp_path / f"code.{ending}")
    tf_keras.Model(inputs, tf_keras.layers.Dense(3)(inputs)).save(path)
    doubled = tf_keras.layers.Lambda(lambda value: value * 2)(inputs)
    tf_keras.Model(inputs, doubled).save(code)

    assert type(load(path)).__module__.startswith("tf_keras.")
    with pytest.raises(bnlint.InspectionError, match="Keras can't load it") as raised:
        load(code)
    assert "\x1b" not in str(raised.value)


def test_the_topology_may_be_the_description_itself(tmp_path: Path) -> None:
    path = write_tfjs(tmp_path / "web", conv_and_norm(), {})
    entry = json.loads(path.read_text(encoding="utf-8"))
    entry["modelTopology"] = conv_and_norm()
    path.write_text(json.dumps(entry), encoding="utf-8")
    assert _codes(path) == REDUNDANT
