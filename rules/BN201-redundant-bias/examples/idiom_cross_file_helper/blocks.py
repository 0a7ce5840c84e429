from keras import layers

from settings import FILTERS


def conv_bn(x, filters):
    x = layers.Conv2D(filters, 3)(x)  # expect: BN201
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def stem(x):
    x = layers.Conv2D(FILTERS, 3, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)
