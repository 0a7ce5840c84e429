# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs)  # expect: BN201
    x = layers.BatchNormalization(center=False, scale=False)(x)
    x = layers.ReLU()(x)
    x = layers.Dense(8)(x)  # expect: BN201
    x = layers.BatchNormalization(renorm=True)(x)
    return keras.Model(inputs, layers.ReLU()(x))
