# runnable: build
# bnlint: file-ignore[BN402]  # expect: BN002
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
