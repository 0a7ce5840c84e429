# runnable: build
import keras
from keras import layers


def downsample(x, filters):
    return layers.Conv2D(filters, 3, strides=2, padding="same")(x)


def project(x, units):
    return layers.Dense(units)(layers.Flatten()(x))


class Parts:
    def __init__(self, units):
        self.units = units

    def head(self, x):
        return layers.Dense(self.units)(x)

    def normalized(self, x):
        return layers.ReLU()(layers.BatchNormalization()(self.head(x)))

    def score(self, x):
        return layers.Softmax()(self.head(x))


def encoder(x):
    x = layers.ReLU()(layers.BatchNormalization()(downsample(x, 4)))
    x = layers.ReLU()(layers.BatchNormalization()(project(x, 8)))
    return Parts(4).normalized(x)


def critic(x):
    return layers.LeakyReLU()(downsample(x, 4))


def embedding(x):
    return project(x, 8)


def retrieval(x):
    return layers.Softmax()(embedding(x))


def build():
    inputs = keras.Input((8, 8, 3))
    outputs = [encoder(inputs), critic(inputs), retrieval(inputs), Parts(4).score(encoder(inputs))]
    return keras.Model(inputs, outputs)
