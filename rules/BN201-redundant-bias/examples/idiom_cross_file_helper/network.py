# entry
# runnable: build
import keras

from blocks import conv_bn, stem


def build():
    inputs = keras.Input((8, 8, 3))
    x = stem(inputs)
    x = conv_bn(x, 8)
    return keras.Model(inputs, x)
