"""What inspection costs beside building the model: nothing is copied for what never runs."""

from __future__ import annotations

import time
from importlib import util
from typing import Any

import pytest

import bnlint

KERAS = [
    pytest.param(
        name,
        marks=[
            pytest.mark.keras,
            pytest.mark.skipif(util.find_spec(name) is None, reason=f"{name} is not installed"),
        ],
    )
    for name in ("keras", "tf_keras")
]
MOST = 0.6
"""Of the CPU time that building took. It is 0.1 to 0.2 on a quiet machine, and was up to 1.3 when
all weights were kept and put back."""


def _plain(keras: Any, inputs: Any, outputs: Any) -> Any:
    return keras.Model(inputs, outputs)


def _made_by_a_class(keras: Any, inputs: Any, outputs: Any) -> Any:
    class Net(keras.Model):  # type: ignore[misc]
        pass

    return Net(inputs, outputs)


def _with_one_layer_of_a_user(keras: Any, inputs: Any, outputs: Any) -> Any:
    class Scale(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x * 2.0

    return keras.Model(inputs, Scale()(outputs))


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize("kind", [_plain, _made_by_a_class, _with_one_layer_of_a_user])
def test_inspection_costs_a_part_of_what_building_costs(name: str, kind: Any) -> None:
    keras = pytest.importorskip(name)

    def build() -> Any:
        base = keras.applications.ResNet50(weights=None, input_shape=(64, 64, 3))
        return kind(keras, base.inputs, base.outputs[0])

    bnlint.inspect(build(), isolated=True)  # imports, and the rule book
    start = time.process_time()
    model = build()
    built = time.process_time()
    bnlint.inspect(model, isolated=True)
    inspected = time.process_time()

    assert inspected - built <= MOST * (built - start)
