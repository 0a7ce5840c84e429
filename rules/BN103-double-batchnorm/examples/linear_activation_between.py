# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(center=False, scale=False)(x)
    x = layers.Activation("linear")(x)
    x = layers.BatchNormalization()(x)  # expect: BN103
    x = layers.ReLU()(x)
    return Model(inputs, layers.Dense(2)(x))
