# A Dense output has two axes; 1 and -1 are the same one.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=3)(x)
    x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    x = layers.BatchNormalization(axis=1)(x)  # expect: BN301
    x = layers.Dense(8, use_bias=False)(x)
    x = layers.BatchNormalization(axis=1)(x)
    return keras.Model(inputs, layers.ReLU()(x))
