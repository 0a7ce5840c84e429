# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((4,))
    x = layers.Dense(4)(inputs)  # noqa: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dense(  # old checkpoints carry this bias
        4,
        name="legacy",
    )(x)  # bnlint: ignore[BN201]
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    layers.BatchNormalization()  # bnlint: ignore[BN101]
    return keras.Model(inputs, x)
