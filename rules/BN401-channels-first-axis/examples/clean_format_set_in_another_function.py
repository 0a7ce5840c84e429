# Nobody runs the one before the other: the layers of `default` have the default format.
# not runnable: it would set the data format for every other example
from keras import Input, Model, layers
from keras import backend as K


def as_channels_first(filters):
    K.set_image_data_format("channels_first")
    inputs = Input((3, 24, 24))
    x = layers.Conv2D(filters, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(axis=1)(x)
    return Model(inputs, layers.ReLU()(x))


def default(filters):
    inputs = Input((24, 24, 3))
    x = layers.Conv2D(filters, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
