# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.BatchNormalization()(x)  # expect: BN103
    return Model(inputs, layers.ReLU()(x))
