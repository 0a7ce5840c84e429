# The same helper feeds a normalization in one place and an activation in the other: one of its two
# layers needs the bias, so the line that makes both is left alone.
# runnable: build
import keras
from keras import layers


def conv3x3(x, filters):
    return layers.Conv2D(filters, 3, padding="same")(x)


def build():
    inputs = keras.Input((8, 8, 3))
    x = conv3x3(inputs, 4)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = conv3x3(x, 8)
    x = layers.ReLU()(x)
    return keras.Model(inputs, layers.Conv2D(1, 1)(x))
