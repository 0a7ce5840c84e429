# The block has no activation by default; the only ones that are built have one.
# not runnable: it builds no model
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.dense = layers.Dense(units, activation=activation)
        self.norm = layers.BatchNormalization()

    def call(self, x):
        return self.norm(self.dense(x))


class Net(keras.Model):
    def __init__(self, sizes):
        super().__init__()
        self.blocks = [Block(size, "relu") for size in sizes]

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return x
