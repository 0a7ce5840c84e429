# The layer is applied, but what it returns is thrown away: the next line reads the old x.
# runnable: build
import tensorflow as tf


def block(x, filters):
    x = tf.keras.layers.Conv2D(filters, 3, padding="same")(x)
    tf.keras.layers.BatchNormalization()(x)  # expect: BN101
    return tf.keras.layers.ReLU()(x)


def build():
    inputs = tf.keras.Input((8, 8, 3))
    x = block(inputs, 4)
    x = block(x, 8)
    return tf.keras.Model(inputs, x)
