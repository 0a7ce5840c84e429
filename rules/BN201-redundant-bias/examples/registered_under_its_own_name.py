# That an attribute refers to a layer under a name of its own does not apply it.
# runnable: build
import inspect

import keras
from keras import layers


class Chain(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.steps = [
            layers.Dense(width),  # expect: BN201
            layers.BatchNormalization(),
            layers.Activation("tanh"),
        ]
        for step in self.steps:
            setattr(self, f"step_{step.name}", step)

    def call(self, x, training=None):
        for step in self.steps:
            takes = "training" in inspect.signature(step.call).parameters
            x = step(x, training=training) if takes else step(x)
        return x


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, layers.Dense(2)(Chain(4)(inputs)))
