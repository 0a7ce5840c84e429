# runnable: build
import keras
from keras import layers


def residual(x, filters):
    shortcut = x
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Add()([x, shortcut])
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((8, 8, 4))
    return keras.Model(inputs, residual(residual(inputs, 4), 4))
