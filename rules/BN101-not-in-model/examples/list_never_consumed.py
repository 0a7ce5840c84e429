# runnable: build
import keras
from keras import layers


def build():
    head = [
        layers.Dense(8, use_bias=False),
        layers.BatchNormalization(),  # expect: BN101
        layers.ReLU(),
    ]
    inputs = keras.Input((6,))
    return keras.Model(inputs, layers.Dense(2)(inputs))
