# runnable: build
import keras
from keras import layers


def build():
    inputs = keras.Input((6,))
    x = layers.Dense(8, use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dense(8, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("sigmoid")(x)
    x = layers.Dense(8, use_bias=False)(x)
    x = layers.BatchNormalization()(x)  # expect: BN303
    x = layers.Activation("tanh")(x)
    return keras.Model(inputs, x)
