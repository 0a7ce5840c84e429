# runnable: build
from keras import backend as K
from keras.layers import Activation, BatchNormalization, Convolution2D, Dense, Flatten, Input
from keras.models import Model

if K.image_data_format() == 'channels_first':
    bn_axis = 1
else:
    bn_axis = -1


def build():
    inputs = Input((8, 8, 3))
    x = Convolution2D(8, (3, 3), use_bias=False)(inputs)
    x = BatchNormalization(axis=bn_axis)(x)
    x = Activation('relu')(x)
    x = Flatten()(x)
    x = Dense(64, use_bias=False)(x)
    x = BatchNormalization(axis=bn_axis)(x)
    x = Activation('relu')(x)
    return Model(inputs, x)
