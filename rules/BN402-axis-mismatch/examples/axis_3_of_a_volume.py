# Copied from the two-dimensional net: a volume has its channels on axis 4.
# runnable: build
import tensorflow as tf
from tensorflow.keras import layers

BN_AXIS = 3


def build():
    volume = tf.keras.Input((6, 6, 6, 1))
    x = layers.Conv3D(4, 3, padding="same")(volume)
    x = layers.BatchNormalization(axis=BN_AXIS)(x)  # expect: BN402
    x = layers.Activation("relu")(x)
    return tf.keras.Model(volume, x)
