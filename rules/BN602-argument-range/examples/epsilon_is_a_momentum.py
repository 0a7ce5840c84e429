# runnable: build
import keras
from keras import layers


def build(epsilon=0.99):
    inputs = keras.Input((8,))
    x = layers.Dense(16, use_bias=False)(inputs)
    x = layers.BatchNormalization(epsilon=epsilon)(x)  # expect: BN602
    return keras.Model(inputs, layers.ReLU()(x))
