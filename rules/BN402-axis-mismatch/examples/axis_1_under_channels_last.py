# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, data_format="channels_last")(inputs)
    x = layers.BatchNormalization(axis=1)(x)  # expect: BN402
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
