# runnable: build
from keras.layers import Activation, BatchNormalization, Conv2D, Input
from keras.models import Model


def _conv_bn_relu(**conv_params):
    filters = conv_params["filters"]
    kernel_size = conv_params["kernel_size"]
    strides = conv_params.setdefault("strides", (1, 1))

    def f(input):
        conv = Conv2D(filters=filters, kernel_size=kernel_size, strides=strides)(input)  # expect: BN201
        return Activation("relu")(BatchNormalization(axis=3)(conv))

    return f


def build():
    inputs = Input((8, 8, 3))
    return Model(inputs, _conv_bn_relu(filters=4, kernel_size=(3, 3))(inputs))
