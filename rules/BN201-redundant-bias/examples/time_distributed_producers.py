# runnable: build
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, Input, TimeDistributed
from keras.models import Model


def build():
    clip = Input((3, 6, 6, 2))
    x = TimeDistributed(Conv2D(4, (3, 3)))(clip)  # expect: BN201
    x = BatchNormalization()(x)
    x = Activation('relu')(x)
    x = TimeDistributed(Flatten())(x)
    x = TimeDistributed(Dense(5))(x)  # expect: BN201
    x = BatchNormalization()(x)
    x = Activation('relu')(x)
    return Model(clip, x)
