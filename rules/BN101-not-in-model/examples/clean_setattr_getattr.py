# runnable: build
import tensorflow as tf
from tensorflow.keras import layers


class Stack(tf.keras.layers.Layer):
    def __init__(self, depth=3, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth
        for i in range(depth):
            setattr(self, f"dense_{i}", layers.Dense(4, use_bias=False))
            setattr(self, "bn_%d" % i, layers.BatchNormalization())

    def call(self, x):
        for i in range(self.depth):
            x = getattr(self, f"dense_{i}")(x)
            x = tf.nn.relu(getattr(self, "bn_%d" % i)(x))
        return x


def build():
    inputs = tf.keras.Input((6,))
    return tf.keras.Model(inputs, Stack()(inputs))
