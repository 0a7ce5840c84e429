# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.Dense(3)(layers.Flatten()(layers.ReLU()(x))))
