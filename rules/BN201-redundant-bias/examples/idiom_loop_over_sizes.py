# runnable: build
import keras
from keras import layers


def build(units=(16, 8, 4)):
    inputs = keras.Input((6,))
    x = inputs
    for i, n in enumerate(units):
        x = layers.Dense(n, name=f"dense_{i}")(x)  # expect: BN201
        x = layers.BatchNormalization(name=f"bn_{i}")(x)
        x = layers.Activation("relu")(x)
    return keras.Model(inputs, layers.Dense(1)(x))
