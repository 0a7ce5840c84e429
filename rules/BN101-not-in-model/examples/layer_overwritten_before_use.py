# runnable: build
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model


def build():
    inputs = Input((16,))
    x = Dense(8, activation='relu')(inputs)
    layer = BatchNormalization()  # expect: BN101
    layer = Dense(4)
    return Model(inputs, layer(x))
