# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((5, 6))
    x = layers.EinsumDense("abc,cd->abd", output_shape=(None, 8), bias_axes="d")(inputs)  # expect: BN201
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.EinsumDense("abc,cd->abd", output_shape=(None, 4))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, x)
