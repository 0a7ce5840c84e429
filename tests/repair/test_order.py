"""BN301: the policy's order, the same network otherwise, and back again."""

from __future__ import annotations

import ast

import pytest
from fixing import fix_text

BN_FIRST = {
    "a list": """
from keras import Sequential
from keras.layers import Activation, BatchNormalization, Conv2D, Input

model = Sequential([
    Input((8, 8, 3)),
    Conv2D(4, 3, use_bias=False),
    BatchNormalization(momentum=0.9),  # a comment
    Activation("relu"),
    Conv2D(4, 3, use_bias=False), BatchNormalization(name="b"), Activation("tanh", name="a"),
])
""",
    "add": """
from keras import Sequential, layers

model = Sequential()
model.add(layers.Input((8,)))
model.add(layers.Dense(4, use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.ReLU())
""",
    "functional": """
from keras import Input, Model, layers

i = Input((8,))
x = layers.Dense(4, use_bias=False)(i)
x = layers.BatchNormalization(
    momentum=0.9,
    name="bn",
)(x)
x = layers.LeakyReLU(0.2)(x)
m = Model(i, layers.Dense(1)(x))
""",
    "nested calls": """
from keras import Input, Model, layers

i = Input((8,))
x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(4, use_bias=False)(i)))
m = Model(i, layers.Dense(1)(x))
""",
    "a class": """
from keras import Model, layers


class Net(Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, use_bias=False)
        self.bn = layers.BatchNormalization()
        self.act = layers.ReLU()

    def call(self, x, training=False):
        x = self.dense(x)
        x = self.bn(x, training=training)
        return self.act(x)
""",
    "an optional normalization": """
from keras import Input, Model, layers


def block(x, units, norm=True):
    x = layers.Dense(units, use_bias=not norm)(x)
    if norm:
        x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU(0.2)(x)
    return x


i = Input((8,))
m = Model(i, block(block(i, 4, norm=False), 5))
""",
}


@pytest.mark.parametrize("before", BN_FIRST.values(), ids=BN_FIRST)
def test_twin_and_back(before: str) -> None:
    twin, made = fix_text(before, order="activation-first")
    back, undone = fix_text(twin, order="bn-first")
    again, nothing = fix_text(twin, order="activation-first")

    assert twin != before
    assert back == before
    assert made == undone
    assert (again, sum(nothing.values())) == (twin, 0)


def test_bias_of_an_activated_layer_stays() -> None:
    before = BN_FIRST["a class"].replace("4, use_bias=False", "4")

    twin, made = fix_text(before, order="activation-first")

    assert made == {"BN301": 1}
    assert "self.dense = layers.Dense(4)\n" in twin
    assert fix_text(twin, order="bn-first", select="BN301")[0] == before


def test_axis_goes_to_the_normalization_and_not_to_what_takes_its_place() -> None:
    before = """
import keras
from keras import layers

i = keras.Input((2, 32, 32))
x = layers.Conv2D(2, 3, data_format="channels_first")(i)
x = layers.BatchNormalization()(x)
x = layers.LeakyReLU()(x)
m = keras.Model(i, x)
"""
    after, made = fix_text(before, order="activation-first")

    assert made == {"BN301": 1, "BN401": 1}
    assert "x = layers.LeakyReLU()(x)\nx = layers.BatchNormalization(axis=1)(x)\n" in after


def test_layer_that_is_added_is_no_second_normalization_beside_the_first() -> None:
    before = """
from keras import Sequential, layers

m = Sequential()
m.add(layers.Input((8,)))
m.add(layers.Dense(4))
m.add(layers.BatchNormalization())
m.add(layers.ReLU())
layers.BatchNormalization()
m.add(layers.Dense(4))
"""
    after, _ = fix_text(before, order="activation-first")

    assert "BatchNormalization())\nm.add(layers.BatchNormalization())" not in after


def test_sequential_that_a_class_applies_is_swapped_where_it_is_made() -> None:
    before = """
from keras import Model, Sequential, layers


class Net(Model):
    def __init__(self):
        super().__init__()
        self.seq = Sequential()
        self.seq.add(layers.Dense(4, use_bias=False))
        self.seq.add(layers.BatchNormalization())
        self.seq.add(layers.ReLU())
        self.more = Sequential([layers.Dense(4), layers.BatchNormalization(), layers.ReLU()])

    def call(self, x, training=False):
        return self.more(self.seq(x, training=training))
"""
    twin, made = fix_text(before, order="activation-first")

    assert made == {"BN301": 2}
    assert "self.seq.add(layers.ReLU())\n        self.seq.add(layers.BatchNorm" in twin
    assert "[layers.Dense(4), layers.ReLU(), layers.BatchNormalization()]" in twin


FUSED = """
from keras import Sequential
from keras.layers import BatchNormalization, Conv2D, Input

model = Sequential([
    Input((8, 8, 3)),
    Conv2D(4, 3, activation="relu"),
    BatchNormalization(),  # a comment
    Conv2D(4, 3, activation="tanh"), BatchNormalization(),
    Conv2D(4, 3, activation="relu"),
    BatchNormalization()
])
"""


def test_fused_activation_moves_behind_and_its_name_is_imported() -> None:
    after, made = fix_text(FUSED, select="BN301")

    assert (
        after
        == """
from keras import Sequential
from keras.layers import Activation, BatchNormalization, Conv2D, Input

model = Sequential([
    Input((8, 8, 3)),
    Conv2D(4, 3),
    BatchNormalization(),  # a comment
    Activation("relu"),
    Conv2D(4, 3), BatchNormalization(), Activation("tanh"),
    Conv2D(4, 3),
    BatchNormalization(),
    Activation("relu")
])
"""
    )
    assert made == {"BN301": 3}


def test_bias_that_becomes_redundant_goes_in_the_same_run() -> None:
    after, made = fix_text(FUSED)

    assert made == {"BN301": 3, "BN201": 3}
    assert after.count("use_bias=False") == 3


@pytest.mark.parametrize(
    ("imports", "layer"),
    [
        ("from keras import layers as L", "L.Activation('relu')"),
        ("import tensorflow as tf", "tf.keras.layers.Activation('relu')"),
        ("from keras.layers import *", "Activation('relu')"),
        ("from keras.layers import BatchNormalization, Dense, ReLU", "ReLU()"),
        ("from keras.layers import Activation, BatchNormalization, Dense", "Activation('relu')"),
    ],
)
def test_layer_is_written_with_the_names_of_the_file(imports: str, layer: str) -> None:
    base = layer.rpartition(".")[0]
    dot = f"{base}." if base else ""
    before = (
        f"{imports}\n\n\ndef block(x):\n    x = {dot}Dense(4, activation='relu')(x)\n"
        f"    x = {dot}BatchNormalization()(x)\n    return x\n"
    )

    after, _ = fix_text(before, select="BN301")

    assert f"    x = {dot}Dense(4)(x)\n" in after
    assert f"    x = {layer}(x)\n    return x\n" in after
    assert after.startswith(imports)


def test_class_gets_an_attribute_for_the_activation() -> None:
    before = """
from keras import Model, layers


class Net(Model):
    def __init__(self, activation="relu"):
        super().__init__()
        self.dense1 = layers.Dense(4, activation=activation)
        self.bn1 = layers.BatchNormalization()

    def call(self, x, training=False):
        return self.bn1(self.dense1(x), training=training)
"""
    after, _ = fix_text(before, select="BN301")

    assert "        self.dense1 = layers.Dense(4)\n" in after
    assert "        self.act1 = layers.Activation(activation)\n" in after
    assert "return self.act1(self.bn1(self.dense1(x), training=training))" in after


KEPT = {
    "the tensor between has another use": """
x = layers.Dense(4, activation="relu")(i)
y = layers.BatchNormalization()(x)
m = Model(i, [x, y])
""",
    "a name means something else in between": """
act = "relu"
x = layers.Dense(4, activation=act)(i)
act = "tanh"
x = layers.BatchNormalization()(x)
m = Model(i, layers.Dense(1, activation=act)(x))
""",
    "only one of them is under a condition with an else": """
x = layers.ReLU()(layers.Dense(4)(i))
if flag:
    x = layers.BatchNormalization()(x)
else:
    x = layers.LayerNormalization()(x)
m = Model(i, x)
""",
    "two normalizations would meet": """
x = layers.BatchNormalization()(layers.Dense(4, use_bias=False)(i))
x = layers.ReLU()(x)
x = layers.BatchNormalization()(x)
m = Model(i, layers.Dense(1)(x))
""",
    "the shape changes in between": """
x = layers.Dense(4, activation="relu")(i)
x = layers.Reshape((2, 2))(x)
x = layers.BatchNormalization()(x)
m = Model(i, x)
""",
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_what_cannot_be_moved_stays(body: str) -> None:
    before = f"from keras import Input, Model, layers\n\ni = Input((4,))\n{body}"

    after, _ = fix_text(before, select="BN301")

    assert after == before
    ast.parse(after)
