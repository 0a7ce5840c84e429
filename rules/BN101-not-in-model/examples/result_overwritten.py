# runnable: build
from keras import Input, Model, layers


def build():
    inp = Input(shape=(10,))
    h = layers.Dense(8)(inp)
    n = layers.BatchNormalization()(h)  # expect: BN101
    n = layers.Activation("relu")(h)
    return Model(inp, layers.Dense(1)(n))
