# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((3, 12, 12))
    x = layers.Conv2D(5, 3, data_format="channels_first")(inputs)
    x = layers.MaxPooling2D(2, data_format="channels_first")(x)
    x = layers.BatchNormalization()(x)  # expect: BN401
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
