# The input is plainly channels_last, whatever all the axes say.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=1)(x)  # expect: BN402
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
