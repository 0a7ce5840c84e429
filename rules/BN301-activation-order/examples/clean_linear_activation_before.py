# runnable: build
import keras
from keras.layers import Activation, BatchNormalization, Dense, Input, ReLU


def build():
    inputs = Input((6,))
    x = Dense(8, activation="linear", use_bias=False)(inputs)
    x = BatchNormalization()(x)
    x = ReLU()(x)
    x = Activation("linear")(Dense(8, use_bias=False)(x))
    x = BatchNormalization()(x)
    return keras.Model(inputs, ReLU()(x))
