# runnable: build
import keras
from keras import layers


def build():
    return keras.Sequential([
        keras.Input((6,)),
        layers.BatchNormalization(),
        layers.Dense(8, activation="relu"),
        layers.Dense(1),
    ])
