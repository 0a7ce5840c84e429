# Rows and columns are merged; the last axis still is the channels, or whole groups of them.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((4, 4, 3))
    x = layers.Conv2D(6, 1)(inputs)  # expect: BN201
    x = layers.Reshape((16, 6))(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv1D(4, 1)(x)  # expect: BN201
    x = layers.Reshape((4, 16))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
