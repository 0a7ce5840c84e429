# runnable: build
from keras.layers import *
from keras.models import Model


def build():
    i = Input(shape=(8, 8, 3))
    o = Activation('relu')(BatchNormalization()(Conv2D(4, (3, 3), padding='same')(i)))  # expect: BN201
    return Model(i, o)
