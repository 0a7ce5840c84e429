# runnable: build
from keras import Input, Model, layers, regularizers


def build():
    inputs = Input((8, 8, 3))
    x = layers.Conv2D(  # expect: BN202
        4, 3, use_bias=False, bias_regularizer=regularizers.L2(1e-4)
    )(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
