# runnable: build
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, filters, data_format="channels_first"):
        super().__init__()
        self.conv = layers.Conv2D(filters, 3, data_format=data_format)
        self.bn = layers.BatchNormalization()  # expect: BN401
        self.act = layers.ReLU()

    def call(self, x):
        return self.act(self.bn(self.conv(x)))


def build():
    inputs = keras.Input((3, 8, 8))
    return keras.Model(inputs, Block(4)(inputs))
