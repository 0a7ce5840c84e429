# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((16, 16, 3))
    x = layers.Conv2D(4, 3, use_bias=False)(inputs)
    x = layers.BatchNormalization(3, 0.99, 0.001)(x)
    return Model(inputs, layers.ReLU()(x))
