# target-keras: 3
# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
