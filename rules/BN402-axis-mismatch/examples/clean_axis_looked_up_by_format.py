# not runnable: imports a module that is not there
from somewhere.compat import image_data_format

from tensorflow.keras import Input, Model, layers


def build(height, width, channels):
    axis = {"channels_first": 1, "channels_last": 3}[image_data_format()]
    shape = (channels, height, width) if axis == 1 else (height, width, channels)
    inputs = Input(shape)
    x = layers.Conv2D(8, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=axis)(x)
    return Model(inputs, layers.ReLU()(x))
