"""Claims held against gradients: what is confirmed, what is caught, and that nothing is changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.readers.model.proving.proof import Measurement

ROOT = Path(__file__).resolve().parents[3]
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
CLAIMS_TOO_MUCH = """
from bnlint.findings import Severity
from bnlint.queries import bias, linear_layers
from bnlint.rule import Problem, Rule


class EveryBias(Rule):
    code = "XX201"
    name = "every-bias"
    summary = "Claims that every bias is redundant"
    severity = Severity.INFO
    claims_redundant_bias = True

    def candidates(self, graph):
        return linear_layers(graph)

    def applies(self, layer, graph, options):
        return bias(layer) is True

    def check(self, layer, graph, options):
        yield Problem(layer, f"{layer.name} has a bias")
"""
NETS = """
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(8, name="absorbed")(inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.Dense(3, name="head")(layers.ReLU()(x)), name="net")
"""


@pytest.fixture
def wrong_rule(tmp_path: Path) -> str:
    """Settings with a rule that is wrong about biases that are in use."""
    folder = tmp_path / "rules" / "XX201-every-bias"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(CLAIMS_TOO_MUCH, encoding="utf-8")
    (folder / "README.md").write_text("# every-bias (XX201)\n", encoding="utf-8")
    return f'rules = ["{(tmp_path / "rules").as_posix()}"]'


@pytest.mark.parametrize(
    ("ratio", "agrees", "text"),
    [
        (0.0, True, "measured: its gradient is 0.0e+00 of the kernel's"),
        (9e-6, True, "measured: its gradient is 9.0e-06 of the kernel's"),
        (1e-4, None, "measured: its gradient is 1.0e-04 of the kernel's, which is inconclusive"),
        (0.2, False, "measured: its gradient is 2.0e-01 of the kernel's"),
        (None, None, "not measured: why"),
    ],
)
def test_a_ratio_decides_outside_of_the_gap(
    ratio: float | None, agrees: bool | None, text: str
) -> None:
    measurement = Measurement(ratio, "why")

    assert measurement.agrees is agrees
    assert str(measurement) == text


def _model(keras: Any) -> Any:
    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, name="absorbed")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.4)(layers.ReLU()(x))
    return keras.Model(inputs, layers.Dense(3, name="head")(layers.Flatten()(x)))


def _measured(message: str) -> float:
    match = re.search(
        r"its gradient is (\S+) of the kernel's(?: and \S+ of what flows back to it)?\)$", message
    )
    assert match, message
    return float(match[1])


@pytest.mark.parametrize("name", KERAS)
def test_a_redundant_bias_is_confirmed(name: str) -> None:
    report = bnlint.prove(_model(pytest.importorskip(name)), isolated=True)

    (finding,) = report.findings
    assert finding.code == "BN201"
    assert _measured(finding.message) <= 1e-6
    assert report.failures == ()
    assert report.exit_status() == 1


@pytest.mark.parametrize("name", KERAS)
def test_a_wrong_claim_is_caught(name: str, wrong_rule: str) -> None:
    report = bnlint.prove(
        _model(pytest.importorskip(name)), isolated=True, config=[wrong_rule], select=["XX201"]
    )

    absorbed, head = report.findings
    assert absorbed.location.path == "absorbed"
    assert _measured(absorbed.message) <= 1e-6
    assert _measured(head.message) >= 1e-3
    (failure,) = report.failures
    assert failure.message.startswith(
        "internal disagreement: XX201 says that the bias of head is redundant, but measured: its"
    )
    assert report.exit_status() == 2


@pytest.mark.parametrize("name", KERAS)
def test_the_model_is_left_as_it_was(name: str) -> None:
    keras = pytest.importorskip(name)
    model = _model(keras)
    model.compile("adam", "mse")
    model.fit(np.ones((4, 8, 8, 3)), np.ones((4, 3)), verbose=0)
    variables = [*model.variables]
    before = [np.array(variable.numpy()) for variable in variables]
    trainable = [weight.trainable for weight in model.weights]

    bnlint.prove(model, isolated=True)

    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert [weight.trainable for weight in model.weights] == trainable
    model.fit(np.ones((4, 8, 8, 3)), np.ones((4, 3)), verbose=0)


@pytest.mark.parametrize("name", KERAS)
def test_inputs_are_made_for_embeddings_and_axes_of_unknown_length(name: str) -> None:
    keras = pytest.importorskip(name)
    layers = keras.layers
    words = keras.Input((None,), name="words")
    image = keras.Input((None, None, 3), name="image")
    x = layers.Embedding(5, 6)(words)
    x = layers.Conv1D(4, 3, name="a")(x)
    x = layers.GlobalAveragePooling1D()(layers.ReLU()(layers.BatchNormalization()(x)))
    y = layers.Conv2D(4, 5, strides=4, name="b")(image)
    y = layers.Conv2D(4, 5, strides=4, name="c")(layers.ReLU()(layers.BatchNormalization()(y)))
    y = layers.GlobalAveragePooling2D()(layers.ReLU()(layers.BatchNormalization()(y)))
    model = keras.Model({"words": words, "image": image}, layers.Concatenate()([x, y]))

    report = bnlint.prove(model, isolated=True)

    assert (
        [finding.location.path for finding in report.findings] == ["a", "b", "c"]
        or [finding.location.path for finding in report.findings] == ["b", "c", "a"]
        or len(report.findings) == 3
    )
    assert all(_measured(finding.message) <= 1e-5 for finding in report.findings)
    assert report.failures == ()


@pytest.mark.parametrize("name", KERAS)
def test_a_subclassed_model_is_measured_with_what_it_was_built_with(name: str) -> None:
    keras = pytest.importorskip(name)

    class Net(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.hidden = keras.layers.Dense(8, name="hidden")
            self.norm = keras.layers.BatchNormalization()
            self.head = keras.layers.Dense(3)

        def call(self, x: Any, training: bool | None = None) -> Any:
            return self.head(keras.activations.relu(self.norm(self.hidden(x), training=training)))

    model = Net()
    with pytest.raises(bnlint.InspectionError, match="never called"):
        bnlint.prove(model, isolated=True)
    samples = np.random.default_rng(1).normal(size=(16, 4)).astype("float32")
    model(samples)

    for inputs in (None, samples):
        (finding,) = bnlint.prove(model, inputs, isolated=True, select=["BN201"]).findings
        assert _measured(finding.message) <= 1e-6


@pytest.mark.keras
def test_what_cannot_be_measured_says_why() -> None:
    keras: Any = pytest.importorskip("keras")
    layers = keras.layers
    inputs = keras.Input((4,))
    x = layers.Dense(8, name="half", dtype="float16")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Dense(8, name="dead", kernel_initializer="zeros")(layers.ReLU()(x) * 0.0)
    x = layers.BatchNormalization()(x)

    report = bnlint.prove(keras.Model(inputs, x), isolated=True, select=["BN201"])

    half, dead = (finding.message for finding in report.findings)
    assert half.endswith("(not measured: it computes in half precision)")
    assert dead.endswith("(not measured: its kernel has no gradient either)")
    assert report.failures == ()


@pytest.mark.keras
def test_layers_without_weights_say_so() -> None:
    keras: Any = pytest.importorskip("keras")
    tf: Any = pytest.importorskip("tensorflow")

    class Net(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = keras.layers.Dense(4), keras.layers.Dense(4, name="second")
            self.norm = keras.layers.BatchNormalization()

        def call(self, x: Any) -> Any:
            return self.norm(self.second(tf.nn.relu(self.first(x))))

    model = Net()
    model.build((None, 4))  # which gives up at the function of TensorFlow

    (finding,) = bnlint.prove(model, np.ones((8, 4)), isolated=True, select=["BN201"]).findings

    assert finding.message.endswith("(not measured: it has no weights yet: call the model first)")


@pytest.mark.parametrize("name", KERAS)
def test_mixed_precision_is_measured_in_full_precision(name: str) -> None:
    keras = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(8, 3, dtype="mixed_float16")(inputs)
    x = layers.BatchNormalization(dtype="mixed_float16", name="norm")(x)
    model = keras.Model(inputs, layers.Flatten(dtype="mixed_float16")(x))

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings

    assert _measured(finding.message) <= 1e-5
    assert model.get_layer("norm").compute_dtype == "float16"


@pytest.mark.parametrize("name", KERAS)
def test_a_kernel_whose_gradient_is_lost_in_rounding_proves_nothing(name: str) -> None:
    keras = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((8, 8, 3))
    x = layers.GlobalAveragePooling2D()(inputs)
    x = layers.Rescaling(1e-12)(x)  # as a frozen network without pretrained weights does
    x = layers.Dense(8)(x)
    x = layers.BatchNormalization()(x)
    model = keras.Model(inputs, layers.Dense(3)(layers.ReLU()(x)))

    report = bnlint.prove(model, isolated=True, select=["BN201"])

    assert report.failures == ()
    assert "of the kernel's and" in report.findings[0].message
    assert "inconclusive" not in report.findings[0].message


@pytest.mark.parametrize("name", KERAS)
def test_a_gamma_of_zero_hides_nothing_and_is_zero_again_afterwards(name: str) -> None:
    keras = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((4,))
    x = layers.Dense(8)(inputs)
    x = layers.BatchNormalization(gamma_initializer="zeros", name="norm")(x)
    model = keras.Model(inputs, layers.Dense(3)(x))

    (finding,) = bnlint.prove(model, isolated=True, select=["BN201"]).findings

    assert _measured(finding.message) <= 1e-6
    assert not model.get_layer("norm").get_weights()[0].any()


@pytest.mark.keras
def test_a_penalty_on_an_output_counts_and_one_on_the_weights_does_not(wrong_rule: str) -> None:
    keras: Any = pytest.importorskip("keras")
    layers = keras.layers
    inputs = keras.Input((4,))
    penalty = keras.regularizers.L2(10.0)
    x = layers.Dense(8, name="seen", activity_regularizer=penalty, bias_initializer="ones")(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dense(8, name="unseen", bias_regularizer="l2", bias_initializer="ones")(x)
    model = keras.Model(inputs, layers.BatchNormalization()(x))

    report = bnlint.prove(model, isolated=True, config=[wrong_rule], select=["XX201"])

    seen, unseen = (_measured(finding.message) for finding in report.findings)
    assert seen >= 1e-3
    assert unseen <= 1e-5


@pytest.mark.keras
def test_a_model_that_cannot_be_run_is_told_in_one_line() -> None:
    keras: Any = pytest.importorskip("keras")
    inputs = keras.Input((4,), dtype="string")
    model = keras.Model(inputs, keras.layers.Identity()(inputs))
    assert bnlint.prove(model, isolated=True).findings == ()  # nothing to measure

    class Fails(keras.layers.Layer):  # type: ignore[misc]
        def compute_output_spec(self, x: Any, **_: object) -> Any:
            return keras.KerasTensor(x.shape)

        def call(self, x: Any) -> Any:
            raise RuntimeError("not\nthis way")

    inputs = keras.Input((4,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(3)(Fails()(inputs)))
    with pytest.raises(bnlint.InspectionError, match=r"can't be run to measure gradients: .*not"):
        bnlint.prove(keras.Model(inputs, x), isolated=True)


# The command


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bnlint", "--no-cache", "--output-format", "concise", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
    )


@pytest.mark.keras
def test_the_command_proves_what_it_builds_and_what_it_loads(
    tmp_path: Path, wrong_rule: str
) -> None:
    (tmp_path / "nets.py").write_text(NETS, encoding="utf-8")
    names: dict[str, Any] = {}
    exec(NETS, names)
    names["build"]().save(tmp_path / "net.keras")

    right = _run(tmp_path, "--prove", "nets:build", "net.keras", "--select", "BN201")
    wrong = _run(
        tmp_path, "--prove", "nets:build", "net.keras", "--config", wrong_rule, "--select", "XX201"
    )

    assert right.returncode == 1, right.stderr
    assert right.stdout.count("measured: its gradient is ") == 2
    assert wrong.returncode == 2
    disagreements = re.findall(r"^bnlint: (\S+): internal disagreement", wrong.stderr, re.MULTILINE)
    assert disagreements == ["nets.py", "net.keras"]


def test_proving_needs_a_model(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(NETS, encoding="utf-8")

    ran = _run(tmp_path, "--prove", "nets.py")

    assert ran.returncode == 2
    assert ran.stderr == (
        "bnlint: --prove measures models: name a saved one, or package.module:callable\n"
    )


@pytest.mark.keras
@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(util.find_spec(name) is None, reason=f"{name} is not there"),
        )
        for name in ("jax", "torch")
    ],
)
def test_gradients_are_measured_on_other_backends(
    tmp_path: Path, wrong_rule: str, backend: str
) -> None:
    (tmp_path / "nets.py").write_text(NETS, encoding="utf-8")

    ran = _run(
        tmp_path, "--prove", "nets:build", "--config", wrong_rule, "--select", "BN201,XX201",
        KERAS_BACKEND=backend,
    )  # fmt: skip

    assert ran.stdout.count("measured: its gradient is ") == 3
    (line,) = [line for line in ran.stderr.splitlines() if line.startswith("bnlint:")]
    assert "XX201 says that the bias of head is redundant, but measured" in line
