# A function of the project's own, called like the layer, that works by side effect.
# runnable: build
import keras

LOG = []


def BatchNormalization(message="batch ready"):
    LOG.append(message)


def build():
    BatchNormalization()
    inputs = keras.Input((4,))
    x = keras.layers.Dense(4)(inputs)
    BatchNormalization("after the dense layer")
    return keras.Model(inputs, x)
