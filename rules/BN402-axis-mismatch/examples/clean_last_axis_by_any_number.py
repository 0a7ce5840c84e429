# runnable: build
import keras
from keras import layers


def build():
    image, volume, steps = keras.Input((8, 8, 3)), keras.Input((6, 6, 6, 1)), keras.Input((9, 4))
    a = layers.BatchNormalization(axis=3)(layers.Conv2D(4, 3, use_bias=False)(image))
    b = layers.BatchNormalization(axis=4)(layers.Conv3D(4, 3, use_bias=False)(volume))
    c = layers.BatchNormalization(axis=2)(layers.Conv1D(4, 3, use_bias=False)(steps))
    return keras.Model([image, volume, steps], [a, b, c])
