# runnable: build
from keras import backend as K
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, Input
from keras.models import Model


def _bn_relu(x):
    return Activation("relu")(BatchNormalization(axis=CHANNEL_AXIS)(x))


def _conv_bn_relu(**conv_params):
    padding = conv_params.setdefault("padding", "same")

    def f(x):
        conv = Conv2D(filters=conv_params["filters"], kernel_size=3, padding=padding)(x)  # expect: BN201
        return _bn_relu(conv)

    return f


def _set_channel_axis():
    global CHANNEL_AXIS
    CHANNEL_AXIS = 3 if K.image_data_format() == "channels_last" else 1


class Builder(object):
    @staticmethod
    def build(input_shape, classes):
        _set_channel_axis()
        inputs = Input(input_shape)
        x = _conv_bn_relu(filters=16)(inputs)
        return Model(inputs, Dense(classes)(Flatten()(x)))


def build():
    return Builder.build((8, 8, 3), 2)
