# runnable: build
import keras
from keras import layers


def build():
    left, right = keras.Input((6,)), keras.Input((6,))
    embed = layers.Dense(8)
    a = layers.BatchNormalization()(embed(left))
    b = layers.ReLU()(embed(right))
    return keras.Model([left, right], layers.Dot(axes=1)([a, b]))
