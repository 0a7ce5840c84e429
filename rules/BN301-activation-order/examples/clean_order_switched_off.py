# order: off
# runnable: build
import keras
from keras import layers


def build():
    return keras.Sequential([
        keras.Input((6,)),
        layers.Dense(8, activation="relu"),
        layers.BatchNormalization(),
        layers.Dense(8, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
    ])
