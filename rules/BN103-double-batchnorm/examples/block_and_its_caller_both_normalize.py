# runnable: build
from keras import Input, Model, layers


def conv_block(x, filters):
    x = layers.Conv2D(filters, 3, use_bias=False)(x)
    return layers.BatchNormalization()(x)


def build():
    inputs = Input((16, 16, 3))
    x = conv_block(inputs, 8)
    x = layers.BatchNormalization(axis=3)(x)  # expect: BN103
    x = layers.ReLU()(x)
    return Model(inputs, layers.Conv2D(2, 1)(x))
