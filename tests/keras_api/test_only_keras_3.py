"""What is said to be in Keras 3 alone is in the installed Keras 3, and not in tf_keras."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from bnlint.keras_api.versions.only_keras_3 import MODULES, NAMES, is_only_in_keras_3


def has(library: ModuleType, name: str) -> bool:
    module, _, last = name.rpartition(".")
    return hasattr(getattr(library, module) if module else library, last)


@pytest.mark.keras
def test_names_are_in_keras_3_and_not_in_keras_2() -> None:
    new = importlib.import_module("keras")
    old = pytest.importorskip("tf_keras")

    assert [name for name in sorted(MODULES | NAMES) if not has(new, name)] == []
    assert [name for name in sorted(MODULES | NAMES) if has(old, name)] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("keras.ops", True),
        ("keras.ops.numpy.abs", True),
        ("tensorflow.keras.random.normal", True),
        ("keras.layers.TFSMLayer", True),
        ("keras_hub", True),
        ("keras_hub.models.Backbone", True),
        ("keras", False),
        ("keras.layers", False),
        ("keras.layers.Dense", False),
        ("keras.layers.ops", False),
        ("tensorflow.random.normal", False),
        ("tf_keras.ops", False),
        ("kerastuner.random", False),
    ],
)
def test_paths_are_recognised(path: str, expected: bool) -> None:
    assert is_only_in_keras_3(path) is expected
