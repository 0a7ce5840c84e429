# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4, use_bias=False)(inputs)  # noqa: BN201  # expect: BN002
    x = layers.BatchNormalization()(x)  # bnlint: ignore[BN101]  # expect: BN002
    return keras.Model(inputs, layers.ReLU()(x))
