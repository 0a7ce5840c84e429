# The helper that many backbones share, with the activation behind the normalization.
# runnable: build
from keras import backend, layers, models


def conv2d_bn(x, filters, num_row, num_col, padding='same', strides=(1, 1), name=None):
    if name is not None:
        bn_name = name + '_bn'
        conv_name = name + '_conv'
    else:
        bn_name = None
        conv_name = None
    if backend.image_data_format() == 'channels_first':
        bn_axis = 1
    else:
        bn_axis = 3
    x = layers.Convolution2D(filters, (num_row, num_col), strides=strides, padding=padding, name=conv_name)(x)  # expect: BN201
    x = layers.BatchNormalization(axis=bn_axis, name=bn_name)(x)
    x = layers.Activation('relu', name=name)(x)
    return x


def build():
    img_input = layers.Input((16, 16, 3))
    x = conv2d_bn(img_input, 8, 3, 3, strides=(2, 2), padding='valid', name='stem')
    x = conv2d_bn(x, 8, 1, 1)
    return models.Model(img_input, x)
