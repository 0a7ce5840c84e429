# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((3, 10, 12))
    x = layers.Conv2D(5, 3, data_format="channels_first", use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(5, 3, data_format="channels_first", use_bias=False)(x)
    x = layers.BatchNormalization(axis=-3)(x)
    return keras.Model(inputs, layers.ReLU()(x))
