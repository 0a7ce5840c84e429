"""Imports inside the project are followed, and Keras is known by every name that it is given."""

from pathlib import Path

import pytest
from drawn import calls_of

NETWORK = ["Dense(input)", "BatchNormalization(Dense)"]


@pytest.mark.parametrize(
    "lines",
    [
        "import tensorflow as tf\nmake = tf.keras.layers.BatchNormalization",
        "from tensorflow.keras.layers import BatchNormalization as make",
        "import keras.layers as L\nmake = L.BatchNormalization",
        "from keras.layers import *\nmake = BatchNormalization",
        "make = getattr(layers, 'BatchNormalization') or BatchNormalization",
    ],
)
def test_the_class_is_known_under_any_name(lines: str) -> None:
    assert sorted(calls_of(f"{lines}\nmake()(Dense(8)(Input((4,))))")) == sorted(NETWORK)


@pytest.mark.parametrize(
    "line",
    [
        "from blocks import norm",
        "import blocks\nnorm = blocks.norm",
        "import blocks as b\nnorm = b.norm",
        "from blocks import *",
        "def norm(x):\n    from blocks import norm as inner\n    return inner(x)",
    ],
)
def test_a_function_of_another_file_is_entered(tmp_path: Path, line: str) -> None:
    (tmp_path / "blocks.py").write_text(
        "from keras import layers\ndef norm(x):\n    return layers.BatchNormalization()(x)\n",
        "utf-8",
    )

    assert sorted(calls_of(f"{line}\nnorm(Dense(8)(Input((4,))))", tmp_path)) == sorted(NETWORK)


def test_a_class_of_another_library_is_a_layer_of_its_own_name() -> None:
    program = """
    from flax.nnx import BatchNorm as Norm
    BatchNormalization()(Norm(8)(Dense(8)(Input((4,)))))
    """

    assert "BatchNormalization(BatchNorm)" in calls_of(program)
