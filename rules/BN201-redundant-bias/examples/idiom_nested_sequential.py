# runnable: build
import tensorflow as tf
from tensorflow.keras import layers


def downsample(filters, size, apply_batchnorm=True):
    result = tf.keras.Sequential()
    result.add(layers.Conv2D(filters, size, strides=2, padding='same', use_bias=False))
    if apply_batchnorm:
        result.add(layers.BatchNormalization())
    result.add(layers.LeakyReLU())
    return result


def head(units):
    block = tf.keras.Sequential()
    block.add(layers.Dense(units))  # expect: BN201
    block.add(layers.BatchNormalization())
    return block


def build():
    inputs = layers.Input((8, 8, 3))
    x = downsample(4, 4, False)(inputs)
    x = downsample(8, 4)(x)
    x = head(5)(layers.Flatten()(x))
    return tf.keras.Model(inputs=inputs, outputs=x)
