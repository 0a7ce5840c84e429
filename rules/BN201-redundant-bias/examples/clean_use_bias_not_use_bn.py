# runnable: build
import keras
from keras import layers


def conv_block(x, filters, use_bn=True):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=not use_bn)(x)
    if use_bn:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def other_block(x, filters, norm=None):
    x = layers.Conv2D(filters, 3, use_bias=norm is None)(x)
    if norm is not None:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build(use_bn=True, norm=None):
    inputs = keras.Input((8, 8, 3))
    x = conv_block(inputs, 4, use_bn)
    x = other_block(x, 4, norm)
    return keras.Model(inputs, x)
