# order: activation-first
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, activation="relu")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3)(x)
    x = layers.ReLU()(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, x)
