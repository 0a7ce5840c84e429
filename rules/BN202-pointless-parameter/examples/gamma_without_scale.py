# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False, bias_initializer="ones")(inputs)  # expect: BN202
    x = layers.BatchNormalization(scale=False, gamma_initializer="zeros")(x)  # expect: BN202
    return Model(inputs, layers.ReLU()(x))
