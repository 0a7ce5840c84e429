# runnable: build
import keras
from keras import layers

kinds = ["relu", "tanh"]


def build(*, kind: str | None = None):
    inputs = keras.Input((4,))
    if (n := len(kinds)) > 1:
        x = layers.Dense(n, use_bias=False)(inputs)
    x = layers.BatchNormalization(name=f"bn_{n!r:>02}")(x)
    match kind:
        case None:
            return keras.Model(inputs, x)
        case str(name):
            return keras.Model(inputs, layers.Activation(name)(x))
