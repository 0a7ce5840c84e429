# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((5, 8, 8, 3))
    x = layers.TimeDistributed(layers.Conv2D(4, 3))(inputs)  # expect: BN201
    x = layers.TimeDistributed(layers.BatchNormalization(axis=3))(x)
    x = layers.TimeDistributed(layers.Flatten())(layers.ReLU()(x))
    x = layers.TimeDistributed(layers.Dense(4))(x)  # expect: BN201
    x = layers.TimeDistributed(layers.BatchNormalization(axis=1))(x)
    return Model(inputs, layers.ReLU()(x))
