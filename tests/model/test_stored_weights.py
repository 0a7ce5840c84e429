"""Each layer of a saved model has its own weights, wherever the versions of Keras put them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from saved_files import Entry, layer, sequential, weights_of_keras_3, write_keras

import bnlint
from bnlint.model.saved import read_saved

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
