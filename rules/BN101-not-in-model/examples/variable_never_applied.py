# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((16,))
    norm = layers.BatchNormalization()  # expect: BN101
    x = layers.Dense(8, activation="relu")(inputs)
    outputs = layers.Dense(1)(x)
    return keras.Model(inputs, outputs)
