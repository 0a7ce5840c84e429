# order: consistent
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = inputs
    for units in (8, 8, 4):
        x = layers.Dense(units, activation="relu")(x)
        x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.Dense(1)(x))
