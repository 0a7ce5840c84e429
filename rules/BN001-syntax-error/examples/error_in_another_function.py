# The error stays inside its function.
# not runnable: a syntax error
import keras
from keras import layers


def broken():
    return 1 +  # expect: BN001


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4)(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
