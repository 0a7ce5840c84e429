# runnable: build
from keras import Input, Model, layers


def conv(x, use_bias, bias_regularizer):
    return layers.Conv2D(4, 3, use_bias=use_bias, bias_regularizer=bias_regularizer)(x)


def build():
    inputs = Input((8, 8, 3))
    x = conv(inputs, use_bias=False, bias_regularizer="l2")
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
