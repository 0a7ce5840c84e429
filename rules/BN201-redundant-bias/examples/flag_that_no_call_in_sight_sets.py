# not runnable: nothing here sets the flags
import keras
from keras import layers


class Unit(layers.Layer):
    def __init__(self, units, normalize=None):
        super().__init__()
        self.dense = layers.Dense(units)  # expect: BN201 when normalize is true
        self.norm = layers.BatchNormalization() if normalize else layers.Identity()

    def call(self, inputs):
        return keras.ops.relu(self.norm(self.dense(inputs)))


def separable(x, filters, with_norm=False):
    x = layers.SeparableConv2D(filters, 3)(x)  # expect: BN201 when with_norm is true
    if with_norm:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((8, 8, 3))
    x = separable(separable(inputs, 4), 4)
    return keras.Model(inputs, Unit(2)(layers.Flatten()(x)))
