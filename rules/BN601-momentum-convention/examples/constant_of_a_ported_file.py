# runnable: build
from keras import Input, Model, layers

BN_MOMENTUM = 0.01


def conv_bn(x, filters):
    x = layers.Conv2D(filters, 3, use_bias=False)(x)
    return layers.BatchNormalization(momentum=BN_MOMENTUM)(x)  # expect: BN601


def build():
    inputs = Input((16, 16, 3))
    x = layers.ReLU()(conv_bn(inputs, 4))
    return Model(inputs, layers.Conv2D(2, 1)(x))
