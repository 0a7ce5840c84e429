# The base class builds and applies; the subclass names the convolution.
# runnable: build
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.conv = self.make_conv(filters)
        self.bn = layers.BatchNormalization()

    def make_conv(self, filters):
        raise NotImplementedError

    def call(self, x):
        return keras.ops.relu(self.bn(self.conv(x)))


class PlainBlock(Block):
    def make_conv(self, filters):
        return layers.Conv2D(filters, 3)  # expect: BN201


class LeanBlock(Block):
    def make_conv(self, filters):
        return layers.Conv2D(filters, 3, use_bias=False)


def build():
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, LeanBlock(4)(PlainBlock(4)(inputs)))
