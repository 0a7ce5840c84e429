# runnable: build
import keras
from keras import layers  # noqa: E402


def build():
    inputs = keras.Input((4,))  # noqa: F841
    x = layers.Dense(4, use_bias=False)(inputs)  # noqa
    x = layers.BatchNormalization()(x)  # noqa: E501,W503
    text = "# noqa: BN201 inside a string is no comment"
    return keras.Model(inputs, layers.ReLU(name="out")(x))
