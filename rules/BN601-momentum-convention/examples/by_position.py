# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(-1, 0.1)(x)  # expect: BN601
    return Model(inputs, layers.ReLU()(x))
