# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, data_format="channels_last", use_bias=False)(inputs)
    x = layers.Permute((3, 1, 2))(x)
    x = layers.BatchNormalization(axis=1)(x)
    return keras.Model(inputs, layers.ReLU()(x))
