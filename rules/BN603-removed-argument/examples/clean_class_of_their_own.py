# target-keras: 3
# runnable: build
from keras import Input, Model, layers


class Dense(layers.Dense):
    def __init__(self, units, init="he_normal", bias=True, **kwargs):
        super().__init__(units, kernel_initializer=init, use_bias=bias, **kwargs)


def build():
    inputs = Input((8,))
    x = Dense(4, init="he_uniform", bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))
