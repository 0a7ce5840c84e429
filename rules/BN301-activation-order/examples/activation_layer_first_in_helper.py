# runnable: build
from keras.layers import Activation, BatchNormalization, Convolution2D, Input
from keras.models import Model


def conv_relu_bn(inputs, filters):
    return BatchNormalization()(Activation('relu')(Convolution2D(filters, (3, 3), padding='same')(inputs)))  # expect: BN301


def build():
    inputs = Input((8, 8, 3))
    return Model(inputs, conv_relu_bn(inputs, 4))
