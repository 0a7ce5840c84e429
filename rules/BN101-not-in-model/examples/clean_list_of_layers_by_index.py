# runnable: build
import keras
from keras import layers


class Blocks(layers.Layer):
    def __init__(self, sizes):
        super().__init__()
        self.dense = []
        self.norms = []
        for size in sizes:
            self.dense.append(layers.Dense(size, use_bias=False))
            self.norms.append(layers.BatchNormalization())

    def call(self, x):
        for i in range(len(self.dense)):
            x = self.norms[i](self.dense[i](x))
            x = keras.ops.relu(x)
        return x


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Blocks([8, 4])(inputs))
