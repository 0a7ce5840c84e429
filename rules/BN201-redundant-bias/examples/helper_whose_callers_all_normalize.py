# runnable: build
import keras
from keras import layers


def downsample(x, filters):
    return layers.Conv2D(filters, 3, strides=2, padding="same")(x)  # expect: BN201


def _project(x, units):
    return layers.Dense(units)(layers.Flatten()(x))  # expect: BN201


def normalized(x):
    return layers.ReLU()(layers.BatchNormalization()(x))


def encoder(x):
    return normalized(_project(normalized(downsample(x, 4)), 8))


def critic(x):
    return normalized(_project(normalized(downsample(x, 2)), 2))


def build():
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, [encoder(inputs), critic(inputs)])
