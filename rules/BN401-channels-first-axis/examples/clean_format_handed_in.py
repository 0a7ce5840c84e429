# With an unknown data format the default axis is presumed right.
# not runnable: the format comes from outside
from keras import layers


def block(x, filters, data_format):
    x = layers.Conv2D(filters, 3, data_format=data_format, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)
