# runnable: build
from keras import Input, Model, layers
from keras.layers import BatchNormalization as BN


def build():
    inputs = Input((8,))
    x = layers.Dense(16)(inputs)  # expect: BN201
    x = BN()(x)
    return Model(inputs, layers.ReLU()(x))
