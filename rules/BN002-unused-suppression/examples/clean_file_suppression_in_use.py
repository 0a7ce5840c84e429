# runnable: build
# bnlint: file-ignore[BN301]
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4, activation="relu")(inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.Dense(1)(x))
