# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((4, 5, 3))
    x = layers.Conv2D(6, 1)(inputs)
    x = layers.Permute((3, 1, 2))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
