# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.Activation("linear")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dense(8, activation="linear")(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dense(8, activation=None)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, x)
