# The normalisation of the shortcut stands behind the last block's ReLU, but before this block's.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((16, 4))
    x = layers.Conv1D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    y = layers.Conv1D(4, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    shortcut = layers.BatchNormalization()(x)
    x = layers.ReLU()(layers.Add()([y, shortcut]))
    return keras.Model(inputs, x)
