"""Each layer of a saved model has its own weights, wherever the versions of Keras put them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from saved_files import (
    Entry,
    layer,
    sequential,
    weights_of_keras_3,
    write_h5,
    write_json,
    write_keras,
)

import bnlint
from bnlint.readers.model.saved.hdf5 import Hdf5File
from bnlint.readers.model.saved.saved import read_saved

_NAMES = ("gamma", "beta", "moving_mean", "moving_variance")


def means(path: Path) -> dict[str | None, float | None]:
    """What the weights of each BatchNormalization begin with, by its path; None without weights."""
    with read_saved(str(path), path.name) as model:
        norms = [norm for norm in model.graph.layers if norm.kind == "BatchNormalization"]
        return {
            norm.location.path: float(norm.weights["moving_mean"].read()[0])
            if norm.weights is not None and "moving_mean" in norm.weights
            else None
            for norm in norms
        }


def norm(name: str) -> Entry:
    return layer("BatchNormalization", name, axis=-1)


def arrays_at(folder: str, mean: float) -> dict[str, object]:
    """The weights of a BatchNormalization in a ``.keras`` file."""
    values = ([1.0, 1.0], [0.0, 0.0], [mean, mean], [1.0, 1.0])
    return {f"{folder}/vars/{number}": value for number, value in enumerate(values)}


# Keras 2.12 to 2.14

OLD = "_layer_checkpoint_dependencies"


def of_keras_2_14(folder: Path, numbers: dict[str, float]) -> Path:
    """Two normalizations, and one in a model; the names of the folders of their numbers."""
    inner = sequential(norm("c"), name="inner")
    model = sequential(norm("a"), layer("ReLU", "r"), norm("b"), inner)
    arrays: dict[str, object] = {f"{OLD}/sequential/{OLD}/re_lu/vars/0": [1.0]}
    for name, mean in numbers.items():
        arrays |= arrays_at(f"{OLD}/{name}", mean)
    return write_keras(folder / "m.keras", model, weights=weights_of_keras_3(folder, arrays))


@pytest.mark.parametrize("second", ["batch_normalization_1", "batch_normalization_2"])
def test_weights_before_keras_2_15(second: str, tmp_path: Path) -> None:
    numbers = {"batch_normalization": 1.0, second: 2.0, f"sequential/{OLD}/batch_normalization": 3}
    assert means(of_keras_2_14(tmp_path, numbers)) == {"a": 1.0, "b": 2.0, "inner/c": 3.0}


def test_a_folder_too_few_before_keras_2_15_could_be_anyones(tmp_path: Path) -> None:
    numbers = {"batch_normalization": 1.0, f"sequential/{OLD}/batch_normalization": 3.0}
    assert means(of_keras_2_14(tmp_path, numbers)) == {"a": None, "b": None, "inner/c": 3.0}


# What layers hold


def test_weights_of_a_model_that_a_wrapper_holds(tmp_path: Path) -> None:
    inner = sequential(layer("Dense", "d", units=2), norm("n"), name="inner")
    model = sequential(norm("a"), layer("TimeDistributed", "td", layer=inner))
    arrays = {
        **arrays_at("layers/batch_normalization", 1.0),
        **arrays_at("layers/time_distributed/layer/layers/batch_normalization", 2.0),
    }
    path = tmp_path / "m.keras"
    write_keras(path, model, weights=weights_of_keras_3(tmp_path, arrays))
    assert means(path) == {"a": 1.0, "td/inner/n": 2.0}


def test_weights_of_what_a_layer_of_a_users_own_holds(tmp_path: Path) -> None:
    block = layer("Block", "block", module=None, norm=norm("n"), model=sequential(norm("m")))
    arrays = {
        **arrays_at("layers/block/norm", 1.0),
        **arrays_at("layers/block/model/layers/batch_normalization", 2.0),
    }
    path = tmp_path / "m.keras"
    write_keras(path, sequential(block), weights=weights_of_keras_3(tmp_path, arrays))
    assert means(path) == {"block/n": 1.0, "block/model/m": 2.0}


# Models in .h5 files


def named_arrays(layer_name: str, mean: float) -> dict[str, object]:
    """The weights of a BatchNormalization in an ``.h5`` file."""
    prefix = f"{layer_name}/" if layer_name else ""
    values = ([1.0, 1.0], [0.0, 0.0], [mean, mean], [1.0, 1.0])
    return {f"{prefix}{name}": value for name, value in zip(_NAMES, values, strict=True)}


def test_weights_of_a_nested_model_go_by_name(tmp_path: Path) -> None:
    other = layer("LayerNormalization", "other", axis=-1)
    model = sequential(sequential(other, norm("n"), name="inner"))
    arrays = {"other/gamma": [9.0, 9.0], "other/beta": [9.0, 9.0], **named_arrays("n", 2.0)}
    assert means(write_h5(tmp_path / "m.h5", model, {"inner": arrays})) == {"inner/n": 2.0}


def test_a_layer_called_like_its_model_has_its_own_weights(tmp_path: Path) -> None:
    model = sequential(sequential(norm("same"), norm("n"), name="same"))
    arrays = {**named_arrays("same/same", 1.0), **named_arrays("same/n", 2.0)}
    path = write_h5(tmp_path / "m.h5", model, {"same": arrays})
    assert means(path) == {"same/same": 1.0, "same/n": 2.0}


def test_weights_without_names_of_layers(tmp_path: Path) -> None:
    """Keras 3.0: a group can hold one array of each name alone."""
    dense = layer("Dense", "d", units=2)
    arrays = {"kernel": [[1.0, 1.0]], "bias": [0.0, 0.0], **named_arrays("", 2.0)}
    model = sequential(sequential(dense, norm("n"), name="inner"))
    assert means(write_h5(tmp_path / "m.h5", model, {"inner": arrays})) == {"inner/n": 2.0}

    two = sequential(sequential(norm("a"), norm("b"), name="inner"))
    path = write_h5(tmp_path / "two.h5", two, {"inner": named_arrays("", 2.0)})
    assert means(path) == {"inner/a": None, "inner/b": None}


# Numbers that HDF5 has no type for


@pytest.mark.keras
def test_weights_in_bfloat16(tmp_path: Path) -> None:
    keras: Any = pytest.importorskip("keras")
    own = keras.layers.BatchNormalization(name="n", dtype="bfloat16")
    model = keras.Sequential([keras.Input((2,)), own])
    own.moving_mean.assign([-1.5, 3.0])
    for suffix in ("keras", "h5"):
        path = tmp_path / f"m.{suffix}"
        model.save(path)
        assert means(path) == {"n": -1.5}


def test_two_bytes_that_are_said_to_be_something_else_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    with h5py.File(path, "w") as file:
        file["a"] = np.array([0x3F80, 0xBF80], "<u2").view("V2")
        file["b"] = file["a"][()]
        file["b"].attrs["dtype"] = "float8"
    with path.open("rb") as opened:
        stored = Hdf5File(lambda: opened)
        assert stored.read(("a",)).tolist() == [1.0, -1.0]
        assert stored.shape(("b",)) is None
        stored.close()


# Weights that are no layer's


@pytest.mark.parametrize(
    ("name", "shape"),
    [("gamma", (2, 2)), ("moving_mean", (7,)), ("moving_variance", (7,)), ("moving_mean", (2, 1))],
)
def test_weights_that_do_not_fit_are_told_and_cost_no_other_finding(
    name: str, shape: tuple[int, ...], tmp_path: Path
) -> None:
    model = sequential(
        layer("Dense", "d", units=2, batch_shape=[None, 3]),
        norm("n"),
        layer("Dense", "e", units=2, use_bias=False),
        norm("other"),
    )
    arrays = {
        **arrays_at("layers/batch_normalization", 1.0),
        **arrays_at("layers/batch_normalization_1", float("nan")),
        f"layers/batch_normalization/vars/{_NAMES.index(name)}": np.ones(shape, "float32"),
    }
    path = tmp_path / "m.keras"
    write_keras(path, model, weights=weights_of_keras_3(tmp_path, arrays))
    report = bnlint.lint(path, isolated=True)
    assert [(found.code, found.location.path) for found in report.findings] == [
        ("BN201", "d"),
        ("BN702", "other"),
    ]
    (failure,) = report.failures
    assert f"its weights do not fit the layer n: {name} " in failure.message
    assert report.exit_status() == 2
    assert not bnlint.lint(path, isolated=True, ignore=["BN7"]).failures


# Weights that can't be read


def dense_and_norm(tmp_path: Path) -> tuple[Entry, bytes]:
    """A model with a redundant bias and a NaN in its statistics."""
    model = sequential(layer("Dense", "d", units=2), norm("n"))
    arrays = arrays_at("layers/batch_normalization", float("nan"))
    return model, weights_of_keras_3(tmp_path, arrays)


def test_weights_are_read_from_an_archive_that_was_packed_again(tmp_path: Path) -> None:
    model, weights = dense_and_norm(tmp_path)
    path = tmp_path / "m.keras"
    write_keras(path, model, weights=weights, compression=zipfile.ZIP_DEFLATED)
    report = bnlint.lint(path, isolated=True)
    assert [found.code for found in report.findings] == ["BN201", "BN702"]
    assert not report.failures


def _without_weights(path: Path, model: Entry, weights: bytes) -> None:
    del weights
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(model))


def _owned_by_two(path: Path, model: Entry, weights: bytes) -> None:
    inside = path.with_suffix(".h5")
    inside.write_bytes(weights)
    with h5py.File(inside, "r+") as file:
        file["layers/batch_normalization/vars"].attrs["name"] = [b"n", b"m"]
    write_keras(path, model, weights=inside.read_bytes())


def _packed_as_never(path: Path, model: Entry, weights: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(model))
        archive.writestr("model.weights.h5", weights, zipfile.ZIP_BZIP2)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (_without_weights, "the file has no model.weights.h5"),
        (_owned_by_two, "its attribute `name` is no text"),
        (_packed_as_never, "compressed in a way that Keras does not write"),
        (lambda path, model, _: write_keras(path, model, weights=b""), "not a whole HDF5 file"),
        (
            lambda path, model, weights: write_keras(path, model, weights=weights[:-900]),
            "its model.weights.h5 is not a whole HDF5 file",
        ),
    ],
)
def test_weights_that_cannot_be_read_are_told_and_cost_no_other_finding(
    write: Callable[[Path, Entry, bytes], object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "m.keras"
    write(path, *dense_and_norm(tmp_path))
    report = bnlint.lint(path, isolated=True)
    assert [found.code for found in report.findings] == ["BN201"]
    (failure,) = report.failures
    assert failure.message.startswith("trained weights not judged: ")
    assert said in failure.message
    assert "\n" not in failure.message
    assert report.exit_status() == 2


def test_weights_that_cannot_be_read_are_no_matter_where_no_rule_asks(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    _without_weights(path, *dense_and_norm(tmp_path))
    report = bnlint.lint(path, isolated=True, ignore=["BN7"])
    assert [found.code for found in report.findings] == ["BN201"]
    assert not report.failures


def test_a_description_alone_has_no_weights_to_be_missed(tmp_path: Path) -> None:
    model, _ = dense_and_norm(tmp_path)
    assert not bnlint.lint(write_json(tmp_path / "m.json", model), isolated=True).failures
