# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)
    x = layers.BatchNormalization(axis=2)(x)  # expect: BN402
    return keras.Model(inputs, layers.ReLU()(x))
