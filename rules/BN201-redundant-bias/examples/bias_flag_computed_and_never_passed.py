# runnable: build
import keras
from keras import layers


def conv_block(x, filters, batch_norm=True):
    bias_flag = not batch_norm
    x = layers.Conv2D(filters, 3, padding="same")(x)  # expect: BN201 when batch_norm is true
    if batch_norm:
        x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def build(batch_norm=True):
    inputs = keras.Input((8, 8, 3))
    x = conv_block(inputs, 4, batch_norm)
    return keras.Model(inputs, x)
