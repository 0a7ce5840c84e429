# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((5,))
    x = layers.Dense(12)(inputs)
    x = layers.Reshape((4, 3))(x)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x))
