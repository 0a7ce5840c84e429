# runnable: build
import keras
from keras import layers, ops


def build():
    inputs = keras.Input((6,))
    h = layers.Dense(8)(inputs)  # expect: BN201
    h = ops.add(ops.multiply(h, 0.5), 1.0)
    h = layers.BatchNormalization()(h)
    h = layers.ReLU()(h)
    h = layers.Dense(4)(h)  # expect: BN201
    h = ops.divide(ops.subtract(3.0, h), 2)
    h = layers.BatchNormalization()(h)
    h = layers.ReLU()(h)
    h = layers.Dense(4)(h)
    h = ops.divide(1.0, h)
    h = layers.BatchNormalization()(h)
    return keras.Model(inputs, h)
