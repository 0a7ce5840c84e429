# runnable: build
import keras
from keras import layers, ops


def build():
    inputs = keras.Input((6, 6, 3))
    a = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    a = ops.mean(a, axis=[1, 2])
    a = layers.BatchNormalization()(a)
    b = layers.Conv2D(4, 3)(inputs)  # expect: BN201
    b = ops.sum(b, axis=(1, 2))
    b = layers.BatchNormalization()(b)
    return keras.Model(inputs, layers.Concatenate()([a, b]))
