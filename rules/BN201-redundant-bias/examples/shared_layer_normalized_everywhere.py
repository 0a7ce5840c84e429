# A siamese tower: the same Dense for two inputs, each result normalized.
# runnable: build
import keras
from keras import layers


def build():
    left, right = keras.Input((6,)), keras.Input((6,))
    embed = layers.Dense(8)  # expect: BN201
    a = layers.BatchNormalization()(embed(left))
    b = layers.BatchNormalization()(embed(right))
    return keras.Model([left, right], layers.Dot(axes=1)([a, b]))
