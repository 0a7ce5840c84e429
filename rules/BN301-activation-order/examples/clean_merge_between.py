# A sum of activations is no activation.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    a = layers.Dense(4, activation="relu")(inputs)
    b = layers.Dense(4, activation="relu")(inputs)
    x = layers.BatchNormalization()(layers.Add()([a, b]))
    return keras.Model(inputs, layers.Dense(1)(x))
