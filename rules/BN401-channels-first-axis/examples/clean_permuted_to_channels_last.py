# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((3, 8, 8))
    x = layers.Conv2D(4, 3, data_format="channels_first", use_bias=False)(inputs)
    x = layers.Permute((2, 3, 1))(x)  # from here on the channels are last
    x = layers.Conv2D(4, 3, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
