# runnable: build
from keras.layers import *
from keras.models import Model


def build():
    i = Input((6,))
    x = Activation('relu')(BatchNormalization()(Dense(4, use_bias=False)(i)))
    x = (BatchNormalization(name='second'))(Dense(4, use_bias=False)(x))
    return Model(i, x)
