# runnable: build
import keras
from keras import layers


class ConvBlock(layers.Layer):
    def __init__(self, filters, kernel_size=3, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(filters, kernel_size, padding="same")  # expect: BN201
        self.bn = layers.BatchNormalization()
        self.act = layers.ReLU()

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        x = self.bn(x, training=training)
        return self.act(x)


def build():
    inputs = keras.Input((8, 8, 3))
    x = ConvBlock(4)(inputs)
    x = ConvBlock(8, kernel_size=1)(x)
    return keras.Model(inputs, x)
