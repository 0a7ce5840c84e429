# runnable: build
import keras
from keras import layers

conv_params = {"padding": "same", "use_bias": False}


def common(**overrides):
    params = dict(kernel_initializer="he_normal", use_bias=False)
    params.update(overrides)
    return params


def build():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, **conv_params)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(4, 3, **common(strides=2))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
