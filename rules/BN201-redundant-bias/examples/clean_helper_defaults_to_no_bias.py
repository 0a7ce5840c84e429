# runnable: build
import keras
from keras import layers


def conv(filters, kernel, use_bias=False, **kwargs):
    kwargs.setdefault("padding", "same")
    return layers.Conv2D(filters, kernel, use_bias=use_bias, **kwargs)


def build():
    inputs = keras.Input((8, 8, 3))
    x = conv(4, 3)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, conv(2, 1, use_bias=True)(x))
