# The first result is overwritten; that says nothing of the bias in the second.
# runnable: build
import keras
from keras import layers


def block(x):
    x = layers.Conv2D(4, 3)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((8, 8, 3))
    x = block(inputs)
    x = block(inputs)
    return keras.Model(inputs, x)
