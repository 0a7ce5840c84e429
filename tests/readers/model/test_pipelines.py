"""A Pipeline in a model is what it applies, whether the model is alive or saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bnlint

pytestmark = pytest.mark.keras
keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

layers = keras.layers


def _model() -> Any:
    picture = keras.Input((8, 8, 3))
    inner = [
        layers.Conv2D(4, 3, name="conv"),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(),
    ]
    outer = layers.Pipeline([layers.Pipeline(inner, name="inner"), layers.Dense(2)], name="outer")
    return keras.Model(picture, outer(picture))


def test_live_pipeline_is_what_it_applies() -> None:
    found = bnlint.inspect(_model()).findings
    assert [(each.code, each.location.path) for each in found] == [("BN201", "outer/inner/conv")]


def test_saved_pipeline_is_what_it_applies(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text(_model().to_json(), encoding="utf-8")
    found = bnlint.lint([str(file)], isolated=True).findings
    assert [(each.code, each.location.path) for each in found] == [("BN201", "outer/inner/conv")]


def test_weights_of_a_saved_model_are_those_of_their_layers(tmp_path: Path) -> None:
    picture = keras.Input((8, 8, 3))
    x = layers.Pipeline([layers.Conv2D(4, 3), layers.BatchNormalization()])(picture)
    behind = layers.BatchNormalization(name="behind")
    model = keras.Model(picture, behind(layers.Conv2D(4, 3)(layers.ReLU()(x))))
    behind.moving_variance.assign([1.0, -1.0, 1.0, 1.0])
    file = tmp_path / "model.keras"
    model.save(file)
    found = bnlint.lint([str(file)], isolated=True, select=["BN5", "BN7"]).findings
    assert [(each.code, each.location.path) for each in found] == [("BN702", "behind")]
