# runnable: build
from keras import backend as K
from keras.layers import BatchNormalization, Convolution2D, Input
from keras.models import Model


def conv2d_bn(x, nb_filter, num_row, num_col, padding='same', strides=(1, 1)):
    if K.image_data_format() == 'channels_first':
        bn_axis = 1
    else:
        bn_axis = -1
    x = Convolution2D(nb_filter, (num_row, num_col), strides=strides, activation='relu', padding=padding)(x)
    x = BatchNormalization(axis=bn_axis)(x)  # expect: BN301
    return x


def build():
    inputs = Input((8, 8, 3))
    x = conv2d_bn(inputs, 4, 3, 3, strides=(2, 2))
    x = conv2d_bn(x, 8, 1, 1)
    return Model(inputs, x)
