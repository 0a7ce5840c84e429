# One question decides about the bias and about the normalization.
# runnable: build
import keras
from keras import layers


class Unit(layers.Layer):
    def __init__(self, width, options=None):
        super().__init__()
        plain = not hasattr(options, "scaling")
        self.dense = layers.Dense(width, use_bias=plain)  # expect: BN201
        self.after = layers.Rescaling(2.0) if hasattr(options, "scaling") else layers.BatchNormalization()

    def call(self, x):
        return keras.ops.relu(self.after(self.dense(x)))


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Unit(4)(inputs))
