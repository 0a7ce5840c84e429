"""Live models of every Keras that is installed: Keras 3, ``tf_keras``, and Keras 2 as ``keras``.

The tests of this folder hold for the Keras that the tables describe; these hold for any.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint

pytestmark = [pytest.mark.keras, pytest.mark.any_keras]
tf: Any = pytest.importorskip("tensorflow")


@pytest.fixture(
    params=[
        pytest.param(
            name,
            marks=pytest.mark.skipif(util.find_spec(name) is None, reason=f"no {name} here"),
        )
        for name in ("keras", "tf_keras")
    ],
    name="keras",
)
def _keras(request: pytest.FixtureRequest) -> Any:
    return importlib.import_module(request.param)


def _found(model: object, *args: object) -> list[tuple[str, str | None]]:
    report = bnlint.inspect(model, *args, isolated=True, ignore=["BN3"])
    return [(finding.code, finding.location.path) for finding in report.findings]


# One of each sort of model: how it is made, the shape it takes, and what is to be found in it.


def _functional(keras: Any) -> Any:
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, name="a")(inputs)
    x = x * 2.0 + 1.0
    x = keras.layers.BatchNormalization(name="bn")(x)
    x = tf.nn.relu(x) if keras.__version__ < "3" else keras.ops.relu(x)
    x = keras.layers.Conv2D(4, 3, name="b")(x)
    keras.layers.BatchNormalization(name="dropped")(x)
    return keras.Model(inputs, keras.layers.Flatten()(x))


def _nested(keras: Any) -> Any:
    inner = keras.Input((6,))
    encoder = keras.Model(
        inner,
        keras.layers.BatchNormalization()(keras.layers.Dense(6, name="d")(inner)),
        name="encoder",
    )
    return keras.Sequential(
        [
            keras.layers.InputLayer((6,)),
            encoder,
            keras.Sequential(
                [keras.layers.Dense(4, name="e"), keras.layers.BatchNormalization()], name="head"
            ),
        ]
    )


def _shared(keras: Any) -> Any:
    left, right = keras.Input((6,)), keras.Input((6,))
    tower = keras.Sequential(
        [keras.layers.Dense(4, name="d"), keras.layers.BatchNormalization()], name="tower"
    )
    shared = keras.layers.Dense(4, name="used_bare_too")
    x = keras.layers.BatchNormalization()(shared(left))
    merged = keras.layers.Concatenate()([tower(left), tower(right), x, shared(right)])
    return keras.Model([left, right], keras.layers.Dense(1)(merged))


def _over_time(keras: Any) -> Any:
    inputs = keras.Input((5, 6))
    x = keras.layers.TimeDistributed(keras.layers.Dense(4, name="inner"), name="each")(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Bidirectional(keras.layers.LSTM(3))(x)
    return keras.Model(inputs, keras.layers.BatchNormalization()(x))


def _model_over_time(keras: Any) -> Any:
    frame = keras.Sequential(
        [
            keras.layers.InputLayer((8, 8, 1)),
            keras.layers.Conv2D(4, 3, name="conv"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
        ],
        name="frame",
    )
    inputs = keras.Input((3, 8, 8, 1))
    x = keras.layers.TimeDistributed(frame, name="each")(inputs)
    return keras.Model(inputs, keras.layers.LSTM(4)(x))


def _frozen(keras: Any) -> Any:
    model = keras.Sequential(
        [keras.layers.InputLayer((6,)), keras.layers.Dense(4), keras.layers.BatchNormalization()]
    )
    model.trainable = False
    return model


def _subclassed(keras: Any) -> Any:
    class Block(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(name="block")
            self.conv = keras.layers.Conv2D(4, 3, name="conv")
            self.norm = keras.layers.BatchNormalization(name="norm")

        def call(self, x: Any, training: bool | None = None) -> Any:
            return tf.nn.relu(self.norm(self.conv(x), training=training))

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.block = Block()
            self.parts = [keras.layers.Conv2D(4, 1, name=f"part{n}") for n in range(2)]
            self.norm = keras.layers.BatchNormalization()
            self.never = keras.layers.BatchNormalization(name="never")
            self.calls = 0

        def call(self, x: Any, training: bool | None = None) -> Any:
            self.calls += 1
            x = self.block(x, training=training)
            for part in self.parts:
                x = tf.add(part(x), 1.0)
            return tf.reduce_mean(self.norm(x, training=training), axis=[1, 2])

    return Net()


SORTS: list[tuple[Callable[[Any], Any], object, list[tuple[str, str]]]] = [
    (_functional, None, [("BN201", "a"), ("BN101", "dropped")]),
    (_nested, None, [("BN201", "encoder/d"), ("BN201", "head/e")]),
    (_shared, None, [("BN201", "tower/d")]),
    (_over_time, None, [("BN201", "each/inner")]),
    (_model_over_time, None, [("BN201", "each/frame/conv")]),
    (_frozen, None, []),
    (
        _subclassed,
        (None, 8, 8, 3),
        [("BN201", "block/conv"), ("BN201", "part0"), ("BN201", "part1"), ("BN101", "never")],
    ),
]


def _inputs(model: Any, shape: Any) -> Any:
    shapes = [(2, *shape[1:])] if shape else [(2, *t.shape[1:]) for t in model.inputs]
    arrays = [np.ones(each, "float32") for each in shapes]
    return arrays[0] if len(arrays) == 1 else arrays


@pytest.mark.parametrize(("make", "shape", "expected"), SORTS)
def test_each_sort_of_model_is_read(
    keras: Any, make: Callable[[Any], Any], shape: object, expected: list[tuple[str, str]]
) -> None:
    assert sorted(_found(make(keras), shape)) == sorted(expected)


@pytest.mark.parametrize(("make", "shape", "expected"), SORTS)
def test_model_that_was_called_says_the_same_and_is_left_as_it_was(
    keras: Any, make: Callable[[Any], Any], shape: object, expected: list[tuple[str, str]]
) -> None:
    model = make(keras)
    if expected:
        model.compile("sgd", "mse")
    model(_inputs(model, shape))
    before = _state(model)

    assert sorted(_found(model)) == sorted(expected)
    assert _state(model) == before


def _state(model: Any) -> dict[str, object]:
    layers = list(model._flatten_layers())
    return {
        "names": [layer.name for layer in layers],
        "attributes": [sorted(vars(layer)) for layer in layers],
        "identity": [[id(vars(layer)[name]) for name in sorted(vars(layer))] for layer in layers],
        "nodes": [
            (list(map(id, layer._inbound_nodes)), list(map(id, layer._outbound_nodes)))
            for layer in layers
        ],
        "built": [(layer.built, layer.trainable) for layer in layers],
        "weights": [np.array(weight).tobytes() for weight in model.weights],
        "compiled": id(getattr(model, "optimizer", None)),
        "calls": getattr(model, "calls", None),
    }


def test_biases_that_are_said_to_be_redundant_have_no_gradient(keras: Any) -> None:
    report = bnlint.prove(_functional(keras), isolated=True, select=["BN201"])

    assert report.failures == ()
    assert ["measured: its gradient is" in finding.message for finding in report.findings] == [True]


def _called_by(keras: Any, call: Callable[..., Any]) -> Any:
    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(4, name="dense")
            self.norm = keras.layers.BatchNormalization()

    return type("Net", (Net,), {"call": call})()


_BATCH = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
_IDS = np.arange(3, dtype="int32")
# How a call goes, what it is called with, and what else may stand for that.
CALLS: list[tuple[Callable[..., Any], Any, list[Any]]] = [
    (
        lambda self, x, y, training=None: self.norm(self.dense(x) + y, training=training),
        {"x": _BATCH, "y": _BATCH[:, :4]},
        [{"x": (None, 8), "y": (None, 4)}, [(None, 8), (None, 4)]],
    ),
    (
        lambda self, x, ids, scale=None, training=None: self.norm(
            self.dense(x) + tf.one_hot(ids, 4) * (scale or 1), training=training
        ),
        {"x": _BATCH, "ids": _IDS},
        [{"x": _BATCH, "ids": _IDS, "scale": None}],
    ),
    (
        lambda self, x, training=None: self.norm(self.dense(tf.one_hot(x, 5)), training=training),
        _IDS,
        [None, _IDS, (None,)],
    ),
    (
        lambda self, x, training=None: self.norm(
            self.dense(tf.matmul(x, tf.ones((8, 4)))), training=training
        ),
        _BATCH.astype("float64"),
        [None, _BATCH.astype("float64"), (None, 8)],
    ),
    (
        lambda self, x, training=None: self.norm(self.dense(x["a"]), training=training),
        {"a": _BATCH, "b": None},
        [None, {"a": (None, 8), "b": None}],
    ),
    (
        lambda self, x, training=None: self.norm(self.dense(x[0]["a"] + x[1]), training=training),
        [{"a": _BATCH}, _BATCH],
        [None, [{"a": (None, 8)}, (None, 8)]],
    ),
]


@pytest.mark.parametrize(("call", "inputs", "others"), CALLS)
def test_model_is_read_and_measured_with_what_its_call_takes(
    keras: Any, call: Callable[..., Any], inputs: Any, others: list[Any]
) -> None:
    model = _called_by(keras, call)
    if isinstance(inputs, dict) and "x" in inputs:
        rest = {name: value for name, value in inputs.items() if name != "x"}
        model(inputs["x"], **rest)
    else:
        model(inputs)

    assert [_found(model, *([] if other is None else [other])) for other in others] == [
        [("BN201", "dense")] for _ in others
    ]
    report = bnlint.prove(model, inputs, isolated=True, select=["BN201"])
    assert ["measured: its gradient is" in f.message for f in report.findings] == [True]
    assert report.failures == ()


def test_functional_model_with_a_call_of_its_own_is_called_with_its_inputs(keras: Any) -> None:
    class Halved(keras.Model):  # type: ignore[misc]
        def call(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:
            return super().call(x, training=training) / 2.0

    inputs = keras.Input((6,))
    x = keras.layers.Dense(4, name="dense")(inputs)
    model = Halved(inputs=inputs, outputs=keras.layers.BatchNormalization()(x))

    assert _found(model) == [("BN201", "dense")]


def test_what_to_give_is_said_where_keras_kept_no_inputs(keras: Any) -> None:
    def looped(self: Any, x: Any) -> Any:
        x = self.norm(self.dense(x))
        for _ in tf.range(2):
            x = x + 1.0
        return x

    def summed(self: Any, x: Any, y: Any) -> Any:
        return self.norm(self.dense(x) + y)

    model, never = _called_by(keras, looped), _called_by(keras, summed)
    model(_BATCH)
    if keras.__version__ >= "3":
        with pytest.raises(bnlint.InspectionError, match=r"Keras kept no shape .*: give its shape"):
            bnlint.inspect(model)
    with pytest.raises(bnlint.InspectionError, match="was never called"):
        bnlint.inspect(never)
    with pytest.raises(bnlint.InspectionError, match=r"by name, as input_shape={'x': .*, 'y': "):
        bnlint.inspect(never, (None, 8))


def test_model_without_weights_yet_is_told_to_be_called_before_it_is_measured(keras: Any) -> None:
    model = keras.Sequential([keras.layers.Dense(8), keras.layers.BatchNormalization()])
    report = bnlint.prove(model, isolated=True, select=["BN201"])

    assert report.failures == ()
    assert ["it has no weights yet" in f.message for f in report.findings] == [True]


def test_random_numbers_that_a_call_draws_are_not_missing_afterwards(keras: Any) -> None:
    class Noise(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.generator = tf.random.Generator.from_seed(3)
            self.dropout = keras.layers.Dropout(0.5)

        def call(self, x: Any, training: bool | None = None) -> Any:
            factor = random.random() + np.random.random()
            noise = tf.random.normal((6,)) + self.generator.normal((6,))
            return self.dropout(x, training=True) * factor + noise

    def drawn() -> list[float]:
        numbers = [random.random(), np.random.random(), noise.generator.normal(())]
        numbers += [tf.random.normal(()), noise.dropout(np.ones((1, 64)), training=True)]
        return [float(tf.reduce_sum(tf.cast(number, "float32") ** 2)) for number in numbers]

    lists = []
    for read in (False, True):
        keras.utils.set_random_seed(2)
        noise = Noise()
        inputs = keras.Input((6,))
        x = noise(keras.layers.Dense(6)(inputs))
        model = keras.Model(inputs, keras.layers.BatchNormalization()(x))
        if read:
            assert bnlint.inspect(model, isolated=True).failures == ()
            assert bnlint.prove(model, isolated=True).failures == ()
        lists.append(drawn())

    assert lists[0] == lists[1]


@pytest.fixture(name="module")
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path / "net_of_any_keras.py"
    sys.modules.pop("net_of_any_keras", None)


def test_findings_of_what_is_built_have_the_line_of_the_constructor(
    keras: Any, module: Path
) -> None:
    from bnlint.project.built_models import findings_in_built
    from bnlint.readers.model.building.building import build
    from bnlint.settings import SettingsFinder

    module.write_text(
        f"import {keras.__name__} as keras\n"
        "class Block(keras.layers.Layer):\n"
        "    def __init__(self, units):\n"
        "        super().__init__()\n"
        "        self.dense = keras.layers.Dense(units)\n"
        "        self.norm = keras.layers.BatchNormalization()\n"
        "    def call(self, x):\n"
        "        return self.norm(self.dense(x))\n"
        "def build(units=3):\n"
        "    inputs = keras.Input((6,))\n"
        "    x = Block(units)(inputs)\n"
        "    keras.layers.BatchNormalization()\n"
        "    return keras.Model(inputs, keras.layers.Dense(2)(x))\n"
    )
    read = bnlint.lint([module.name], isolated=True)
    found, failures = findings_in_built(
        build("net_of_any_keras:build", {"units": 4}), SettingsFinder({}, isolated=True)
    )

    assert failures == []
    assert [(f.code, f.location.line) for f in found] == [("BN201", 5), ("BN101", 12)]
    assert [(f.code, f.location.line) for f in read.findings] == [("BN201", 5), ("BN101", 12)]


def test_loss_that_a_functional_model_of_keras_2_adds_sees_the_bias(keras: Any) -> None:
    if keras.__version__ >= "3":
        pytest.skip("Keras 3 has no such losses")
    inputs = keras.Input((5,))
    x = keras.layers.Dense(4, name="d")(inputs)
    outputs = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    model = keras.Model(inputs, outputs)
    model.add_metric(tf.reduce_mean(x), name="mean")
    assert _found(model) == [("BN201", "d")]

    model.add_loss(tf.reduce_mean(x**2))

    assert _found(model) == []
