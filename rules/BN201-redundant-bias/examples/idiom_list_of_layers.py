# runnable: build
import keras
from keras import layers


def block(units):
    return [layers.Dense(units), layers.BatchNormalization(), layers.ReLU()]  # expect: BN201


def build():
    inputs = keras.Input((6,))
    x = inputs
    for layer in block(8) + block(4):
        x = layer(x)
    return keras.Model(inputs, x)
