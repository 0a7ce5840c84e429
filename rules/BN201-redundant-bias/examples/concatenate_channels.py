# runnable: build
from keras.layers import Activation, BatchNormalization, Conv2D, Input, concatenate
from keras.models import Model


def build():
    inp = Input((8, 8, 3))
    b1 = Conv2D(4, (1, 1), padding='same')(inp)  # expect: BN201
    b3 = Conv2D(4, (3, 3), padding='same')(inp)  # expect: BN201
    b5 = Conv2D(4, (5, 5), padding='same')(inp)  # expect: BN201
    x = concatenate([b1, b3, b5], axis=-1)
    x = BatchNormalization()(x)
    return Model(inp, Activation('relu')(x))
