# Each row comes from one of two layers, so the two shifts survive as a difference between rows.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6, 6, 3))
    a = layers.Conv2D(4, 3, padding="same")(inputs)
    b = layers.Conv2D(4, 3, padding="same")(inputs)
    x = layers.Concatenate(axis=1)([a, b])
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
