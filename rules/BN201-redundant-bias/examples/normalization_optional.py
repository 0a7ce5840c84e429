# runnable: build
import keras
from keras import layers


def dense_block(x, units, use_bn):
    x = layers.Dense(units)(x)  # expect: BN201 when use_bn is true
    if use_bn:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def build(use_bn=True):
    inputs = keras.Input((6,))
    x = dense_block(inputs, 8, use_bn)
    return keras.Model(inputs, layers.Dense(1)(x))
