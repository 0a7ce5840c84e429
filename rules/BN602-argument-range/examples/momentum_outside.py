# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=99)(x)  # expect: BN602
    x = layers.ReLU()(x)
    x = layers.Dense(4, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=-0.9)(x)  # expect: BN602
    return Model(inputs, layers.ReLU()(x))
