# runnable: build
import keras
from keras import layers


class Tower(layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = {
            "dense": layers.Dense(8, use_bias=False),
            "bn": layers.BatchNormalization(),
            "act": layers.ReLU(),
        }

    def call(self, x):
        for key in ("dense", "bn", "act"):
            x = self.parts[key](x)
        return x


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Tower()(inputs))
