# runnable: build
from functools import partial

import keras
from keras import layers

Conv3x3 = partial(layers.Conv2D, kernel_size=3, padding="same")
LeanConv = partial(Conv3x3, use_bias=False)
BN = partial(layers.BatchNormalization, axis=-1, momentum=0.9)


def build():
    inputs = keras.Input((8, 8, 3))
    x = Conv3x3(4)(inputs)  # expect: BN201
    x = layers.ReLU()(BN()(x))
    x = LeanConv(4)(x)
    x = layers.ReLU()(BN()(x))
    return keras.Model(inputs, x)
