"""What BN202, BN507, BN603 and BN604 say of the versions of Keras."""

from __future__ import annotations

import importlib
import inspect
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.keras_api.keras1 import KEYWORDS
from bnlint.keras_api.names import layer_named
from bnlint.keras_api.removed import (
    ARGUMENTS,
    LEFT_OF_PRIVATE,
    PATHS,
    PRIVATE,
    arguments_of,
    is_in_keras_3,
)
from bnlint.keras_api.versions.target import Target
from bnlint.project.judging.rule_book import load

pytestmark = pytest.mark.keras

VALUES: dict[str, object] = {
    "mode": 0,
    "beta_init": "zero",
    "gamma_init": "one",
    "weights": None,
    "fused": False,
    "virtual_batch_size": None,
    "adjustment": None,
    "renorm": True,
    "renorm_clipping": None,
    "renorm_momentum": 0.9,
}


def _version(library: Any) -> Target:
    # tf_keras goes on counting with TensorFlow, but is Keras 2 for good.
    text = library.__version__ if library.__name__ == "keras" else "2.15"
    return Target(tuple(int(part) for part in text.split(".")[:2]), "installed")


@pytest.mark.parametrize("keyword", ARGUMENTS)
def test_table_of_arguments_is_what_the_library_refuses(library: Any, keyword: str) -> None:
    given = {keyword: VALUES[keyword]}

    if _version(library).refuses(ARGUMENTS[keyword]):
        with pytest.raises((TypeError, ValueError)):
            library.layers.BatchNormalization(**given)
    else:
        assert library.layers.BatchNormalization(**given)


@pytest.mark.parametrize("keyword", ["beta_init", "gamma_init"])
def test_new_names_are_taken(library: Any, keyword: str) -> None:
    assert library.layers.BatchNormalization(**{ARGUMENTS[keyword].instead: "zeros"})


REQUIRED: dict[str, object] = {
    "filters": 4,
    "kernel_size": 3,
    "pool_size": 2,
    "units": 4,
    "rate": 0.5,
    "stddev": 0.1,
    "input_dim": 4,
    "output_dim": 4,
}


@pytest.mark.parametrize("kind", [kind for kind in KEYWORDS if is_in_keras_3(kind)])
def test_layers_refuse_the_arguments_of_keras_1(library: Any, kind: str) -> None:
    if kind == "BatchNormalization":
        return
    spec, build = layer_named(kind), getattr(library.layers, kind)
    assert spec is not None
    parameters = inspect.signature(build.__init__).parameters.values()
    given = {p.name: REQUIRED[p.name] for p in list(parameters)[1:] if _is_required(p)}
    assert build(**given)
    for keyword, removed in arguments_of(kind).items():
        assert removed.instead
        with pytest.raises((TypeError, ValueError)):
            build(**given, **{keyword: None})


def _is_required(parameter: inspect.Parameter) -> bool:
    positional = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    return positional and parameter.default is inspect.Parameter.empty


def _fixed_examples() -> list[Path]:
    folders = [load().rules[code].folder / "examples" for code in ("BN603", "BN604")]
    return sorted(path for folder in folders for path in folder.glob("*.fixed"))


@pytest.mark.parametrize("fixed", _fixed_examples(), ids=lambda path: path.name)
def test_fixed_program_runs_in_keras_3_and_the_one_it_was_does_not(
    library: Any, is_keras_3: bool, fixed: Path
) -> None:
    if not is_keras_3:
        pytest.skip("the programs are for Keras 3")
    with pytest.raises((ValueError, TypeError, ImportError, AttributeError)):
        _run(fixed.with_suffix(""))
    _run(fixed)


def _run(file: Path) -> None:
    exec(compile(file.read_text(encoding="utf-8"), file.name, "exec"), {"__name__": "program"})


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("keras.")])
def test_modules_are_gone_in_keras_3(library: Any, is_keras_3: bool, path: str) -> None:
    if not is_keras_3:
        pytest.skip("tf_keras is imported by another name")
    assert _version(library).refuses(PATHS[path])
    with pytest.raises(ImportError):
        importlib.import_module(path)
    assert hasattr(importlib.import_module(PATHS[path].instead), "BatchNormalization")


@pytest.mark.parametrize(
    "part", [*sorted(LEFT_OF_PRIVATE), "applications", "datasets", "preprocessing", "wrappers"]
)
def test_parts_of_the_private_keras_are_left_or_gone(is_keras_3: bool, part: str) -> None:
    if not is_keras_3:
        pytest.skip("once is enough")
    private = pytest.importorskip(PRIVATE)
    is_there = hasattr(private, part) or find_spec(f"{PRIVATE}.{part}") is not None

    assert is_there == (part in LEFT_OF_PRIVATE)


def test_private_keras_does_not_go_with_keras_3(library: Any, is_keras_3: bool) -> None:
    if not is_keras_3:
        pytest.skip("tf_keras is a Keras 2 too")
    pytest.importorskip(PRIVATE)
    from tensorflow.python.keras import backend  # type: ignore[import-untyped]
    from tensorflow.python.keras.models import Sequential  # type: ignore[import-untyped]
    from tensorflow.python.keras.optimizer_v2 import adam  # type: ignore[import-untyped]

    model = library.Sequential([library.Input((4,)), library.layers.BatchNormalization()])

    with pytest.raises(TypeError):
        Sequential([library.layers.Dense(2)])
    with pytest.raises(ValueError, match="optimizer"):
        model.compile(adam.Adam(), "mse")
    with pytest.raises(AttributeError):
        backend.mean(model.output)


def _two_steps(size: int, seed: int) -> Any:
    """Sequences of two steps, the first around 0 and the second around 10."""
    x = np.random.default_rng(seed).normal(0, 1, (size, 2, 4)).astype("float32")
    x[:, 1] += 10
    return x


def _means(layer: Any, x: Any, *, training: bool) -> Any:
    return np.asarray(layer(x, training=training)).mean(axis=(0, 2))


def test_steps_are_normalized_by_themselves_in_keras_3(library: Any, is_keras_3: bool) -> None:
    layers = library.layers
    x = _two_steps(256, 0)

    plain = _means(layers.BatchNormalization(), x, training=True)
    wrapped = _means(layers.TimeDistributed(layers.BatchNormalization()), x, training=True)

    assert plain == pytest.approx([-0.98, 0.98], abs=0.02)
    assert wrapped == pytest.approx([0, 0] if is_keras_3 else plain, abs=0.02)


def test_moving_statistics_fit_no_step_in_keras_3(library: Any, is_keras_3: bool) -> None:
    if not is_keras_3:
        pytest.skip("Keras 2 normalizes the steps together")
    wrapped = library.layers.TimeDistributed(library.layers.BatchNormalization(momentum=0.9))
    for step in range(100):
        wrapped(_two_steps(64, step), training=True)
    x = _two_steps(64, 1000)

    assert np.abs(_means(wrapped, x, training=True)).max() < 0.1
    assert np.abs(_means(wrapped, x, training=False)).min() > 3


def test_parameter_of_a_weight_that_is_switched_off_has_no_effect(library: Any) -> None:
    layers, l2 = library.layers, library.regularizers.L2(1.0)
    dense = layers.Dense(3, use_bias=False, bias_regularizer=l2, bias_initializer="ones")
    norm = layers.BatchNormalization(scale=False, gamma_regularizer=l2)

    norm(dense(np.ones((4, 2), "float32")), training=True)

    assert [tuple(weight.shape) for weight in dense.weights] == [(2, 3)]
    assert len(norm.trainable_weights) == 1  # beta
    assert list(dense.losses) == list(norm.losses) == []


def test_inspected_model_knows_its_own_version(library: Any, is_keras_3: bool) -> None:
    layers = library.layers
    inputs = library.Input((5, 8))
    model = library.Model(inputs, layers.TimeDistributed(layers.BatchNormalization())(inputs))

    found = bnlint.inspect(model, isolated=True, select=["BN507"]).findings

    assert len(found) == is_keras_3
    assert all("the model's own" in finding.message for finding in found)
