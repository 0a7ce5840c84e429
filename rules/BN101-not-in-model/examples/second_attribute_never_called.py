# The fused block builds bn2 and its call only knows bn1.
# runnable: build
import keras
from keras import layers


class FusedBlock(layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.bn1 = layers.BatchNormalization()
        self.conv2 = layers.Conv2D(filters, 3, padding="same")
        self.bn2 = layers.BatchNormalization()  # expect: BN101
        self.act = layers.ReLU()

    def call(self, inputs):
        x = self.act(self.bn1(self.conv1(inputs)))
        return self.act(self.conv2(x))


def build():
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, FusedBlock(4)(inputs))
