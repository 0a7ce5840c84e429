# The projection has no activation on purpose.
# runnable: build
import keras
from keras import layers


def inverted_residual(x, expand, filters):
    y = layers.Conv2D(expand, 1, use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU(6.0)(y)
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU(6.0)(y)
    y = layers.Conv2D(filters, 1, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    return layers.Add()([x, y])


def build():
    inputs = keras.Input((8, 8, 4))
    return keras.Model(inputs, inverted_residual(inverted_residual(inputs, 8, 4), 8, 4))
