# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((8,))
    x = layers.Dense(4, use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.Dense(4, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.5)(x)
    return Model(inputs, layers.ReLU()(x))
