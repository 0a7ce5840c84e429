# runnable: build
from keras.layers import Activation, BatchNormalization, Dense, Input
from keras.models import Model


def build():
    inputs = Input((16,))
    x = Dense(1024, name='fc')(inputs)  # expect: BN201
    x = BatchNormalization()(x)
    x = Activation('relu')(x)
    return Model(inputs, x)
