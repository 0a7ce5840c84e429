# The convolution has its own activation, so the normalization is not before it, whatever follows.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, activation="relu")(inputs)
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = layers.Activation("relu")(x)
    return keras.Model(inputs, x)
