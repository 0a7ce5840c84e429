# runnable: build
import tensorflow as tf
from tensorflow.keras.layers import *


def bn_relu(x):
    x = BatchNormalization()(x)
    return ReLU()(x)


def build():
    inputs = Input(shape=(12, 12, 4))
    x = bn_relu(Conv2D(8, 3, strides=2)(inputs))  # expect: BN201
    x = bn_relu(Conv2D(8, (3, 3), groups=4, padding="same")(x))  # expect: BN201
    x = bn_relu(DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x))  # expect: BN201
    x = bn_relu(SeparableConv2D(filters=6, kernel_size=3, padding="same")(x))  # expect: BN201
    x = bn_relu(Conv2DTranspose(4, kernel_size=4, strides=2, padding="same")(x))  # expect: BN201
    return tf.keras.Model(inputs=inputs, outputs=x)
