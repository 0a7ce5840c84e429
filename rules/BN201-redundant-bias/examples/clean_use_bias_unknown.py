# What the caller passes may well be False.
# not runnable: the arguments come from outside
from keras import layers


def block(x, filters, conv_args, bias):
    x = layers.Conv2D(filters, 3, **conv_args)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, use_bias=bias)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)
