# runnable: build
from keras import Input, Model, layers, ops


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    first = layers.BatchNormalization(axis=2)(ops.stack([x, x], axis=1))
    second = layers.BatchNormalization(axis=1)(ops.einsum("bhwc->bchw", x))
    third = layers.BatchNormalization(axis=1)(ops.transpose(x, (0, 3, 1, 2)))
    return Model(inputs, [ops.relu(first), ops.relu(second), ops.relu(third)])
