# runnable: build
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, Input
from keras.models import Sequential


def build():
    net = Sequential(name='small')
    net.add(Input((6, 6, 1)))
    net.add(Conv2D(4, (3, 3)))  # expect: BN201
    net.add(Flatten())
    net.add(BatchNormalization())
    net.add(Activation('relu'))
    net.add(Dense(1))
    return net
