# The one positional argument is an axis, known or not.
# runnable: build
from keras import Input, Model, backend as K
from keras.layers import BatchNormalization, Conv2D, ReLU

bn_axis = 3 if K.image_data_format() == "channels_last" else 1


def block(x, axis):
    x = Conv2D(4, 3, use_bias=False)(x)
    x = BatchNormalization(axis)(x)
    return ReLU()(x)


def build():
    inputs = Input((8, 8, 3))
    x = BatchNormalization(bn_axis)(inputs)
    return Model(inputs, block(x, bn_axis))
