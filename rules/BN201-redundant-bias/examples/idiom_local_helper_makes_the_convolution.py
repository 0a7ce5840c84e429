# runnable: build
import keras
from keras import layers


def conv3x3(x, filters, stride=1):
    return layers.Conv2D(filters, 3, strides=stride, padding="same")(x)  # expect: BN201


def build():
    inputs = keras.Input((8, 8, 3))
    x = conv3x3(inputs, 4, stride=2)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = conv3x3(x, 8)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
