# order: consistent
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)
    x = layers.ReLU()(x)
    x = layers.BatchNormalization()(x)  # expect: BN301
    return keras.Model(inputs, layers.Dense(1)(x))
