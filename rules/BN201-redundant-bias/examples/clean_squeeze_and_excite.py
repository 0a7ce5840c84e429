# runnable: build
import tensorflow as tf
from tensorflow.keras import layers


def se_block(x, channels, ratio=2):
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(channels // ratio, 1, activation="relu")(s)
    s = layers.Conv2D(channels, 1, activation="sigmoid")(s)
    return layers.Multiply()([x, s])


def build():
    inputs = tf.keras.Input((8, 8, 4))
    x = se_block(inputs, 4)
    x = layers.Conv2D(8, 1, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return tf.keras.Model(inputs, x)
