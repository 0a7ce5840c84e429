# runnable: build
import keras
from keras import layers


class Projection(layers.Layer):
    def build(self, input_shape):
        self.proj = layers.Dense(input_shape[-1])  # expect: BN201
        self.norm = layers.BatchNormalization()
        super().build(input_shape)

    def call(self, x):
        return keras.ops.relu(self.norm(self.proj(x)))


def build():
    inputs = keras.Input((6,))
    return keras.Model(inputs, Projection()(inputs))
