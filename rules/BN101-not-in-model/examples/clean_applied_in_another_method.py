# runnable: build
import keras
from keras.layers import BatchNormalization, Conv2D, Layer, ReLU


class Encoder(Layer):
    def __init__(self, filters):
        super().__init__()
        self.conv = Conv2D(filters, 3, use_bias=False)
        self.bn = BatchNormalization()
        self.relu = ReLU()

    def _normalize(self, x):
        return self.relu(self.bn(x))

    def call(self, x):
        return self._normalize(self.conv(x))


def build():
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, Encoder(4)(inputs))
