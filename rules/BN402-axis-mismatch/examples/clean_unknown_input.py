# What rank and order the argument has is not said.
# not runnable: the callers are elsewhere
from keras import layers


def normalized(x):
    x = layers.BatchNormalization(axis=1)(x)
    return layers.ReLU()(x)


def last(x):
    return layers.BatchNormalization()(x)
