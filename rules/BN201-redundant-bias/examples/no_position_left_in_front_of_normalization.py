# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    x = layers.ZeroPadding2D(1)(x)
    x = layers.DepthwiseConv2D(3, padding="same")(x)  # expect: BN201
    x = layers.Conv2D(4, 3, padding="same")(x)  # expect: BN201
    x = layers.Flatten()(x)
    x = layers.Dense(6)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
