# The tensor goes along both sides of the sum, and both lead to the normalization.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    y = layers.Conv2D(4, 1)(x)  # expect: BN201
    z = layers.add([x, y])
    z = layers.BatchNormalization()(z)
    return keras.Model(inputs, layers.ReLU()(z))
