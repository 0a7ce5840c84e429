# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4)(inputs)  # noqa: BN201, BN101  # expect: BN002
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
