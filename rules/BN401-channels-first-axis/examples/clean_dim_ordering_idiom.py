# The Keras 1 form of the idiom.
# not runnable: Keras 1
from keras import backend as K
from keras.layers import Activation, Convolution2D
from keras.layers.normalization import BatchNormalization


def conv_bn(x, nb_filter):
    if K.image_dim_ordering() == 'th':
        bn_axis = 1
    else:
        bn_axis = 3
    x = Convolution2D(nb_filter, 3, 3, border_mode='same', bias=False)(x)
    x = BatchNormalization(axis=bn_axis)(x)
    return Activation('relu')(x)
