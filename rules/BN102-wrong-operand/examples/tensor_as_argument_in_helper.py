# not runnable: Keras refuses the axis
import tensorflow as tf


def dense_block(x, units):
    x = tf.keras.layers.Dense(units)(x)
    x = tf.keras.layers.BatchNormalization(x)  # expect: BN102
    return x


inputs = tf.keras.Input((10,))
outputs = dense_block(inputs, 4)
