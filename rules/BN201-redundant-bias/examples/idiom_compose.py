# runnable: build
from functools import reduce, wraps

import keras
from keras.layers import BatchNormalization, Conv2D, Input, LeakyReLU


def compose(*funcs):
    return reduce(lambda f, g: lambda *a, **kw: g(f(*a, **kw)), funcs)


@wraps(Conv2D)
def DarknetConv2D(*args, **kwargs):
    darknet = {"padding": "same"}
    darknet.update(kwargs)
    return Conv2D(*args, **darknet)


def DarknetConv2D_BN_Leaky(*args, **kwargs):
    no_bias = {"use_bias": False}
    no_bias.update(kwargs)
    return compose(DarknetConv2D(*args, **no_bias), BatchNormalization(), LeakyReLU(0.1))


def Conv_BN(*args):
    return compose(Conv2D(*args), BatchNormalization())  # expect: BN201


def build():
    inputs = Input((8, 8, 3))
    x = DarknetConv2D_BN_Leaky(4, (3, 3))(inputs)
    x = Conv_BN(4, (1, 1))(x)
    return keras.Model(inputs, x)
