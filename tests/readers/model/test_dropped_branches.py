"""Branches of live models: dropped, or part of a model that is gone."""

from __future__ import annotations

import gc

import pytest

pytestmark = pytest.mark.keras
keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

import bnlint  # noqa: E402


def _found(model: object) -> list[str]:
    gc.collect()
    return [f"{found.code} {found.location.path}" for found in bnlint.inspect(model).findings]


def _normalized(x: object, name: str) -> object:
    x = keras.layers.Dense(4, use_bias=False)(x)
    return keras.layers.BatchNormalization(name=name)(x)


def test_branch_that_ends_behind_its_normalization_was_dropped() -> None:
    inputs = keras.Input((4,))
    x = keras.layers.Dense(4, activation="relu")(inputs)
    _normalized(x, "at_once")
    keras.layers.Dropout(0.1)(keras.layers.ReLU()(_normalized(x, "later")))
    keras.ops.abs(_normalized(x, "behind_an_op"))
    model = keras.Model(inputs, keras.layers.Dense(1)(x))

    assert _found(model) == ["BN101 at_once", "BN101 later", "BN101 behind_an_op"]


def test_model_cut_out_of_one_that_is_gone_drops_nothing() -> None:
    def cut() -> object:
        inputs = keras.Input((4,))
        x = keras.layers.Dense(4, activation="relu")(inputs)
        end = keras.layers.Dense(4, activation="relu", name="end")(x)
        x = keras.layers.Add()([_normalized(end, "behind"), _normalized(x, "beside")])
        whole = keras.Model(inputs, keras.layers.ReLU()(x))
        return keras.Model(whole.input, whole.get_layer("end").output)

    assert _found(cut()) == []


def test_head_that_was_trained_beside_the_model_and_is_gone_was_not_dropped() -> None:
    def encoder() -> object:
        inputs = keras.Input((4,))
        x = keras.layers.Dense(4, activation="relu")(inputs)
        keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(_normalized(x, "head")))
        return keras.Model(inputs, keras.layers.Dense(2)(x))

    assert _found(encoder()) == []


def test_layers_behind_a_popped_one_are_still_judged() -> None:
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(4, name="first"),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(4, name="second"),
            keras.layers.BatchNormalization(),
        ]
    )
    model.pop()

    assert _found(model) == ["BN201 first"]
