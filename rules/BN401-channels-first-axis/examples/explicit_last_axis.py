# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((3, 10, 12))
    x = layers.Conv2D(5, 3, padding="same", data_format="channels_first")(inputs)
    x = layers.BatchNormalization(axis=-1)(x)  # expect: BN401
    x = layers.ReLU()(x)
    x = layers.Conv2D(5, 3, padding="same", data_format="channels_first")(x)
    x = layers.BatchNormalization(axis=3)(x)  # expect: BN401
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
