# runnable: build
import tensorflow as tf
from tensorflow.keras import layers


def residual(x, filters):
    y = layers.Conv2D(filters, 3, padding="same")(x)  # expect: BN201
    y = layers.BatchNormalization()(y)
    y = tf.keras.activations.relu(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)  # expect: BN201
    return tf.keras.activations.relu(layers.BatchNormalization()(x + y))


def build():
    inputs = tf.keras.Input((6, 6, 4))
    return tf.keras.Model(inputs, residual(inputs, 4))
