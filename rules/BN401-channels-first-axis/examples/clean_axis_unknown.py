# not runnable: the axis comes from outside
from keras import layers


def block(x, filters, bn_axis, data_format):
    x = layers.Conv2D(filters, 3, data_format=data_format, use_bias=False)(x)
    x = layers.BatchNormalization(axis=bn_axis)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, data_format="channels_first", use_bias=False)(x)
    return layers.BatchNormalization(axis=bn_axis)(x)
