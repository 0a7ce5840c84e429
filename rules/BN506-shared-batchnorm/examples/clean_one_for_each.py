# runnable: build
from keras import Input, Model, layers


def build():
    inputs = Input((16, 16, 3))
    x = inputs
    for _ in range(2):
        x = layers.Conv2D(8, 3, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    return Model(inputs, layers.Conv2D(2, 1)(x))
