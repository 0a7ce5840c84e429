# runnable: build
import keras
from keras import layers, ops


def build():
    inputs = keras.Input((6,))
    x = ops.relu(layers.Dense(8)(inputs))
    x = layers.BatchNormalization()(x)  # expect: BN301
    x = keras.activations.sigmoid(layers.Dense(8)(x))
    x = layers.BatchNormalization()(x)  # expect: BN301
    return keras.Model(inputs, layers.Dense(1)(x))
