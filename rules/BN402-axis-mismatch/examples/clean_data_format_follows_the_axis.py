# The format is chosen together with the axis.
# runnable: build
import keras
from keras import layers


def build(channels_first=False):
    data_format = "channels_first" if channels_first else "channels_last"
    axis = 1 if channels_first else -1
    inputs = keras.Input((8, 8, 8))
    x = layers.Conv2D(4, 3, padding="same", data_format=data_format, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=axis)(x)
    return keras.Model(inputs, layers.ReLU()(x))
