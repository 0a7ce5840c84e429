# runnable: build
from keras import Input, Model, layers


def build():
    norm = layers.BatchNormalization()  # expect: BN506
    inputs = Input((16, 16, 3))
    x = layers.Conv2D(8, 3, use_bias=False)(inputs)
    x = layers.ReLU()(norm(x))
    x = layers.Conv2D(8, 3, use_bias=False)(x)
    x = layers.ReLU()(norm(x))
    return Model(inputs, layers.Conv2D(2, 1)(x))
