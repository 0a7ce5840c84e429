# The bias differs from position to position, so the mean over positions leaves a part of it.
# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((5, 6))
    x = layers.EinsumDense("abc,cd->abd", output_shape=(5, 8), bias_axes="bd")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return keras.Model(inputs, x)
