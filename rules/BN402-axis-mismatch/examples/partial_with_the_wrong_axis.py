# runnable: build
from functools import partial

import keras
from keras import layers

BN = partial(layers.BatchNormalization, axis=1)


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False, data_format="channels_last")(inputs)
    x = BN()(x)  # expect: BN402
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
