# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(16, activation="relu")(inputs)
    x = layers.Dense(4, use_bias=False)(x)
    return Model(inputs, layers.BatchNormalization()(x))
