# runnable: build
import keras
from keras import layers, ops


def build():
    inputs = keras.Input((6,))
    h = layers.Dense(8)(inputs)  # expect: BN201
    h = ops.cast(h, "float32")
    h = layers.BatchNormalization()(h)
    return keras.Model(inputs, ops.relu(h))
