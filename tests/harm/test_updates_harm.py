"""What BN505 warns of, in a graph of TensorFlow 1."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping

import pytest

pytestmark = pytest.mark.keras

# `tf.layers` of TensorFlow 2.16 and later needs Keras 2, for the whole process.
PROGRAM = textwrap.dedent(
    """
    import json
    import numpy as np
    import tensorflow as tf

    v1 = tf.compat.v1
    random = np.random.default_rng(0)
    means = {}
    for collects in (False, True):
        with tf.Graph().as_default():
            x, training = v1.placeholder(tf.float32, [None, 4]), v1.placeholder(tf.bool)
            y = v1.layers.batch_normalization(x, training=training, momentum=0.9)
            loss = tf.reduce_mean(v1.layers.dense(y, 1) ** 2)
            updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS) if collects else []
            with tf.control_dependencies(updates):
                step = v1.train.GradientDescentOptimizer(0.1).minimize(loss)
            (mean,) = [v for v in v1.global_variables() if "moving_mean" in v.name]
            with v1.Session() as session:
                session.run(v1.global_variables_initializer())
                for _ in range(50):
                    session.run(step, {x: random.normal(5, 1, (64, 4)), training: True})
                means[str(collects)] = float(session.run(mean).mean())
    print(json.dumps(means))
    """
)


@pytest.fixture(scope="module")
def means() -> Mapping[str, float]:
    """The moving mean after training, without the updates and with them."""
    if importlib.util.find_spec("tf_keras") is None:
        pytest.skip("tf_keras is not installed")
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_step_of_the_optimizer_moves_no_statistics(means: Mapping[str, float]) -> None:
    assert means["False"] == 0


def test_collected_updates_move_them(means: Mapping[str, float]) -> None:
    assert means["True"] == pytest.approx(5, abs=0.2)
