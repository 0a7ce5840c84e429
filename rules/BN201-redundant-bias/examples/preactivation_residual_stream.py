# What a block adds to the stream is read by normalizations only, here and in every later block.
# The stem is not: the border of zeros stands between it and the first of them.
# runnable: build
import keras
from keras import layers


def block(x, filters, conv_shortcut=False):
    preact = layers.BatchNormalization()(x)
    preact = layers.Activation("relu")(preact)
    if conv_shortcut:
        shortcut = layers.Conv2D(filters, 1)(preact)  # expect: BN201
    else:
        shortcut = x
    y = layers.Conv2D(2, 3, padding="same", use_bias=False)(preact)
    y = layers.BatchNormalization()(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 1)(y)  # expect: BN201
    return layers.Add()([shortcut, y])


def build():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, strides=2, name="conv1_conv")(inputs)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = block(x, 8, conv_shortcut=True)
    x = block(x, 8)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    return keras.Model(inputs, x)
