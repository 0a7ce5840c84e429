# One caller wants the normalisation, the other does not: the bias is redundant for the first.
# not runnable: the flag is the helper's, and both values are in one model
import keras
from keras import layers


def conv(x, filters, norm):
    x = layers.Conv2D(filters, 3)(x)  # expect: BN201 when norm is true
    if norm:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((12, 12, 3))
    x = conv(inputs, 4, False)
    x = conv(x, 4, True)
    return keras.Model(inputs, x)
