"""Live models of the installed Keras, read along their nodes or by recording a call."""

from __future__ import annotations

from typing import Any

import pytest

import bnlint

pytestmark = pytest.mark.keras
keras: Any = pytest.importorskip("keras")


def _found(model: object, *args: object, **settings: Any) -> list[tuple[str, str | None]]:
    report = bnlint.inspect(model, *args, isolated=True, **settings)
    return [(finding.code, finding.location.path) for finding in report.findings]


def _conv(filters: int = 4, **arguments: Any) -> Any:
    return keras.layers.Conv2D(filters, 3, padding="same", **arguments)


def test_functional_model_is_read_along_its_nodes() -> None:
    inputs = keras.Input((8, 8, 3))
    x = _conv(name="a")(inputs)
    x = keras.layers.BatchNormalization(name="bn")(x)
    x = keras.layers.ReLU()(x)
    model = keras.Model(inputs, _conv(name="b")(x))

    report = bnlint.inspect(model, isolated=True)

    (finding,) = report.findings
    assert (finding.code, finding.location.path) == ("BN201", "a")
    assert finding.location.filename == model.name
    assert finding.related[0].location.path == "bn"


def test_layers_of_a_nested_model_have_a_path() -> None:
    block = keras.Sequential(
        [_conv(name="conv"), keras.layers.BatchNormalization(), keras.layers.ReLU()], name="block"
    )
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, block(inputs))

    assert _found(model) == [("BN201", "block/conv")]


def test_sequential_that_was_never_built_is_read_from_its_list() -> None:
    model = keras.Sequential([keras.layers.Dense(4, name="d"), keras.layers.BatchNormalization()])

    assert _found(model) == [("BN201", "d")]
    assert not model.built


class _Block(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="block")
        self.conv = _conv(name="conv")
        self.norm = keras.layers.BatchNormalization(name="norm")

    def call(self, x: Any, training: bool | None = None) -> Any:
        return self.norm(self.conv(x), training=training)


class _Model(keras.Model):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.block = _Block()
        self.head = keras.layers.Dense(3)

    def call(self, x: Any, training: bool | None = None) -> Any:
        return self.head(keras.ops.relu(self.block(x, training=training)))


def test_subclassed_model_is_recorded_and_composite_layers_are_entered() -> None:
    model = _Model()

    assert _found(model, (None, 8, 8, 3)) == [("BN201", "block/conv")]
    assert not model.built


def test_subclassed_model_that_was_never_called_says_what_is_missing() -> None:
    with pytest.raises(bnlint.InspectionError, match="input_shape"):
        bnlint.inspect(_Model())


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(bnlint.InspectionError, match="int is no Keras model"):
        bnlint.inspect(3)
