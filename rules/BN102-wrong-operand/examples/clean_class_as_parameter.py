# runnable: build
import keras
from keras import layers


def block(x, units, norm_layer=layers.BatchNormalization):
    x = layers.Dense(units, use_bias=False)(x)
    x = norm_layer()(x)
    return layers.ReLU()(x)


def build():
    inputs = keras.Input((6,))
    x = block(inputs, 8)
    x = block(x, 4, norm_layer=layers.LayerNormalization)
    return keras.Model(inputs, x)
