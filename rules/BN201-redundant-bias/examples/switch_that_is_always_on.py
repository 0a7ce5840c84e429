# runnable: build
from keras import Input, Model, layers


def block(x, units, norm=True):
    x = layers.Dense(units)(x)  # expect: BN201
    if norm:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build():
    inputs = Input((8,))
    return Model(inputs, block(block(inputs, 16), 16))
