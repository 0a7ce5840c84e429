"""The tables against the real Keras: a new release that changes a signature fails here."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from types import ModuleType

import pytest

from bnlint.keras_api import REQUIRED, keras2, layer, layer_named, resolve
from bnlint.keras_api.activations import ACTIVATIONS
from bnlint.keras_api.applications import APPLICATIONS, holds_batch_normalization
from bnlint.keras_api.names import ALIASES
from bnlint.keras_api.op_tables import KERAS_OPS, KEYWORDS, TABLES
from bnlint.keras_api.signatures import COMMON, SIGNATURES

NOT_LAYERS = {
    "InputSpec": "describes an input; it is not applied",
    "Layer": "the base class; resolve() knows it as one",
}


def _classes(layers: ModuleType) -> dict[str, type]:
    return {
        name: member
        for name, member in vars(layers).items()
        if inspect.isclass(member) and not name.startswith("_") and name not in NOT_LAYERS
    }


def _parameters(cls: type) -> dict[str, object]:
    """The named parameters of a class's constructor, in order."""
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        parameter.name: REQUIRED
        if parameter.default is inspect.Parameter.empty
        else parameter.default
        for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]  # type: ignore[misc]
        if parameter.kind not in variable
    }


@pytest.mark.keras
def test_every_layer_of_keras_3_has_the_signature_of_the_table() -> None:
    keras = pytest.importorskip("keras")
    wrong = {}
    for name, cls in _classes(keras.layers).items():
        spec = layer_named(name)
        table = None if spec is None else SIGNATURES.get(spec.kind)
        real = _parameters(cls)
        if table is None or list(table.items()) != list(real.items()):
            wrong[name] = (table, real)
    assert wrong == {}


@pytest.mark.keras
def test_every_function_of_keras_activations_and_applications_is_known() -> None:
    keras = pytest.importorskip("keras")
    functions = {name for name in dir(keras.activations) if not name.startswith("_")}
    assert functions - {"deserialize", "get", "serialize"} <= ACTIVATIONS
    models = {name for name in dir(keras.applications) if name[0].isupper()}
    assert models <= APPLICATIONS


@pytest.mark.keras
def test_networks_that_hold_batch_normalization_are_those_whose_source_builds_it() -> None:
    keras = pytest.importorskip("keras")
    for name in sorted(APPLICATIONS & set(dir(keras.applications))):
        module = inspect.getmodule(getattr(keras.applications, name))
        assert module is not None
        source = inspect.getsource(module)
        builds = "BatchNormalization(" in source or "applications import resnet" in source
        assert (name, builds) == (name, holds_batch_normalization(name))


@pytest.mark.keras
def test_keras_ops_have_the_parameters_of_the_table() -> None:
    ops = pytest.importorskip("keras").ops
    wrong = {}
    for name, (kind, tensors, params) in KERAS_OPS.items():
        if not hasattr(ops, name):
            continue  # tf.math has it and keras.ops may get it; the rows are shared
        real = list(inspect.signature(getattr(ops, name)).parameters)
        synonyms = KEYWORDS.get(kind, {})
        real = [synonyms.get(param, param) for param in real]
        table = [*tensors.split(), *(synonyms.get(param, param) for param, _ in params)]
        if name == "einsum" or table == real[: len(table)]:
            continue
        if kind in ("Elementwise", "Compare") and len(tensors.split()) == len(real):
            continue  # which name an operand has does not matter here
        wrong[name] = (table, real)
    assert wrong == {}


@pytest.mark.keras
def test_keras_2_differs_from_keras_3_as_the_table_says() -> None:
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    tf_keras = pytest.importorskip("tf_keras", reason="tf_keras (Keras 2) is not installed")
    wrong = {}
    for name, cls in _classes(tf_keras.layers).items():
        spec = layer_named(name)
        table = None if spec is None else keras2.signature(spec.kind)
        if spec is None or table is None:
            wrong[name] = "missing"
            continue
        renames = keras2.KEYWORDS.get(spec.kind, {})
        real = {renames.get(param, param): value for param, value in _parameters(cls).items()}
        only = keras2.ONLY.get(spec.kind, frozenset())
        problems = _differences(table, real, only)
        if problems:
            wrong[name] = problems
    assert wrong == {}


def _differences(
    table: Mapping[str, object], real: Mapping[str, object], only: frozenset[str]
) -> str:
    unknown = real.keys() - table.keys() - only - COMMON
    if unknown:
        return f"unknown: {sorted(unknown)}"
    order = [name for name in table if name in real]
    if order != [name for name in real if name in table]:
        return f"order: {order} is {list(real)}"
    defaults = {
        name: (table[name], real[name])
        for name in order
        if table[name] != real[name] and name not in only and name not in COMMON
    }
    return f"defaults: {defaults}" if defaults else ""


def test_every_kind_that_a_table_names_has_a_layer_row() -> None:
    kinds = {row[0] for table in TABLES.values() for row in table.values()}
    kinds |= set(ALIASES.values()) | set(SIGNATURES) | set(keras2.RETIRED)
    assert {kind for kind in kinds if layer(kind) is None} == set()


def test_every_alias_resolves_below_keras_layers() -> None:
    for name, kind in ALIASES.items():
        resolved = resolve(f"keras.layers.{name}")
        assert resolved is not None
        assert resolved.spec is layer(kind)
