"""Live models of Keras 3 on JAX, without TensorFlow: in a process of its own, as the backend is
chosen at import.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(util.find_spec("jax") is None, reason="JAX is not installed"),
]

_PROGRAM = """
import json, sys, warnings
sys.modules["tensorflow"] = None
import keras, numpy as np
import bnlint
from bnlint.keras import LintCallback
from keras import layers, ops

assert keras.backend.backend() == "jax"


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(4, name="inner")
        self.norm = layers.BatchNormalization()

    def call(self, x, training=None):
        return ops.relu(self.norm(self.inner(x) * 2.0, training=training))


class WithAuxiliary(Net):
    def __init__(self):
        super().__init__()
        self.auxiliary = layers.Dense(3)

    def call(self, x, training=None):
        x = super().call(x, training=training)
        return (x, self.auxiliary(x)) if training else x


class Counter(layers.Layer):
    def build(self, shape):
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x):
        self.count.assign(self.count + 1.0)
        return x + keras.random.normal((4,), seed=self.seeds) * np.random.random()


class Within(keras.Model):
    def __init__(self, *, forwards):
        super().__init__()
        self.forwards = forwards
        self.net = keras.Sequential(
            [layers.Dense(4, name="d"), layers.BatchNormalization(), layers.Dense(8)], name="net"
        )

    def call(self, x, training=None):
        return self.net(x, training=training) if self.forwards else self.net(x)


def functional():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, name="a")(inputs)
    x = ops.relu(layers.BatchNormalization()(x))
    x = layers.Conv2D(4, 3, name="used")(layers.Dropout(0.2)(x))
    return keras.Model(inputs, layers.Flatten()(x))


def places(report):
    return [[finding.code, finding.location.path] for finding in report.findings]


net, model = Net(), functional()
said = {"subclassed": places(bnlint.inspect(net, (None, 6), isolated=True)), "built": net.built}
said["functional"] = places(bnlint.inspect(model, isolated=True))
before = [np.array(weight) for weight in model.weights]
net(np.zeros((2, 6)))
trained = WithAuxiliary()
trained(np.zeros((2, 6)))
proofs = [bnlint.prove(each, isolated=True, select=["BN201"]) for each in (model, net, trained)]
said["unbuilt"] = trained.auxiliary.built
said["proved"] = [finding.message for report in proofs for finding in report.findings]
said["failed"] = [str(failure) for report in proofs for failure in report.failures]
said["same"] = all(
    np.array_equal(old, new) for old, new in zip(before, model.weights, strict=True)
)
counter = Counter()
counting = keras.Sequential(
    [keras.Input((6,)), layers.Dense(4), counter, layers.BatchNormalization()]
)
counts = [variable.numpy().tolist() for variable in counting.variables]
numbers = []
for read in (False, True):
    keras.utils.set_random_seed(3)
    if read:
        bnlint.inspect(counting, isolated=True)
        bnlint.prove(counting, isolated=True)
    numbers.append((np.random.random(), float(keras.random.normal(()))))
said["counts"] = [counts, [variable.numpy().tolist() for variable in counting.variables]]
said["numbers"] = numbers
for forwards in (True, False):
    within = Within(forwards=forwards)
    within.compile("sgd", "mse")
    within.fit(np.random.normal(size=(8, 6)), np.ones((8, 8)), verbose=0)
    trained = bool(np.any(np.array(within.net.layers[1].moving_mean)))
    report = bnlint.inspect(within, isolated=True, select=["BN201"])
    said[f"forwards: {forwards}"] = [trained, places(report)]
model.compile("sgd", "mse")
try:
    model.fit(
        np.zeros((8, 8, 8, 3)), np.zeros((8, 64)), verbose=0,
        callbacks=[LintCallback(fail_on="warning")],
    )
except bnlint.ProblemsFoundError as error:
    said["stopped"] = places(error.report)
print(json.dumps(said))
"""


def _run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )


def test_models_are_read_proved_and_stopped_on_jax(tmp_path: Path) -> None:
    ran = _run("-c", _PROGRAM, folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])

    assert said["subclassed"] == [["BN201", "inner"]]
    assert said["built"] is False
    assert said["functional"] == said["stopped"] == [["BN201", "a"]]
    assert ["measured: its gradient is" in message for message in said["proved"]] == [True] * 3
    assert said["unbuilt"] is False
    assert said["failed"] == []
    # `fit` on JAX runs `call` itself, so that only what is forwarded reaches a layer.
    assert said["forwards: True"] == [True, [["BN201", "net/d"]]]
    assert said["forwards: False"] == [False, []]
    assert said["same"] is True
    assert said["counts"][0] == said["counts"][1]
    assert said["numbers"][0] == said["numbers"][1]


def test_what_is_built_on_jax_names_its_lines(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import keras\n"
        "from keras import layers\n"
        "def build():\n"
        "    inputs = keras.Input((6,))\n"
        "    x = layers.Dense(4)(inputs)\n"
        "    x = layers.BatchNormalization()(x)\n"
        "    return keras.Model(inputs, x)\n",
        encoding="utf-8",
    )
    options = ("--isolated", "--output-format", "concise", "--quiet")
    ran = _run("-m", "bnlint", *options, "net:build", folder=tmp_path)

    assert ran.returncode == 1
    assert ran.stdout.startswith("net.py:5:9: BN201 the bias of Dense is redundant")
