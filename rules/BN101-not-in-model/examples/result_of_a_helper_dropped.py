# runnable: build
from keras import Input, Model, layers


def block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)  # expect: BN101
    return layers.ReLU()(x)


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    auxiliary = block(x, 4)
    return Model(inputs, layers.ReLU()(x))
